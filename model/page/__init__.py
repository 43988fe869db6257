"""Companion page: a static site with samples and figures of checkpoints."""
