"""Annotations of a song for evaluation: beats, bars and chords."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.array_types import Float64Array
from model.data.charts import Chord
from model.data.index import Song
from model.errors import DataError

__all__ = ["Annotations", "TimedChord", "annotations_of"]


@dataclass(frozen=True, slots=True)
class TimedChord:
    """A chord and its onset; it lasts until the next."""

    start_s: float
    tones: frozenset[int]
    """Pitch classes 0..11, C is 0."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """Beats, bars and chords of a song; unknown ones are empty."""

    beats_s: Float64Array
    """``(beats,)``, ascending."""
    downbeats_s: Float64Array
    """``(bars,)``, ascending."""
    chords: tuple[TimedChord, ...]

    @property
    def has_grid(self) -> bool:
        """Whether beats and bars are known, as a transport needs them."""
        return min(len(self.beats_s), len(self.downbeats_s)) > 1

    def beats_within(self, start_s: float, seconds: float) -> Float64Array:
        """Return the beats of a stretch, in seconds from its start."""
        inside = (self.beats_s >= start_s) & (self.beats_s < start_s + seconds)
        beats: Float64Array = self.beats_s[inside] - start_s
        return beats

    def position(self, time_s: float) -> tuple[float, float, float]:
        """Return the phase in the beat and in the bar, each 0..1, and the tempo in bpm.

        Before the first and after the last beat the grid goes on as it is beside it.

        Raises:
            DataError: The song has no beats and bars, or fewer than two.
        """
        beat, period_s = _phase(self.beats_s, time_s)
        bar, _ = _phase(self.downbeats_s, time_s)
        return beat, bar, 60 / period_s


def _phase(grid_s: Float64Array, time_s: float) -> tuple[float, float]:
    if len(grid_s) < 2:
        raise DataError(
            "following the transport needs songs with beats_s and downbeats_s in song.json; "
            "render them: liveband data render"
        )
    index = int(np.clip(np.searchsorted(grid_s, time_s, side="right") - 1, 0, len(grid_s) - 2))
    period_s = float(grid_s[index + 1] - grid_s[index])
    return float((time_s - grid_s[index]) / period_s % 1.0), period_s


def annotations_of(song: Song) -> Annotations:
    """Return the known beats, bars and chords of a song."""
    beats_s, downbeats_s = song.beats_s, song.downbeats_s
    return Annotations(
        np.zeros(0) if beats_s is None else beats_s,
        np.zeros(0) if downbeats_s is None else downbeats_s,
        tuple(
            TimedChord(start_s, Chord(root, quality).pitch_classes)
            for start_s, root, quality in song.chords or []
        ),
    )
