"""Annotation of music per hop: position in the bar (count) and chord.

Songs rendered from notes are annotated; the generator learns to predict the annotation, and the
discriminator reads it. Live, the count can come from the DAW's transport.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model.formats.conditions import Phase

__all__ = [
    "ANNOTATION",
    "CHORD",
    "COUNT",
    "TRUSTED_FROM",
    "chord_track",
    "count_track",
    "join_annotation",
    "phase_count",
    "transposed",
]

COUNT = 5
"""Channels of a count: sine and cosine of the beat and of the bar, and the tempo."""
CHORD = 24
"""Channels of a chord: its pitch classes, and its root, as twelve flags each."""
ANNOTATION = COUNT + 1 + CHORD + 1
"""Channels of an annotation: count, flag of a known count, chord, flag of a known chord."""
TRUSTED_FROM = 0.05
"""Confidence of the beat tracker from which the networks are told its beat as certain; below it
in proportion. The confidence rises over ten seconds, the beat is right long before: a generator
told the confidence itself played by its own count meanwhile, which is wrong more often."""
_USUAL_TEMPO_BPM = 120.0

Track = NDArray[np.float32]
Times = NDArray[np.float64]


def phase_count(phase: Phase) -> tuple[float, ...]:
    """Return a position in the bar as input of the networks, :data:`COUNT` numbers.

    Example:
        >>> [round(x, 6) + 0.0 for x in phase_count(Phase(0.25, 0.5, 240.0))]
        [1.0, 0.0, 0.0, -1.0, 1.0]
    """
    beat, bar = 2 * math.pi * phase.beat, 2 * math.pi * phase.bar
    tempo = math.log2(phase.tempo_bpm / _USUAL_TEMPO_BPM)
    return math.sin(beat), math.cos(beat), math.sin(bar), math.cos(bar), tempo


def count_track(
    beats_s: ArrayLike, downbeats_s: ArrayLike, hops: int, hop_s: float
) -> tuple[Track, Track]:
    """Return the count at the start of every hop.

    Args:
        beats_s: Times of the beats, ascending, at least two.
        downbeats_s: Times of the first beats of the bars, ascending, at least two.
        hops: Number of hops.
        hop_s: Seconds per hop.

    Returns:
        The count ``(hops, COUNT)``, and a mask ``(hops, 1)`` that is 1 from the first beat to
        one beat after the last; the count is 0 outside.
    """
    times: Times = np.arange(hops, dtype=np.float64) * hop_s
    beats: Times = np.asarray(beats_s, np.float64)
    bars: Times = np.asarray(downbeats_s, np.float64)
    lengths = np.interp(times, (beats[1:] + beats[:-1]) / 2, np.diff(beats))
    beat = 2 * np.pi * _position(times, beats)
    bar = 2 * np.pi * _position(times, bars)
    tempo = np.log2(60 / lengths / _USUAL_TEMPO_BPM)
    count = np.stack([np.sin(beat), np.cos(beat), np.sin(bar), np.cos(bar), tempo], axis=1)
    end_s = 2 * beats[-1] - beats[-2]
    known = ((times >= beats[0]) & (times < end_s)).astype(np.float32)[:, None]
    return (count * known).astype(np.float32), known


def _position(times: Times, marks: Times) -> Times:
    """Return the number of marks passed at each time, extrapolated beyond both ends."""
    first, last = marks[1] - marks[0], marks[-1] - marks[-2]
    inside = np.interp(times, marks, np.arange(len(marks)))
    before, after = np.minimum(times - marks[0], 0), np.maximum(times - marks[-1], 0)
    position: Times = inside + before / first + after / last
    return position


def chord_track(
    chords: Sequence[tuple[float, int, frozenset[int]]], hops: int, hop_s: float
) -> tuple[Track, Track]:
    """Return the chord in the middle of every hop.

    Args:
        chords: Onset in seconds, root 0..11 and pitch classes; each lasts until the next.
        hops: Number of hops.
        hop_s: Seconds per hop.

    Returns:
        The chord ``(hops, CHORD)`` of 0 and 1, and a mask ``(hops, 1)`` of hops with a chord.
    """
    track, known = np.zeros((hops, CHORD), np.float32), np.zeros((hops, 1), np.float32)
    ends = [onset for onset, _, _ in chords[1:]] + [hops * hop_s]
    for (onset, root, pitch_classes), end in zip(chords, ends, strict=True):
        first, last = (max(0, math.ceil(t / hop_s - 0.5)) for t in (onset, end))
        track[first:last, [*sorted(pitch_classes), 12 + root]] = 1
        known[first:last] = 1
    return track, known


def join_annotation(
    count: tuple[Track, Track] | None, chord: tuple[Track, Track] | None, hops: int
) -> Track:
    """Return count and chord as one ``(hops, ANNOTATION)``; zeros where they are unknown."""
    annotation = np.zeros((hops, ANNOTATION), np.float32)
    if count is not None:
        annotation[:, : COUNT + 1] = np.concatenate(count, axis=1)
    if chord is not None:
        annotation[:, COUNT + 1 :] = np.concatenate(chord, axis=1)
    return annotation


def transposed(annotation: NDArray[np.float16], semitones: int) -> NDArray[np.float16]:
    """Return an annotation ``(hops, ANNOTATION)`` with its chords transposed upwards."""
    moved = annotation.copy()
    for first in (COUNT + 1, COUNT + 13):
        twelve = slice(first, first + 12)
        moved[:, twelve] = np.roll(annotation[:, twelve], semitones, axis=1)
    return moved
