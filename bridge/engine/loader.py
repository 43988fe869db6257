"""Loaders that create a model, and optionally its beat tracker, in the engine process."""

from collections.abc import Callable

from bridge.protocols import BeatTracker, HopModel

__all__ = ["ModelLoader", "tracker_of"]

ModelLoader = Callable[[], HopModel]
"""Creates the model inside the engine process; must be picklable."""


def tracker_of(load: ModelLoader) -> BeatTracker | None:
    """Return the beat tracker a loader creates with its attribute ``load_tracker``, if any."""
    load_tracker: Callable[[], BeatTracker] | None = getattr(load, "load_tracker", None)
    return None if load_tracker is None else load_tracker()
