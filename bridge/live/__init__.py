"""The running band: its players, its connection to the audio server, its ports."""
