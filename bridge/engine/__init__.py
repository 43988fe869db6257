"""The engine process and its life: how it plays, who starts it, and who takes over from it."""
