"""Scores of a causal beat tracker: its predictions against the beats of the song.

All figures compare readings, taken after every hop, with the beats of the score. A beat is
*predicted* where the phase read some time ahead wraps around. Times are in seconds from the
start of the excerpt.

Metrical levels: a tracker may beat twice as fast or half as fast as the score, or between its
beats, and still keep time. A *free* figure is the best one, over the whole excerpt,
at one of five levels: the beats of the score, the points halfway
between them, both together, every second beat, and the other every second beat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.array_types import Float64Array
from model.evaluation.beats import f_measure

__all__ = [
    "BeatReadings",
    "bar_phase",
    "beats_passed",
    "downbeat_f",
    "extrapolated",
    "in_phase",
    "in_phase_free",
    "level_beats",
    "level_changes",
    "locked_at",
    "phase_error",
    "predicted_beats",
    "predicted_f",
    "predicted_f_free",
]


LEVELS = ((1.0, 0.0), (1.0, 0.5), (2.0, 0.0), (0.5, 0.0), (0.5, 0.5))
"""Factor and offset from beats of the score passed to beats of each level passed."""
IN_PHASE = 1 / 8
"""Share of a beat below which an error still is in phase."""
WRAP = -0.4
"""A phase that falls by more than this has passed a beat; a correction falls by less."""
LOCK_S = 3.0
"""How long the error must stay small for a tracker to be locked."""
LEVEL_RATIO = 1.4
"""Ratio of two tempi beyond which the metrical level has changed."""
STEADY_S, STEADY_RATIO = 1.0, 1.1
"""A tempo counts once its extremes of a second are no further apart than this ratio."""
INTERVALS = 3
"""Newest intervals whose median is the period of a tracker that tells beats only."""


@dataclass(frozen=True, slots=True)
class BeatReadings:
    """Output of a tracker after each hop, for a moment some time ahead."""

    ahead_s: float
    """From the newest sample heard to the moment."""
    times_s: Float64Array
    """The moments, ``(hops,)``, evenly spaced."""
    beat: Float64Array
    """Share of the beat that will have passed, 0..1; NaN where nothing is said."""
    tempo_bpm: Float64Array
    """Beats per minute; NaN where nothing is said."""
    bar: Float64Array | None = None
    """Share of the bar that will have passed; None from who counts no bars."""

    @property
    def heard_s(self) -> Float64Array:
        """When the readings were taken, ``(hops,)``."""
        heard: Float64Array = self.times_s - self.ahead_s
        return heard


def beats_passed(beats_s: Float64Array, times_s: Float64Array) -> Float64Array:
    """Return the number of beats passed, with fractions; extrapolated beyond both ends.

    Args:
        beats_s: At least two, ascending.
        times_s: Any shape.
    """
    first, last = beats_s[1] - beats_s[0], beats_s[-1] - beats_s[-2]
    inside = np.interp(times_s, beats_s, np.arange(len(beats_s)))
    before, after = np.minimum(times_s - beats_s[0], 0), np.maximum(times_s - beats_s[-1], 0)
    passed: Float64Array = inside + before / first + after / last
    return passed


def level_beats(beats_s: Float64Array, factor: float, offset: float) -> Float64Array:
    """Return the beats of a metrical level; see :data:`LEVELS`."""
    last = len(beats_s) - 1
    counts = np.arange(np.ceil(offset), np.floor(factor * last + offset) + 1)
    beats: Float64Array = np.interp((counts - offset) / factor, np.arange(last + 1), beats_s)
    return beats


def predicted_beats(times_s: Float64Array, phase: Float64Array) -> Float64Array:
    """Return the times at which a phase wraps, ``(beats,)``, interpolated between readings.

    Args:
        times_s: Moments the phases are of.
        phase: 0..1, of the beat or of the bar. A correction back over a beat is none, and the
            beat that comes after it counts once more.
    """
    step = np.diff(phase)
    at = np.flatnonzero(step < WRAP)
    share = (1 - phase[at]) / (step[at] + 1)
    beats: Float64Array = times_s[at] + np.clip(share, 0, 1) * np.diff(times_s)[at]
    return beats


def predicted_f(
    readings: BeatReadings, beats_s: Float64Array, begin_s: float, end_s: float
) -> float | None:
    """Return the F-measure of the beats predicted within a stretch, 70 ms tolerance, 0..1.

    None where the score has fewer than two beats there.
    """
    return _f(predicted_beats(readings.times_s, readings.beat), beats_s, begin_s, end_s)


def predicted_f_free(
    readings: BeatReadings, beats_s: Float64Array, begin_s: float, end_s: float
) -> float | None:
    """Return the same at the best metrical level: the best F over :data:`LEVELS`."""
    return _best(
        lambda factor, offset: predicted_f(
            readings, level_beats(beats_s, factor, offset), begin_s, end_s
        )
    )


def downbeat_f(
    readings: BeatReadings, downbeats_s: Float64Array, begin_s: float, end_s: float
) -> float | None:
    """Return the F-measure of the bars predicted to begin within a stretch; see above.

    None also from who counts no bars.
    """
    if readings.bar is None:
        return None
    return _f(predicted_beats(readings.times_s, readings.bar), downbeats_s, begin_s, end_s)


def phase_error(
    readings: BeatReadings, beats_s: Float64Array, factor: float = 1.0, offset: float = 0.0
) -> Float64Array:
    """Return the signed error of each reading in beats of a level, -0.5..0.5, ``(hops,)``.

    Positive where the tracker is ahead of the score; NaN where nothing is said.
    """
    true = factor * beats_passed(beats_s, readings.times_s) + offset
    error: Float64Array = (readings.beat - true + 0.5) % 1 - 0.5
    return error


def in_phase(
    readings: BeatReadings,
    beats_s: Float64Array,
    begin_s: float,
    end_s: float,
    level: tuple[float, float] = LEVELS[0],
) -> float | None:
    """Return the share of a stretch in which the phase is off by less than an eighth of a beat.

    Where nothing is said, the phase is off. None for an empty stretch.

    Args:
        readings: Of the tracker.
        beats_s: Of the score.
        begin_s: First moment that counts.
        end_s: First moment that no longer does.
        level: Whose beats; see :data:`LEVELS`.
    """
    within = (readings.times_s >= begin_s) & (readings.times_s < end_s)
    right = np.abs(phase_error(readings, beats_s, *level))[within] < IN_PHASE
    return float(right.mean()) if len(right) else None


def in_phase_free(
    readings: BeatReadings, beats_s: Float64Array, begin_s: float, end_s: float
) -> float | None:
    """Return the same at the best metrical level; an eighth is one of that level's beats."""
    return _best(
        lambda factor, offset: in_phase(readings, beats_s, begin_s, end_s, (factor, offset))
    )


