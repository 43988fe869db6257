"""The running band: its players, its place on the audio server, its wires."""
