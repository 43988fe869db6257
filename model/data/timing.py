"""From beats to seconds: swing, a tempo that breathes, and the hands of players."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.form import Plan
from model.data.midifile import Note

__all__ = ["beat_grid", "off_beat", "perform", "swung", "to_seconds"]

_DRIFTING_SHARE = 0.5
_STRAIGHT, _SWUNG = 0.5, 2 / 3


def off_beat(notes: Sequence[Note]) -> float:
    """Return where the off-beats fall within a beat: straight 1/2 or swung 2/3.

    Args:
        notes: Times in beats.
    """
    phases = np.array([note.start % 1 for note in notes])
    swung = int(np.sum(abs(phases - _SWUNG) < 0.05))
    straight = int(np.sum(abs(phases - _STRAIGHT) < 0.05))
    return _SWUNG if swung >= 8 and swung > 1.5 * straight else _STRAIGHT


def swung(beat: float, swing: float) -> float:
    """Return a straight position moved so that the middle of each beat falls on ``swing``.

    Example:
        >>> swung(3.5, swing=0.6), swung(4.0, swing=0.6)
        (3.6, 4.0)
    """
    whole, part = divmod(beat, 1)
    if part <= 0.5:
        return whole + part * 2 * swing
    return whole + swing + (part - 0.5) * 2 * (1 - swing)


def beat_grid(rng: Random, plan: Plan) -> NDArray[np.float64]:
    """Return the time in seconds of every MMA beat and of the end, shape ``(beats + 1,)``.

    Half the songs keep a strict tempo. That of the others wanders by about half a per cent a
    bar and stays within 3 %.
    """
    factor = 1.0
    drifting = rng.random() < _DRIFTING_SHARE
    lengths: list[float] = []
    for _ in range(plan.bars):
        if drifting:
            factor = min(1.03, max(0.97, factor + rng.gauss(0, 0.006)))
        lengths += [60 / (plan.mma_tempo * factor)] * plan.mma_beats
    return np.concatenate(([0.0], np.cumsum(lengths)))


def to_seconds(beats: NDArray[np.float64], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return times for positions in MMA beats, going on beyond the end at the last tempo.

    Args:
        beats: Positions, any shape.
        grid: What `beat_grid` returned.
    """
    last = len(grid) - 1
    beyond = np.maximum(beats - last, 0) * (grid[-1] - grid[-2])
    within: NDArray[np.float64] = np.interp(beats, np.arange(last + 1), grid)
    within += beyond
    return within


def perform(
    rng: Random, stem: str, notes: Sequence[Note], grid: NDArray[np.float64]
) -> list[Note]:
    """Return the notes at times in seconds, as hands would play them.

    A stem leans a little ahead or behind as a whole, notes scatter by a few milliseconds.

    Args:
        rng: Source of all deviations.
        stem: Stem class; drums keep better time.
        notes: Times in MMA beats.
        grid: What `beat_grid` returned.

    Returns:
        As many notes, ordered by onset.
    """
    lag = rng.gauss(0, 0.003)
    spread = 0.002 if stem == "drums" else 0.004
    starts = to_seconds(np.array([note.start for note in notes]), grid)
    ends = to_seconds(np.array([note.start + note.length for note in notes]), grid)
    performed = [
        replace(
            note,
            start=max(0.0, float(start) + lag + rng.gauss(0, spread)),
            length=max(0.02, float(end - start)),
            velocity=min(127, max(1, note.velocity + round(rng.gauss(0, 3)))),
        )
        for note, start, end in zip(notes, starts, ends, strict=True)
    ]
    return sorted(performed, key=lambda note: (note.start, note.pitch))