def bar_phase(
    readings: BeatReadings,
    beats_s: Float64Array,
    downbeats_s: Float64Array,
    begin_s: float,
    end_s: float,
) -> float | None:
    """Return how often the beat of the bar is right, of the readings in phase, 0..1.

    It is the right one where the place in the bar is off by less than half a beat; by chance
    that is a quarter of the time in 4/4. None where no reading of the stretch is in phase, or
    from who counts no bars.

    Args:
        readings: Of the tracker.
        beats_s: Of the score.
        downbeats_s: Those that begin a bar, at least two.
        begin_s: First moment that counts.
        end_s: First moment that no longer does.
    """
    if readings.bar is None or len(downbeats_s) < 2:
        return None
    within = (readings.times_s >= begin_s) & (readings.times_s < end_s)
    counted = within & (np.abs(phase_error(readings, beats_s)) < IN_PHASE)
    if not counted.any():
        return None
    beats_per_bar = float(np.median(np.diff(beats_passed(beats_s, downbeats_s))))
    error = (readings.bar - beats_passed(downbeats_s, readings.times_s) + 0.5) % 1 - 0.5
    return float((np.abs(error[counted]) < 0.5 / beats_per_bar).mean())


def locked_at(readings: BeatReadings, beats_s: Float64Array) -> float | None:
    """Return the seconds of sound after which a tracker is locked.

    It is from the first reading on after which the error stays below an eighth of a beat for
    three seconds. None if it never is, or if fewer than three seconds were heard.
    """
    right = np.abs(phase_error(readings, beats_s)) < IN_PHASE
    count = _readings_in(readings, LOCK_S)
    if len(right) < count:
        return None
    held = np.lib.stride_tricks.sliding_window_view(right, count).all(1)
    return float(readings.heard_s[held.argmax()]) if held.any() else None


def level_changes(readings: BeatReadings, since_s: float) -> int:
    """Count the changes of metrical level: jumps of the tempo by a ratio beyond 1.4.

    Two tempi are compared once each has been steady for a second, so that a leap counts once
    and a tempo that strays for less does not.

    Args:
        readings: Of the tracker.
        since_s: Readings taken from then on count.
    """
    tempo = np.log2(readings.tempo_bpm[readings.heard_s >= since_s])
    count = _readings_in(readings, STEADY_S)
    if len(tempo) < count:
        return 0
    seconds = np.lib.stride_tricks.sliding_window_view(tempo, count)
    steady = np.ptp(seconds, axis=1) <= np.log2(STEADY_RATIO)
    settled = np.median(seconds[steady], axis=1)
    return int((np.abs(np.diff(settled)) > np.log2(LEVEL_RATIO)).sum())


def extrapolated(beats_s: Float64Array, heard_s: Float64Array, ahead_s: float) -> BeatReadings:
    """Return readings ahead for a tracker that only reports beats as they come.

    From the newest beat it goes on evenly, by the median of the newest three intervals.

    Args:
        beats_s: The tracker's beats, ascending; each is known from its time on.
        heard_s: When readings are taken.
        ahead_s: How far ahead they look.
    """
    beat, tempo_bpm = np.full(len(heard_s), np.nan), np.full(len(heard_s), np.nan)
    for place, now_s in enumerate(heard_s):
        known_s = beats_s[: np.searchsorted(beats_s, now_s, side="right")]
        if len(known_s) > 1:
            period_s = float(np.median(np.diff(known_s[-1 - INTERVALS :])))
            beat[place] = (now_s + ahead_s - known_s[-1]) / period_s % 1
            tempo_bpm[place] = 60 / period_s
    return BeatReadings(ahead_s, heard_s + ahead_s, beat, tempo_bpm)


def _f(
    found_s: Float64Array, true_s: Float64Array, begin_s: float, end_s: float
) -> float | None:
    true_s, found_s = (each[(each >= begin_s) & (each < end_s)] for each in (true_s, found_s))
    return f_measure(true_s, found_s) if len(true_s) > 1 else None


def _best(figure: Callable[[float, float], float | None]) -> float | None:
    found = [figure(*level) for level in LEVELS]
    return max((each for each in found if each is not None), default=None)


def _readings_in(readings: BeatReadings, seconds: float) -> int:
    """Return how many readings span a time."""
    apart_s = (
        float(readings.times_s[1] - readings.times_s[0]) if len(readings.times_s) > 1 else 1
    )
    return max(1, round(seconds / apart_s))
