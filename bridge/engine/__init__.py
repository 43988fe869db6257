"""Engine process: it runs the model, is supervised, and can hand over to another one."""
