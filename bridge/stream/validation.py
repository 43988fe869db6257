"""Checks of a model's rates and of the conditions it is asked to meet."""

from bridge.common.errors import ConfigError
from bridge.common.latency import HOPS_PER_SECOND
from bridge.protocols import BeatTracker, Conditions, HopModel
from model.formats.conditions import ANY_GROOVE, AUTO_GROOVE, unmet_condition

__all__ = ["check_conditions", "check_rates"]


def check_rates(model: HopModel, tracker: BeatTracker | None) -> None:
    """Refuse a model whose hop does not last 50 ms, and a tracker at another rate.

    Raises:
        ConfigError: The model's hop does not last 50 ms, or the rates differ.
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
    refusal = unmet_condition(
        conditions,
        stems=model.stems,
        anticipations=model.anticipations,
        grooves=(AUTO_GROOVE, ANY_GROOVE, *model.grooves),
        hop_rate_hz=HOPS_PER_SECOND,
    )
    if refusal:
        raise ConfigError(refusal)
