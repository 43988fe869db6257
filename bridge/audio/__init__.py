"""Ways for audio to get in and out: JACK, a sound device, a file."""
