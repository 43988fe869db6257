"""Errors, files, latency and process settings shared by every part of the bridge."""
