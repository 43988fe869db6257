"""MIDI in and out: controllers move the controls, show their values, and give the beat."""
