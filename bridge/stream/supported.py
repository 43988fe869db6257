"""Whether a model can play what it is asked to."""

import difflib

from bridge.common.errors import ConfigError
from bridge.common.latency import HOPS_PER_SECOND
from bridge.protocols import ANY_GROOVE, AUTO_GROOVE, BeatTracker, Conditions, HopModel

__all__ = ["check_conditions", "check_rates"]


def check_rates(model: HopModel, tracker: BeatTracker | None) -> None:
    """Refuse a model whose hop does not last 50 ms, and a tracker at another rate.

    Raises:
        ConfigError: It is one of them.
    """
    if model.hop * HOPS_PER_SECOND != model.sample_rate:
        raise ConfigError(
            f"a model's hop must last 50 ms, got {model.hop} frames at {model.sample_rate} Hz"
        )
    if tracker is not None and tracker.sample_rate != model.sample_rate:
        raise ConfigError(
            f"the beat tracker listens at {tracker.sample_rate} Hz, {model.name} plays at "
            f"{model.sample_rate} Hz; play it without the tracker"
        )


def check_conditions(model: HopModel, conditions: Conditions) -> None:
    """Refuse conditions that a model cannot meet, naming what it can.

    Raises:
        ConfigError: It does not know the stem, the anticipation or the groove, or the noise or
            the seed is out of range.
    """
    if conditions.stem not in model.stems:
        near = difflib.get_close_matches(conditions.stem.lower(), model.stems, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ConfigError(
            f"unknown stem {conditions.stem!r}: this model plays {', '.join(model.stems)}{hint}"
        )
    if conditions.anticipation_hops not in model.anticipations:
        known = ", ".join(f"{hops / HOPS_PER_SECOND:g}" for hops in model.anticipations)
        raise ConfigError(
            f"unknown anticipation {conditions.anticipation_hops / HOPS_PER_SECOND:g} s: "
            f"this model plays with {known} s"
        )
    grooves = (AUTO_GROOVE, ANY_GROOVE, *model.grooves)
    if conditions.groove not in grooves:
        known = ", ".join(grooves)
        raise ConfigError(f"unknown groove {conditions.groove!r}: this model plays {known}")
    if not 0.0 <= conditions.noise < float("inf"):
        raise ConfigError(f"noise must be 0 or more, got {conditions.noise:g}")
    if not 0 <= conditions.seed < 2**31:
        raise ConfigError(f"the seed must lie in 0..{2**31 - 1}, got {conditions.seed}")
