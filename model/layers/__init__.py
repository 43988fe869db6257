"""Streaming layers: each one obeys :class:`model.streaming.Streaming`."""
