"""Scores of beat trackers by condition, and differences of two sets of weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from model.evaluation.tracker_scores import TRACKER, TRAINED, TrackerScore

__all__ = ["CONDITIONS", "DIFFERENCE", "by_condition", "differences", "less"]

DIFFERENCE = "difference"
"""System of the second weights' figures less those of the shipped ones."""
SLOW_BPM = 85.0
"""Below this songs are easily taken double."""


def _several(score: TrackerScore) -> bool:
    return not score.alone and len(score.heard) > 1


CONDITIONS: dict[str, Callable[[TrackerScore], bool]] = {
    "mixes with drums": lambda score: not score.alone and "drums" in score.heard,
    "mixes without drums": lambda score: not score.alone and "drums" not in score.heard,
    "mixes of several stems": _several,
    "one stem": lambda score: len(score.heard) == 1,
    "one stem, not drums": lambda score: len(score.heard) == 1 and score.heard != ("drums",),
    f"mixes below {SLOW_BPM:g} bpm": lambda s: not s.alone and s.tempo_bpm < SLOW_BPM,
    f"mixes from {SLOW_BPM:g} bpm on": lambda s: not s.alone and s.tempo_bpm >= SLOW_BPM,
}
"""What was heard, by name. One stem is a mix of no more, or the stem that a mix lacks."""


def by_condition(scores: Sequence[TrackerScore]) -> dict[str, list[TrackerScore]]:
    """Return the scores of every condition that occurs."""
    found = {name: [s for s in scores if holds(s)] for name, holds in CONDITIONS.items()}
    return {name: own for name, own in found.items() if own}


def differences(scores: Sequence[TrackerScore]) -> list[TrackerScore]:
    """Return the figures of the second weights minus those of the shipped ones, per sound.

    A figure that either lacks has no difference. None are returned where there are no second
    weights.
    """
    shipped = {_key(score): score.figures for score in scores if score.system == TRACKER}
    return [
        replace(
            score,
            system=DIFFERENCE,
            figures={
                name: less(value, shipped[_key(score)][name])
                for name, value in score.figures.items()
            },
        )
        for score in scores
        if score.system == TRAINED
    ]


def _key(score: TrackerScore) -> tuple[object, ...]:
    return score.song, score.stem_class, score.heard, score.start


def less(one: float | None, other: float | None) -> float | None:
    """Return a difference; None where either is unknown."""
    return None if one is None or other is None else one - other
