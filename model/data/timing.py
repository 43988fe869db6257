"""Timing of notes: swing, tempo drift, deviations of human players, beginning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.midifile import Note

__all__ = [
    "beat_grid",
    "draw_entry",
    "draw_swing",
    "off_beat",
    "perform",
    "reswing",
    "swung",
    "timed",
    "to_seconds",
    "wander",
]

_DRIFTING_SHARE = 0.6
_DRIFT, _DRIFT_LIMIT = 0.007, 0.03
"""Deviation of a bar's tempo from the last, and the most it strays from the song's."""
_STRAIGHT, _SWUNG = 0.5, 2 / 3
_LOOSE_SHARE = 0.25
_LAG_S = 0.004
_MEMORY = 0.7
"""How much of a player's lateness stays until the next onset."""
_HANDS_S = {"drums": (0.001, 0.006), "bass": (0.002, 0.009)}
_OTHER_HANDS_S = (0.003, 0.012)
"""Deviation of onsets; every player of every song has their own."""
_FINGERS = 0.3
"""Share of it that notes of one chord do not have in common."""
_SILENT_SHARE, _SILENCE_S, _CUT_S = 0.4, 2.0, 8.0


def off_beat(notes: Sequence[Note]) -> float:
    """Return where the off-beats fall within a beat: straight 1/2 or swung 2/3.

    Args:
        notes: Times in beats.
    """
    phases = np.array([note.start % 1 for note in notes])
    swung = int(np.sum(abs(phases - _SWUNG) < 0.05))
    straight = int(np.sum(abs(phases - _STRAIGHT) < 0.05))
    return _SWUNG if swung >= 8 and swung > 1.5 * straight else _STRAIGHT


def draw_swing(rng: Random, written: float, tempo_bpm: float) -> float:
    """Return where off-beats written at 1/2 or 2/3 are to be played.

    Swing is straighter the faster the song. Most straight songs stay straight, some lean.

    Args:
        rng: Source of all choices.
        written: What `off_beat` found.
        tempo_bpm: Felt beats per minute.
    """
    if written == _STRAIGHT:
        return rng.uniform(0.5, 0.56) if rng.random() < _LOOSE_SHARE else _STRAIGHT
    haste = min(1.0, max(0.0, (tempo_bpm - 100) / 100))
    return min(0.72, max(0.55, rng.gauss(0.67 - 0.07 * haste, 0.015)))


def swung(beat: float, swing: float, written: float = _STRAIGHT) -> float:
    """Return a position moved so that the off-beat at ``written`` falls on ``swing``.

    Example:
        >>> swung(3.5, swing=0.6), swung(4.0, swing=0.6)
        (3.6, 4.0)
    """
    whole, part = divmod(beat, 1)
    if part <= written:
        return whole + part / written * swing
    return whole + swing + (part - written) / (1 - written) * (1 - swing)


def reswing(notes: Sequence[Note], swing: float, written: float) -> list[Note]:
    """Return the notes with onsets and ends moved by `swung`; times in beats."""
    moved = []
    for note in notes:
        start = swung(note.start, swing, written)
        end = swung(note.start + note.length, swing, written)
        moved.append(replace(note, start=start, length=end - start))
    return moved


def beat_grid(rng: Random, *, beats: int, bar: int, tempo_bpm: float) -> NDArray[np.float64]:
    """Return the time in seconds of every beat and of the end, shape ``(beats + 1,)``.

    Args:
        rng: Source of all choices.
        beats: How many.
        bar: Beats in a bar.
        tempo_bpm: Of the same beats.
    """
    lengths = np.full(beats, 60 / tempo_bpm)
    return np.concatenate(([0.0], np.cumsum(wander(rng, lengths, bar))))


