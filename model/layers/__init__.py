"""Streaming layers, subclasses of :class:`model.layers.streaming.Streaming`."""
