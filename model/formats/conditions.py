"""Conditions of a player and its place in the bar, as everyone states them.

The live program fills them in from its controls, evaluation from its tables; every accompanist
of :mod:`model` takes them as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "ANY_GROOVE",
    "AUTO_GROOVE",
    "Conditions",
    "LikelyGrooves",
    "Phase",
    "actual_groove",
    "unmet_condition",
]

ANY_GROOVE = "any"
"""Groove of a player who is told none, and hedges between all it knows."""
AUTO_GROOVE = "auto"
"""Groove of a player for whom one of the likely ones of its model is chosen, by its seed."""

LikelyGrooves = Mapping[str, tuple[str, ...]]
"""Grooves that suit unknown music, by stem, the likeliest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditions:
    """Conditions of one player; they may change between any two hops."""

    stem: str
    """One of the model's stem classes."""
    anticipation_hops: int = 2
    """Whole hops by which the stem runs ahead of what was heard; one of the model's.

    The players of a band look equally far ahead, so that what they play falls together: in a
    session the first player's holds for all, and so does its ``freeze``.
    """
    noise: float = 1.0
    """Scale of the noise that drives the generator, at least 0; 0 is the most predictable."""
    seed: int = 0
    """Names the take: same seed, same mix, same stem. 0..2**31 - 1."""
    groove: str = ANY_GROOVE
    """Feel to play with: ``auto``, ``any``, or one of the model's."""
    freeze: bool = False
    """Hear the last bars over and over instead of the mix. The live program sees to it; models
    do not read it."""


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
    """How sure the source is, 0..1; a transport, a clock and a player's taps are."""


def actual_groove(asked: Conditions, likely: LikelyGrooves) -> str:
    """Return the groove that is played: ``auto`` takes a likely one, by the seed of the take.

    Args:
        asked: Conditions, with any groove.
        likely: Of the model.

    Example:
        >>> from dataclasses import replace
        >>> likely = {"bass": ("pop", "latin")}
        >>> asked = Conditions(stem="bass", groove="auto")
        >>> [actual_groove(replace(asked, seed=seed), likely) for seed in (0, 1, 2)]
        ['pop', 'latin', 'pop']
        >>> actual_groove(replace(asked, groove="swing"), likely)
        'swing'
        >>> actual_groove(replace(asked, stem="piano"), likely)
        'any'
    """
    if asked.groove != AUTO_GROOVE:
        return asked.groove
    choice = likely.get(asked.stem, ())
    return choice[asked.seed % len(choice)] if choice else ANY_GROOVE


def unmet_condition(
    conditions: Conditions,
    *,
    stems: Sequence[str],
    anticipations: Sequence[int],
    grooves: Sequence[str],
    hop_rate_hz: float,
) -> str:
    """Return why a model cannot meet some conditions, in words; empty if it can.

    Args:
        conditions: To be met.
        stems: Stem classes of the model.
        anticipations: Of the model, in hops.
        grooves: That can be asked for, ``any`` and, where it is resolved, ``auto`` included.
        hop_rate_hz: Hops per second.

    Example:
        >>> choices = {"stems": ("drums", "bass"), "anticipations": (0, 2), "grooves": ("any",)}
        >>> unmet_condition(Conditions(stem="base"), **choices, hop_rate_hz=20.0)
        "unknown stem 'base': this model plays drums, bass; did you mean bass?"
        >>> unmet_condition(Conditions(stem="bass"), **choices, hop_rate_hz=20.0)
        ''
    """
    stem, hops, groove = conditions.stem, conditions.anticipation_hops, conditions.groove
    if stem not in stems:
        near = get_close_matches(stem.lower(), stems, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"unknown stem {stem!r}: this model plays {', '.join(stems)}{hint}"
    if hops not in anticipations:
        known = ", ".join(f"{each / hop_rate_hz:g}" for each in anticipations)
        asked = f"{hops / hop_rate_hz:g} s"
        return f"unknown anticipation {asked}: this model plays with {known} s"
    if groove not in grooves:
        return f"unknown groove {groove!r}: this model plays {', '.join(grooves)}"
    if not 0.0 <= conditions.noise < float("inf"):
        return f"noise must be 0 or more, got {conditions.noise:g}"
    if not 0 <= conditions.seed < 2**31:
        return f"the seed must lie in 0..{2**31 - 1}, got {conditions.seed}"
    return ""
