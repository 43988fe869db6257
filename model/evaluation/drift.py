"""Drift of a long performance: scores in bins of ten seconds, and their slope."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.array_types import Float64Array
from model.evaluation.annotations import Annotations

__all__ = ["BIN_S", "LoopedSong", "in_bins", "slope_per_minute"]


BIN_S = 10
FADE_S = 0.005


class LoopedSong:
    """A song repeated from its last bar line back to its first, to any length.

    The same bars return in every round, so a score that falls from round to round falls
    because of the player. A song without bar lines is repeated as a whole.

    Args:
        annotations: Grid of the song.
        frames: Length of the song.
        sample_rate: Frames per second.
    """

    def __init__(self, annotations: Annotations, frames: int, sample_rate: int) -> None:
        bars_s = annotations.downbeats_s
        bars_s = bars_s[bars_s <= frames / sample_rate]
        known = len(bars_s) > 1
        self.annotations = annotations
        self.sample_rate = sample_rate
        self.first = round(float(bars_s[0]) * sample_rate) if known else 0
        self.end = round(float(bars_s[-1]) * sample_rate) if known else frames

    def repeat(self, audio: NDArray[Any], frames: int) -> NDArray[np.float32]:
        """Return the first round and as many more as fill ``frames``, joined by 5 ms fades."""
        fade = round(FADE_S * self.sample_rate)
        loop = np.array(audio[self.first : self.end], np.float32)
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        loop[:fade] *= ramp
        loop[len(loop) - fade :] *= ramp[::-1]
        return np.resize(loop, frames)

    def position(self, time_s: float) -> tuple[float, float, float]:
        """Return phase in the beat, in the bar, and tempo at a moment of the repetition."""
        inside = time_s * self.sample_rate % (self.end - self.first)
        return self.annotations.position((self.first + inside) / self.sample_rate)


def in_bins(
    score: Callable[[Float64Array, Float64Array], float],
    mix: Float64Array,
    stem: Float64Array,
    sample_rate: int,
) -> list[float]:
    """Return a score for every whole bin of ten seconds."""
    size = BIN_S * sample_rate
    starts = range(0, min(len(mix), len(stem)) - size + 1, size)
    return [score(mix[start : start + size], stem[start : start + size]) for start in starts]


def slope_per_minute(bins: Sequence[float]) -> float | None:
    """Return the least-squares slope over bins, per minute; None for fewer than two bins."""
    if len(bins) < 2:
        return None
    return float(np.polyfit(np.arange(len(bins)) * BIN_S / 60, bins, 1)[0])
