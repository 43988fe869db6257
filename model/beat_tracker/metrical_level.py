"""The metrical level: chooses which of the pulses that fit is the beat, and how firmly.

A song may be counted at half or twice its tempo as well. The beat is read from the tempi around
one centre only, which moves with the music but is left for another level with hesitation.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.beat_tracker.spectrum import FRAMES_PER_SECOND

__all__ = ["LevelState", "MetricalLevel"]

_WIDTH = 0.22
"""Octaves around the centre that belong to the level."""
_EDGE = 0.12
"""Octaves beyond over which reluctance grows to all of it."""
_RELUCTANCE = 1.5
"""Nats a second that tempi of other levels pay while this one is firm."""
_STAY = 0.2
"""Least probability of a level that is not left ..."""
_STAY_S = 2.0
"""unless it has had less for so long, while it was firm ..."""
_LOOSE_S = 0.1
"""or for so long while it was not."""
_FIRM = 0.5
_FOLLOW_S, _LOOSE_FOLLOW_S = 2.0, 0.2
"""How slowly the centre moves to the tempi within it."""
_POOR, _GOOD = 0.05, 0.25
"""Evidence, in nats a hop of 50 ms, that makes a level loose, and firm."""
_SURE = 0.8
"""Probability of a level that is as good as certain."""
_FIRM_S = 2.0
"""How slowly firmness follows."""
_KEEP = math.exp(-1 / (FRAMES_PER_SECOND * _FIRM_S))

Array = NDArray[np.float32]
Weights = NDArray[np.float64]


@dataclass(slots=True)
class LevelState:
    """Where the level is."""

    centre: float = 0.0
    """Log2 of its frames a beat; 0 before the first frame."""
    outside_s: float = 0.0
    """For how long most of the belief has been elsewhere."""
    firmness: float = 0.0
    """0..1."""


class MetricalLevel:
    """Chooses the tempi that count.

    Args:
        periods: Frames a beat of every tempo, ascending.
    """

    def __init__(self, periods: NDArray[np.int64]) -> None:
        self._log: Weights = np.log2(periods)
        self._sorted = self._log.tolist()
        self._near = (np.abs(self._log[:, None] - self._log) < _WIDTH).astype(np.float64)

    def reluctance(self, state: LevelState) -> Weights | None:
        """Return what each tempo has to pay, nats a second; None where none has to."""
        if not state.centre or state.firmness <= 0.0:
            return None
        outside = (np.abs(self._log - state.centre) - _WIDTH) / _EDGE
        cost: Weights = _RELUCTANCE * state.firmness * outside.clip(0.0, 1.0)
        return cost

    def inside(self, state: LevelState) -> slice:
        """Return the tempi that count."""
        first = bisect_right(self._sorted, state.centre - _WIDTH)
        return slice(first, bisect_left(self._sorted, state.centre + _WIDTH))

    def move(self, state: LevelState, period: float) -> None:
        """Make the tempi around a period the level, as firm as it was."""
        state.centre, state.outside_s = float(np.log2(period)), 0.0

    def follow(self, state: LevelState, tempi: Array, evidence: float) -> bool:
        """Look at what is believed of the tempo; return whether the level was left for another.

        Args:
            state: Of the level.
            tempi: Probability of every tempo, of sum 1.
            evidence: Of late, nats a hop.
        """
        if not state.centre:
            state.centre = self._likeliest(tempi)
        within = self.inside(state)
        share = float(tempi[within].sum())
        state.outside_s = state.outside_s + 1 / FRAMES_PER_SECOND if share < _STAY else 0.0
        is_firm = state.firmness > _FIRM
        left = state.outside_s > (_STAY_S if is_firm else _LOOSE_S)
        if left:
            state.centre, state.outside_s, state.firmness = self._likeliest(tempi), 0.0, 0.0
            within = self.inside(state)
            share = float(tempi[within].sum())
        if share > 0.0:
            mean = float(tempi[within] @ self._log[within]) / share
            slowness_s = _FOLLOW_S if is_firm and not left else _LOOSE_FOLLOW_S
            state.centre += (mean - state.centre) / (FRAMES_PER_SECOND * slowness_s)
        wanted = min(1.0, max(0.0, (evidence - _POOR) / (_GOOD - _POOR)))
        wanted *= min(1.0, share / _SURE)
        state.firmness = _KEEP * state.firmness + (1 - _KEEP) * wanted
        return left

    def _likeliest(self, tempi: Array) -> float:
        """Return the centre around which the most is believed."""
        return float(self._log[int((tempi @ self._near).argmax())])
