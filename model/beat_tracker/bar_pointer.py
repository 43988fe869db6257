"""The bar-pointer filter: what is believed of metre, tempo and place in the bar.

A forward algorithm: each frame every belief moves on by one place, may change its tempo where
a beat ends, and is weighed by how much the frame looks like a beat or a downbeat.

Source:
    Transitions and observations: Krebs, Böck and Widmer 2015; Böck, Krebs and Widmer 2016.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.beat_tracker.state_space import StateSpace

__all__ = ["BarPointer", "BarPointerState"]

_TEMPO_RIGIDITY = 60.0
"""Likelihood of a tempo change by a ratio r falls as exp(-60 |r - 1|)."""
_SHARE = 16
"""A beat is seen in the first sixteenth of its period."""
_FLOOR = 1e-3
"""Least probability that an activation can mean."""
_LEAK = 1e-6
"""Share of the belief that begins anew every frame, so that another song is found."""

Array = NDArray[np.float32]


@dataclass(slots=True)
class BarPointerState:
    """What is believed."""

    belief: Array
    """Probability of every state, ``(states,)``."""

    def clone(self) -> BarPointerState:
        """Return an independent copy."""
        return BarPointerState(self.belief.copy())


class BarPointer:
    """Moves beliefs on, frame by frame."""

    def __init__(self) -> None:
        self.space = StateSpace()
        ratio = self.space.periods / self.space.periods[:, None]
        jump = np.exp(-_TEMPO_RIGIDITY * np.abs(ratio - 1))
        jump[jump < 1e-12] = 0  # too unlikely ever to matter, and slow as subnormal numbers
        self._jump = (jump / jump.sum(axis=1, keepdims=True)).astype(np.float32)
        self._beats, self._downbeats = self.space.windows(_SHARE)
        even = self.space.even
        self._beat_share = float(even[self._beats].sum())
        self._downbeat_share = float(even[self._downbeats].sum())

    def init_state(self) -> BarPointerState:
        """Return the belief of who has heard nothing."""
        return BarPointerState(self.space.even.copy())

    def step(self, activation: Array, state: BarPointerState) -> float:
        """Take one frame's activations, ``(ACTIVATIONS,)``.

        Returns:
            The evidence: how many nats likelier the frame was to who believes this than to
            who has no idea of the place.
        """
        ends, begins = self.space.joints
        before, belief = state.belief, np.empty_like(state.belief)
        belief[1:] = before[:-1]
        belief[begins] = before[ends] @ self._jump
        beat, down = float(activation[0]), float(activation[1])
        neither = max(1 - beat - down, _FLOOR) / (_SHARE - 1)
        beat, down = max(beat, _FLOOR) / neither, max(down, _FLOOR) / neither
        belief[self._beats] *= beat
        belief[self._downbeats] *= down
        likely = float(belief.sum())
        belief *= (1 - _LEAK) / likely
        belief += _LEAK * self.space.even
        state.belief = belief
        chance = 1 + self._beat_share * (beat - 1) + self._downbeat_share * (down - 1)
        return float(np.log(likely / chance))

    def read(self, frames: float, state: BarPointerState) -> tuple[float, float, float, int]:
        """Return beat, bar, tempo period in frames and metre, some frames after the newest."""
        space = self.space
        mass = np.add.reduceat(state.belief, space.begins).reshape(space.rows)
        row = int(mass.sum(axis=1).argmax())
        metre = space.metres[row]
        turns, bars = space.turns
        ahead = np.exp(2j * np.pi * frames / space.periods)
        beat_z = (
            np.add.reduceat(state.belief * turns, space.begins).reshape(space.rows) @ ahead
        ).sum()
        bar_z = np.add.reduceat(state.belief * bars, space.begins).reshape(space.rows)[row] @ (
            np.exp(2j * np.pi * frames / space.periods / metre)
        )
        beat, bar = (float(np.angle(z)) / (2 * np.pi) % 1 for z in (beat_z, bar_z))
        count = round(bar * metre - beat) % metre
        return beat, (count + beat) / metre, float(mass.sum(axis=0) @ space.periods), metre
