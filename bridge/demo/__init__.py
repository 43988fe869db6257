"""The demo: a bridge plays to a bundled mix on a private JACK server, without hardware."""
