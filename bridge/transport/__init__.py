"""Sources of the beat, the choice among them, and reports of every beat."""
