"""Composition of the control process of ``liveband run``."""
