"""The memory that the audio thread, the engine and the control process have in common."""
