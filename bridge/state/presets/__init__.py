"""Presets: starting values of the controls, kept in files under names of the player's."""
