"""MIDI input and output: bindings of controllers, feedback to them, and MIDI clock."""
