"""Remotes for other programs, generated from the parameter table."""
