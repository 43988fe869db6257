"""Scores of the beat tracker on the mix of an excerpt, and on its stem alone.

``aubiotrack``, and the tracker with other weights, can be scored beside it by the same
figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.beat_tracker.spectrum import SAMPLE_RATE
from model.beat_tracker.tracker import CausalBeatTracker, load
from model.beat_tracker.weights import WEIGHTS
from model.data.tracked_beats import beat_estimates
from model.evaluation.annotations import annotations_of
from model.evaluation.aubio import aubio_beats
from model.evaluation.beat_tracking import (
    BeatReadings,
    bar_phase,
    downbeat_f,
    extrapolated,
    in_phase,
    in_phase_free,
    level_changes,
    locked_at,
    predicted_f,
    predicted_f_free,
)
from model.evaluation.excerpts import Excerpt, ExcerptScore, load_mix, load_stem

__all__ = [
    "AUBIO",
    "FIGURES",
    "FROM_S",
    "HOP",
    "STAGE_S",
    "STEADINESS",
    "TRACKER",
    "TRAINED",
    "TrackerScore",
    "read_ahead",
    "score_trackers",
]

TRACKER, TRAINED, AUBIO = "beat tracker", "other weights", "aubiotrack"
HOP = SAMPLE_RATE // 20
"""Samples from one reading to the next: a hop of the stage."""
AHEAD_S = (0.0, 0.1, 1.0)
"""How far ahead is read: the anticipations of the players."""
STAGE_S = 0.1
"""Of these, the one that phase, bars, lock and tempo are judged by."""
FROM_S = 8.0
"""Seconds of a cold start that are not scored; half of an excerpt that is shorter than twice
that."""
LEAST_LOCKED_S = 5.0
"""Seconds after the lock below which no rate of changes is told."""

BY_AHEAD = {
    "beat_f": predicted_f,
    "beat_f_free": predicted_f_free,
    "in_phase": in_phase,
    "in_phase_free": in_phase_free,
}
STEADINESS = (
    "downbeat_f",
    "bar_phase",
    "locked",
    "lock_s",
    "level_changes_per_minute",
    "level_changed",
)
"""Figures of bars and of how steadily the tracker follows."""
FIGURES = (*(f"{name}_{ahead_s:g}_s" for name in BY_AHEAD for ahead_s in AHEAD_S), *STEADINESS)
"""Figures of every row; ``_free`` of the metrical level, ``_0.1_s`` read that far ahead."""


@dataclass(frozen=True, slots=True)
class TrackerScore(ExcerptScore):
    """One tracker's figures on one excerpt, whose class the mix lacks."""

    start: int
    """First frame of the excerpt, in the song."""
    heard: tuple[str, ...]
    """Classes that it heard: all others, or this one alone."""
    tempo_bpm: float
    """Of the score, the median over the excerpt."""
    figures: dict[str, float | None]

    @property
    def alone(self) -> bool:
        """Whether it heard the stem alone instead of the mix."""
        return self.heard == (self.stem_class,)


def score_trackers(
    excerpt: Excerpt, *, compare: bool, weights: Path | None = None
) -> list[TrackerScore]:
    """Return the figures of the beat tracker on an excerpt: on the mix, on the stem alone.

    Args:
        excerpt: Of a song whose beats and bars are known.
        compare: Whether to let ``aubiotrack`` hear it too.
        weights: Of a second beat tracker that hears it.

    Raises:
        CheckpointError: The tracker's weights cannot be read.
        MissingTool: ``aubiotrack`` is wanted and not installed.
        DataError: It failed.
    """
    others = tuple(name for name in excerpt.song.stems if name != excerpt.stem_class)
    mixes = {others: load_mix(excerpt), (excerpt.stem_class,): load_stem(excerpt)}
    tempo_bpm = _tempo_bpm(excerpt)
    return [
        TrackerScore(
            system,
            excerpt.song.path.name,
            excerpt.stem_class,
            excerpt.start,
            heard,
            tempo_bpm,
            _figures(read, excerpt),
        )
        for heard, mix in mixes.items()
        for system, read in _read(mix, compare, weights).items()
    ]


