"""Open Sound Control server and client of the bridge, for Max, Pure Data, TouchOSC, shells."""
