"""Errors, files, latency and process settings that every part of the bridge may use."""