def wander(rng: Random, lengths: NDArray[np.float64], bar: int) -> NDArray[np.float64]:
    """Return beat lengths: constant in four songs of ten, else drifting.

    A straying tempo changes by about 0.7 % a bar and stays within 3 % of its own.

    Args:
        rng: Source of all choices.
        lengths: Length of every beat, any unit, shape ``(beats,)``.
        bar: Beats in a bar.
    """
    if rng.random() >= _DRIFTING_SHARE:
        return lengths
    factor, factors = 1.0, []
    for _ in range(0, len(lengths), bar):
        factor += rng.gauss(0, _DRIFT)
        factor = min(1 + _DRIFT_LIMIT, max(1 - _DRIFT_LIMIT, factor))
        factors += [factor] * bar
    return np.divide(lengths, factors[: len(lengths)], dtype=np.float64)


def to_seconds(beats: NDArray[np.float64], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return times for positions in beats, extrapolated at the last tempo.

    Args:
        beats: Positions, any shape.
        grid: Time of beats 0, 1, 2..., in seconds.
    """
    last = len(grid) - 1
    beyond = np.maximum(beats - last, 0) * (grid[-1] - grid[-2])
    within: NDArray[np.float64] = np.interp(beats, np.arange(last + 1), grid)
    within += beyond
    return within


def perform(
    rng: Random, stem: str, notes: Sequence[Note], grid: NDArray[np.float64]
) -> list[Note]:
    """Return the notes at times in seconds, with deviations as of human players.

    A stem leans a little ahead or behind as a whole. Its onsets deviate by some
    milliseconds, a late one often being followed by another; notes of a chord deviate
    together, and a little each.

    Args:
        rng: Source of all deviations.
        stem: Stem class; drums and bass keep better time.
        notes: Times in beats, in any order.
        grid: Time of beats 0, 1, 2..., in seconds.

    Returns:
        As many notes, ordered by onset.
    """
    notes = sorted(notes, key=lambda note: (note.start, note.pitch))
    lag = rng.gauss(0, _LAG_S)
    hands = rng.uniform(*_HANDS_S.get(stem, _OTHER_HANDS_S))
    touch = rng.uniform(2, 7)
    starts = to_seconds(np.array([note.start for note in notes]), grid)
    ends = to_seconds(np.array([note.start + note.length for note in notes]), grid)
    late, onset = 0.0, -1.0
    performed = []
    for note, start, end in zip(notes, starts, ends, strict=True):
        if note.start != onset:
            onset = note.start
            late = _MEMORY * late + math.sqrt(1 - _MEMORY**2) * rng.gauss(0, hands)
        deviation = lag + late + rng.gauss(0, _FINGERS * hands)
        performed.append(
            replace(
                note,
                start=max(0.0, float(start) + deviation),
                length=max(0.02, float(end - start)),
                velocity=min(127, max(1, note.velocity + round(rng.gauss(0, touch)))),
            )
        )
    return sorted(performed, key=lambda note: (note.start, note.pitch))


def timed(notes: Sequence[Note], grid: NDArray[np.float64]) -> list[Note]:
    """Return the notes at times in seconds, without deviations.

    Args:
        notes: Times in beats, in any order.
        grid: Time of beats 0, 1, 2..., in seconds.

    Returns:
        As many notes, ordered by onset, none before 0.
    """
    starts = to_seconds(np.array([note.start for note in notes]), grid)
    ends = to_seconds(np.array([note.start + note.length for note in notes]), grid)
    placed = [
        replace(note, start=max(0.0, float(start)), length=max(0.02, float(end - start)))
        for note, start, end in zip(notes, starts, ends, strict=True)
    ]
    return sorted(placed, key=lambda note: (note.start, note.pitch))


def draw_entry(rng: Random) -> float:
    """Return the second of a song at which its recording begins.

    Recordings do not begin on the first beat, lest a network learns to count from there:
    four in ten begin up to 2 s before it, the others up to 8 s into the song.

    Returns:
        -2..8; negative before the first beat.
    """
    if rng.random() < _SILENT_SHARE:
        return -rng.uniform(0, _SILENCE_S)
    return rng.uniform(0, _CUT_S)
