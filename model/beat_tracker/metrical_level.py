"""The metrical level: choice between tempi an octave apart, with hysteresis.

A song may be counted at half or twice its tempo as well. The beat is read from the tempi around
one centre only, which follows the music but changes to another level reluctantly.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.array_types import Float32Array
from model.beat_tracker.spectrum import FRAMES_PER_SECOND

__all__ = ["SLOWEST_FAST_PERIOD", "LevelState", "MetricalLevel"]

SLOWEST_FAST_PERIOD = 27.5
"""Frames per beat, 109 bpm, below which a tempo is the faster of two an octave apart that can
both be tracked, and from which on it is the slower."""
_WIDTH = 0.22
"""Distance from the centre, in octaves, within which tempi belong to the level."""
_EDGE = 0.12
"""Octaves beyond that over which the reluctance rises to its full value."""
_RELUCTANCE = 1.5
"""Penalty for tempi of other levels while the level is firm, in nats per second."""
_LEANING = 8.0
"""Penalty for the slower or the faster tempi where all evidence is for the others, in nats per
second."""
_STAY = 0.2
"""Probability below which a level may be left."""
_STAY_S = 2.0
"""Time below that probability after which a firm level is left."""
_LOOSE_S = 0.1
"""Time after which a level that is not firm is left."""
_FIRM = 0.5
"""Firmness above which a level counts as firm."""
_FOLLOW_S, _LOOSE_FOLLOW_S = 2.0, 0.2
"""Time constants with which the centre follows the tempi, when firm and when not."""
_POOR, _GOOD = 0.05, 0.25
"""Evidence that makes a level loose, and firm, in nats per hop of 50 ms."""
_SURE = 0.8
"""Probability of the level that allows full firmness."""
_FIRM_S = 2.0
"""Time constant of the firmness."""
_KEEP = math.exp(-1 / (FRAMES_PER_SECOND * _FIRM_S))

Weights = NDArray[np.float64]


@dataclass(slots=True)
class LevelState:
    """Centre and firmness of the level."""

    centre: float = 0.0
    """Log2 of the frames per beat; 0 before the first frame."""
    outside_s: float = 0.0
    """Time for which most of the probability has been outside the level."""
    firmness: float = 0.0
    """Resistance to another level, 0..1."""
    lean: float = 0.0
    """Evidence for the slower of two tempi an octave apart, -1..1; below 0 for the faster."""


class MetricalLevel:
    """Chooses the range of tempi that the beat is read from.

    Args:
        periods: Frames per beat of every tempo, ascending.
    """

    def __init__(self, periods: NDArray[np.int64]) -> None:
        self._log: Weights = np.log2(periods)
        self._sorted = self._log.tolist()
        self._fast = periods < SLOWEST_FAST_PERIOD
        self._near = (np.abs(self._log[:, None] - self._log) < _WIDTH).astype(np.float64)

    def reluctance(self, state: LevelState) -> Weights | None:
        """Return the penalty of each tempo, in nats per second; None where there is none."""
        if not state.centre or (state.firmness <= 0.0 and not state.lean):
            return None
        outside = (np.abs(self._log - state.centre) - _WIDTH) / _EDGE
        cost: Weights = _RELUCTANCE * state.firmness * outside.clip(0.0, 1.0)
        if state.lean:
            cost += _LEANING * abs(state.lean) * (self._fast == (state.lean > 0))
        return cost

    def inside(self, state: LevelState) -> slice:
        """Return the range of tempi that belong to the level."""
        first = bisect_right(self._sorted, state.centre - _WIDTH)
        return slice(first, bisect_left(self._sorted, state.centre + _WIDTH))

    def move(self, state: LevelState, period: float) -> None:
        """Move the centre to a period, in frames per beat; firmness is kept."""
        state.centre, state.outside_s = float(np.log2(period)), 0.0

    def follow(self, state: LevelState, tempi: Float32Array, evidence: float) -> bool:
        """Update the level by a frame; return whether it changed to another level.

        Args:
            state: State of the level.
            tempi: Probability of every tempo, of sum 1.
            evidence: Recent evidence, in nats per hop.
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

    def _likeliest(self, tempi: Float32Array) -> float:
        """Return the centre with the most probability around it."""
        return float(self._log[int((tempi @ self._near).argmax())])
