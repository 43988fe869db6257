"""Sound files: the one way in and the one way out, for the model and for the bridge."""
