"""Remotes for other programs, made from the parameter table: patches, layouts, templates."""
