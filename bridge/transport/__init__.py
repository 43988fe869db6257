"""Who keeps time: sources of the beat, and what a band does about them."""
