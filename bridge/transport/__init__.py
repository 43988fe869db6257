"""The transport: sources of the beat, the choice among them, and news of every beat."""
