"""Timing of onsets against the beats of the song: concentration and offset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.array_types import Float64Array
from model.evaluation.onsets import onset_times

__all__ = ["GridPhase", "grid_phase"]


FEWEST_ONSETS = 4
"""Onsets between the first and the last beat below which nothing is told."""
CLEAR = 0.25
"""Concentration at the eighths below which an average offset means nothing."""


@dataclass(frozen=True, slots=True)
class GridPhase:
    """Timing of a stem's onsets against the beats of its song."""

    beat: float
    """Concentration of the onsets' phase in the beat: 0 no relation, 1 all at one phase."""
    eighth: float
    """The same for half a beat."""
    offset_ms: float | None
    """Mean distance to the eighths, positive if the stem is late; None if unclear."""


def grid_phase(stem: Float64Array, beats_s: Float64Array) -> GridPhase | None:
    """Compare the onsets of a stem with the beats of its song.

    Concentration is the circular resultant ``|mean exp(2 pi i phase)|`` over onsets, freed
    of the part that few onsets show by chance: ``sqrt(max(0, (n r^2 - 1) / (n - 1)))``.
    The offset is the angle of the resultant at the eighths, so it spans a quarter of a beat
    either way; swung offbeats, which lie between eighths, pull it to the late side.

    Args:
        stem: As :func:`~model.evaluation.features.hear` gives it, ``(frames,)``.
        beats_s: Beats of the song in seconds from the start of the stem.

    Returns:
        The figures; None with fewer than two beats or four onsets between the beats.
    """
    if len(beats_s) < 2:
        return None
    onsets_s = onset_times(stem)
    margin_s = 0.25 * float(beats_s[1] - beats_s[0])
    inside = (onsets_s >= beats_s[0] - margin_s) & (onsets_s < beats_s[-1])
    if inside.sum() < FEWEST_ONSETS:
        return None
    index = np.clip(np.searchsorted(beats_s, onsets_s[inside], "right") - 1, 0, None)
    period_s = np.diff(beats_s)[index]
    phase = (onsets_s[inside] - beats_s[index]) / period_s
    at_eighths = np.exp(4j * np.pi * phase).mean()
    eighth = _concentration(abs(at_eighths), len(phase))
    offset_s = float(np.angle(at_eighths) / (4 * np.pi) * period_s.mean())
    return GridPhase(
        _concentration(abs(np.exp(2j * np.pi * phase).mean()), len(phase)),
        eighth,
        1000 * offset_s if eighth >= CLEAR else None,
    )


def _concentration(resultant: float, count: int) -> float:
    return float(np.sqrt(max(0.0, (count * resultant**2 - 1) / (count - 1))))
