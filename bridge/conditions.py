"""What a player can be asked to be, and where in the metre it is."""

from dataclasses import dataclass

__all__ = ["ANY_GROOVE", "Conditions", "Phase"]

ANY_GROOVE = "any"
"""Groove of a player who chooses for itself."""


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
    """Feel to play with: ``any``, or one of the model's."""
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
