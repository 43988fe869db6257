"""Programs for those who develop liveband; they are not installed with it."""
