"""The demo: everything at once, on a private JACK server, without any hardware."""
