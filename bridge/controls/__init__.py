"""The one table of controls, and the values that may stand in it."""
