"""Loaders of the engine process: they make a model, and the beat tracker that goes with it."""

from collections.abc import Callable

from bridge.protocols import BeatTracker, HopModel

__all__ = ["ModelLoader", "tracker_of"]

ModelLoader = Callable[[], HopModel]
"""Makes the model inside the engine process; must survive pickling."""


def tracker_of(load: ModelLoader) -> BeatTracker | None:
    """Return the beat tracker that a loader brings along; None where it brings none.

    A loader that brings one has an attribute ``load_tracker``, called without arguments.
    """
    load_tracker: Callable[[], BeatTracker] | None = getattr(load, "load_tracker", None)
    return None if load_tracker is None else load_tracker()
