"""State kept for the user: presets, recordings, and banks filled from sound files."""
