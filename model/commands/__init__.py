"""The model's commands, one file a verb."""
