"""What a player can be asked to be, and where in the metre it is."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ANY_GROOVE", "AUTO_GROOVE", "Conditions", "LikelyGrooves", "Phase", "actual_groove"]

ANY_GROOVE = "any"
"""Groove of a player who is told none, and hedges between all it knows."""
AUTO_GROOVE = "auto"
"""Groove of a player for whom the likeliest of its model is chosen."""

LikelyGrooves = Mapping[str, tuple[str, ...]]
"""Grooves that suit unknown music, by stem, the likeliest first."""


def actual_groove(groove: str, stem: str, likely: LikelyGrooves) -> str:
    """Return the groove that is played where one is asked for.

    Args:
        groove: Asked for.
        stem: That plays it.
        likely: Of the model.

    Example:
        >>> likely = {"bass": ("pop", "latin")}
        >>> actual_groove("auto", "bass", likely), actual_groove("auto", "piano", likely)
        ('pop', 'any')
        >>> actual_groove("swing", "bass", likely)
        'swing'
    """
    if groove != AUTO_GROOVE:
        return groove
    return next(iter(likely.get(stem, ())), ANY_GROOVE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditions:
    """What a player is asked to be; may change between any two hops."""

    stem: str
    """One of the model's stem classes."""
    anticipation_hops: int = 2
    """Whole hops by which the stem runs ahead of what was heard; one of the model's.

    The players of a band look equally far ahead, so that what they play falls together: in a
    session the first player's holds for all, and so does its ``freeze``.
    """
    noise: float = 1.0
    """Scale of the noise that drives the generator; 0 is the most predictable take."""
    seed: int = 0
    """Names the take: same seed, same mix, same stem. 0..2**31 - 1."""
    groove: str = ANY_GROOVE
    """Feel to play with: ``auto``, ``any``, or one of the model's."""
    freeze: bool = False
    """Hear the last bars over and over instead of the mix; not the model's to know."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A place in the music's metre."""

    beat: float
    """How much of the beat has passed, 0 up to but without 1."""
    bar: float
    """How much of the bar has passed, likewise."""
    tempo_bpm: float
    """Beats per minute, above 0."""
    confidence: float = 1.0
    """How sure whoever keeps time is, 0..1; a transport, a clock and a player's taps are."""
