"""Sessions under NSM: announced, opened, saved, switched and ended."""
