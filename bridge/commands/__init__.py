"""What the `liveband` command can do, one module per verb."""
