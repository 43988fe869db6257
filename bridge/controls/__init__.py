"""Parameter table, control store, registry of services, and readings."""
