"""Streaming layers, subclasses of :class:`model.streaming.Streaming`."""
