"""Long trials of the whole program on a private JACK server: ``python -m tools.trials``."""
