"""Spectrum of the last sixteen beats, averaged over quarters of a beat."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from model.array_types import Float32Array
from model.beat_tracker.spectrum import FEATURES

__all__ = ["BEATS", "GROUPS", "PER_BEAT", "BeatHistory", "HistoryState"]

BEATS, PER_BEAT = 16, 4
"""Beats that are kept, and parts of each."""
_JOINED = 8
"""Neighbouring features that are averaged: a third of an octave."""
GROUPS = FEATURES // _JOINED
"""Numbers per quarter: bands first, then their increases."""


@dataclass(slots=True)
class HistoryState:
    """What was heard in the last beats."""

    quarters: Float32Array
    """Means over whole quarters, the newest last, ``(BEATS * PER_BEAT, GROUPS)``."""
    total: Float32Array
    """Sum over the frames of the present quarter, ``(GROUPS,)``."""
    count: int = 0
    """Number of whole quarters that were heard, at most those kept."""
    frames: int = 0
    """Number of frames of the present quarter so far."""
    phase: float = 0.0
    """Beat phase of the newest frame, 0..1."""
    position: float = 0.0
    """Beats since the history began, with that phase as its fraction."""
    quarter: int = 0
    """Number of the present quarter, on the scale of the position."""


class BeatHistory:
    """Averages frames of the spectrum over quarters of a beat."""

    def init_state(self) -> HistoryState:
        """Return an empty history."""
        quarters = np.zeros((BEATS * PER_BEAT, GROUPS), np.float32)
        return HistoryState(quarters, np.zeros(GROUPS, np.float32))

    def step(self, features: Float32Array, phase: float, state: HistoryState) -> bool:
        """Take in a frame; return whether a beat was completed.

        A phase that moves back a little, as the clock corrects itself, does not end a quarter
        twice.

        Args:
            features: One frame, ``(FEATURES,)``.
            phase: Beat phase at this frame, 0..1.
            state: The history so far.
        """
        if not state.count and not state.frames:
            state.phase = state.position = phase
            state.quarter = math.floor(PER_BEAT * phase)
        state.position += (phase - state.phase + 0.5) % 1.0 - 0.5
        state.phase = phase
        groups = features.reshape(GROUPS, _JOINED).mean(axis=1)
        completed = False
        while math.floor(PER_BEAT * state.position) > state.quarter:
            self._end_quarter(groups, state)
            completed |= state.quarter % PER_BEAT == 0
        state.total = state.total + groups
        state.frames += 1
        return completed

    def whole_beats(self, state: HistoryState) -> Float32Array:
        """Return the whole beats heard so far, ``(beats * PER_BEAT, GROUPS)``.

        To be read when a beat was completed, so that the rows begin with a beat.
        """
        return state.quarters[len(state.quarters) - state.count // PER_BEAT * PER_BEAT :]

    def _end_quarter(self, groups: Float32Array, state: HistoryState) -> None:
        """Move on to the next quarter; one too short for any frame is like its neighbour."""
        mean = state.total / np.float32(state.frames) if state.frames else groups
        state.quarters = np.concatenate([state.quarters[1:], mean[None]])
        state.count = min(state.count + 1, len(state.quarters))
        state.total, state.frames = np.zeros(GROUPS, np.float32), 0
        state.quarter += 1
