"""Memory shared by the audio thread, the engine and the control process."""
