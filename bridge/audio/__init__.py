"""Audio input and output: JACK, PortAudio, the native callback and shared memory."""