def _read(
    mix: NDArray[np.float32], compare: bool, weights: Path | None
) -> dict[str, dict[float, BeatReadings]]:
    """Return the readings of every tracker on a mix."""
    read = {TRACKER: read_ahead(mix, WEIGHTS)}
    if weights is not None:
        read[TRAINED] = read_ahead(mix, weights)
    if compare:
        beats_s = aubio_beats(mix, SAMPLE_RATE)
        heard_s = _heard_s(len(mix) // HOP)
        read[AUBIO] = {ahead_s: extrapolated(beats_s, heard_s, ahead_s) for ahead_s in AHEAD_S}
    return read


@cache
def _tracker(weights: Path) -> CausalBeatTracker:
    return load(weights)


def _tempo_bpm(excerpt: Excerpt) -> float:
    start_s, seconds = excerpt.start / SAMPLE_RATE, excerpt.frames / SAMPLE_RATE
    known = annotations_of(excerpt.song)
    within = known.beats_within(start_s, seconds)
    return float(60 / np.median(np.diff(within if len(within) > 1 else known.beats_s)))


def read_ahead(mix: NDArray[np.float32], weights: Path) -> dict[float, BeatReadings]:
    """Return a beat tracker's readings on a mix, by seconds ahead, after every hop.

    Args:
        mix: ``(frames,)``, heard from a cold start.
        weights: The tracker's.

    Raises:
        CheckpointError: They cannot be read.
    """
    estimates = beat_estimates(
        mix, AHEAD_S, hop=HOP, sample_rate=SAMPLE_RATE, tracker=_tracker(weights)
    )
    found = {}
    for ahead_s, own in zip(AHEAD_S, estimates, strict=True):
        beat, bar, tempo_bpm = np.array(
            [(np.nan,) * 3 if e is None else (e.beat, e.bar, e.tempo_bpm) for e in own]
        ).T
        found[ahead_s] = BeatReadings(
            ahead_s, _heard_s(len(own)) + ahead_s, beat, tempo_bpm, bar
        )
    return found


def _heard_s(hops: int) -> NDArray[np.float64]:
    """Return the times at which each hop has been heard."""
    return np.arange(1, hops + 1, dtype=np.float64) * (HOP / SAMPLE_RATE)


def _figures(read: dict[float, BeatReadings], excerpt: Excerpt) -> dict[str, float | None]:
    """Return the figures of one tracker; scored where the beats of the song are known."""
    annotations = annotations_of(excerpt.song)
    start_s, seconds = excerpt.start / SAMPLE_RATE, excerpt.frames / SAMPLE_RATE
    beats_s, bars_s = annotations.beats_s - start_s, annotations.downbeats_s - start_s
    begin_s = max(min(FROM_S, seconds / 2), float(beats_s[0]))
    end_s = min(seconds, float(2 * beats_s[-1] - beats_s[-2]))
    figures = {
        f"{name}_{ahead_s:g}_s": figure(readings, beats_s, begin_s, end_s)
        for name, figure in BY_AHEAD.items()
        for ahead_s, readings in read.items()
    }
    stage = read[STAGE_S]
    lock_s = locked_at(stage, beats_s)
    left_s = 0.0 if lock_s is None else seconds - lock_s
    rate = changed = None
    if lock_s is not None and left_s >= LEAST_LOCKED_S:
        changes = level_changes(stage, lock_s)
        rate, changed = 60 * changes / left_s, float(changes > 0)
    return figures | {
        "downbeat_f": downbeat_f(stage, bars_s, begin_s, end_s),
        "bar_phase": bar_phase(stage, beats_s, bars_s, begin_s, end_s),
        "locked": float(lock_s is not None),
        "lock_s": lock_s,
        "level_changes_per_minute": rate,
        "level_changed": changed,
    }
