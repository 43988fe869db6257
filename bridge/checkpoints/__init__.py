"""Checkpoints: which there are, how one is loaded, and how the one that plays is switched."""
