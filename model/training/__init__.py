"""Training of the networks: one module per network, one loop, logs as JSON lines."""
