"""Presets: values of the controls in files with names of the user's choice."""
