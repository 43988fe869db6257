"""The state space of the bar-pointer filter: every metre, tempo and position in the bar.

Source:
    Bar pointer: Whiteley, Cemgil and Godsill 2006; this discretisation, in which a state is
    left after one frame and tempi are whole frames a beat: Krebs, Böck and Widmer 2015.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.array_types import Float32Array

__all__ = ["StateSpace"]

Index = NDArray[np.int64]


@dataclass(frozen=True)
class StateSpace:
    """All states in one sequence, ordered by metre, tempo and position.

    A state passes into the next one after a frame; only the last position of a beat leads to
    the first position of the next beat at any tempo. A *row* holds all positions of one metre
    and tempo.
    """

    metres: tuple[int, ...] = (4, 3)
    """Beats in a bar, the likelier first."""
    shortest: int = 13
    """Frames per beat at the fastest tempo: 231 bpm at 50 frames a second."""
    longest: int = 55
    """Frames per beat at the slowest tempo: 54.5 bpm."""

    @cached_property
    def periods(self) -> Index:
        """Frames per beat of every tempo, ascending."""
        return np.arange(self.shortest, self.longest + 1)

    @property
    def rows(self) -> tuple[int, int]:
        """Numbers of metres and tempi."""
        return len(self.metres), len(self.periods)

    @cached_property
    def lengths(self) -> Index:
        """States in every row, ``(metres, tempi)``."""
        lengths: Index = np.array(self.metres)[:, None] * self.periods
        return lengths

    @cached_property
    def begins(self) -> Index:
        """Index of every row's first state, ``(metres * tempi,)``."""
        return np.concatenate([[0], np.cumsum(self.lengths.ravel())[:-1]])

    @property
    def size(self) -> int:
        """Number of states."""
        return int(self.lengths.sum())

    @cached_property
    def row(self) -> Index:
        """Row of every state."""
        return np.repeat(np.arange(self.lengths.size), self.lengths.ravel())

    @cached_property
    def tempo(self) -> Index:
        """Index into :attr:`periods` of every state."""
        return self.row % len(self.periods)

    @cached_property
    def place(self) -> Index:
        """Frames since the bar began, of every state."""
        return np.arange(self.size) - self.begins[self.row]

    @cached_property
    def beats(self) -> Float32Array:
        """Beats since the bar began, of every state."""
        return (self.place / self.periods[self.tempo]).astype(np.float32)

    @cached_property
    def beat_points(self) -> Float32Array:
        """Beat phase of every state as a point on the unit circle, ``(states, 2)``."""
        turns = 2 * np.pi * self.place / self.periods[self.tempo]
        return np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)

    @cached_property
    def joints(self) -> tuple[Index, Index]:
        """Last position of every beat and the first one after it, ``(beats, tempi)`` each.

        The beats of all metres are concatenated.
        """
        ends, begins = [], []
        for metre, first in enumerate(self.begins.reshape(self.rows)):
            count = self.metres[metre]
            edges = first + np.arange(count + 1)[:, None] * self.periods
            ends.append(edges[1:] - 1)
            begins.append(np.concatenate([edges[1:-1], edges[:1]]))
        return np.concatenate(ends), np.concatenate(begins)

    @cached_property
    def uniform(self) -> Float32Array:
        """Uniform belief: all rows are equally likely, and all positions within a row."""
        share = 1.0 / self.lengths.ravel()[self.row]
        uniform: Float32Array = (share / share.sum()).astype(np.float32)
        return uniform

    def windows(self, share: int) -> tuple[Index, Index]:
        """Return the states in which a beat, and a downbeat, is observed.

        Args:
            share: A beat is observed in the first 1 / share of its period, at least one frame.
        """
        wide = np.maximum(1, self.periods[self.tempo] / share)
        within = self.place % self.periods[self.tempo] < wide
        first = self.place < wide
        return np.flatnonzero(within & ~first), np.flatnonzero(first)
