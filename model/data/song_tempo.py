"""Times of the beats of a song: steady, drifting, or after the tempo of a real recording."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.score import SongSource
from model.data.sources.tempo_curves import TempoCurve, beat_lengths
from model.data.timing import beat_grid, to_seconds

__all__ = ["CURVE_SHARE", "CURVE_SOURCE", "draw_grid"]

CURVE_SHARE = 0.6
"""Share of songs that follow a real tempo curve, where there are any."""

CURVE_SOURCE = SongSource(
    "Beat This annotations", "MIT", "Foscarin et al., Beat This!, ISMIR 2024"
)
"""What tempo curves come from."""


def draw_grid(
    rng: Random,
    curves: Sequence[TempoCurve],
    *,
    bars: int,
    felt_beats: int,
    mma_beats: int,
    tempo_bpm: float,
) -> tuple[NDArray[np.float64], str | None]:
    """Return the time of every MMA beat and of the end, and the name of the curve followed.

    Args:
        rng: Source of all choices.
        curves: Tempo curves to draw from; without any, and for the other songs, the tempo is
            steady or strays as in :func:`~model.data.timing.wander`.
        bars: Length of the song.
        felt_beats: Beats a listener counts in a bar.
        mma_beats: MMA beats in a bar.
        tempo_bpm: Felt beats per minute.

    Returns:
        Seconds, shape ``(bars * mma_beats + 1,)``, the first 0.
    """
    ratio = mma_beats / felt_beats
    if not curves or rng.random() >= CURVE_SHARE:
        grid = beat_grid(
            rng,
            beats=bars * mma_beats,
            bar=mma_beats,
            tempo_bpm=tempo_bpm * mma_beats / felt_beats,
        )
        return grid, None
    curve = rng.choice(curves)
    lengths = beat_lengths(curve, bars * felt_beats, rng)
    lengths = lengths * (60 / tempo_bpm / lengths.mean())
    felt = np.concatenate(([0.0], np.cumsum(lengths)))
    return to_seconds(np.arange(bars * mma_beats + 1) / ratio, felt), curve.name
