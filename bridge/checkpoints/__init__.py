"""Checkpoints: catalogue, loader, and the switching of models while the band plays."""
