"""Open Sound Control: the bridge as seen from Max, Pure Data, TouchOSC or a shell."""
