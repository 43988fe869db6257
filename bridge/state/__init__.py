"""What a player keeps: presets, banks, prefills and recordings."""
