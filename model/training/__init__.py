"""Training of each network: one file a network, one process, logs as JSON lines."""
