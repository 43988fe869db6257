"""The bar-pointer filter: probabilities of metre, tempo and position in the bar.

The forward algorithm of a hidden Markov model. Its belief is the probability of every state
given the frames so far; each frame it moves on by one position, may change the tempo where a
beat ends, and is weighted by the likelihood of the frame's activations.

Beats and tempo are not read here: :mod:`~model.beat_tracker.beat_follower` does that, with the
metrical level, the beat clock, confidence and silence; the states are laid out in
:mod:`~model.beat_tracker.state_space`.

Source:
    Transitions and observations: Krebs, Böck and Widmer 2015; Böck, Krebs and Widmer 2016.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model._native import ffi, lib
from model.array_types import Float32Array
from model.beat_tracker.spectrum import FRAMES_PER_SECOND
from model.beat_tracker.state_space import StateSpace

__all__ = ["BarPointer", "Belief"]

_RIGIDITY = 60.0
"""Tempo changes by a ratio r at a beat have probabilities in proportion to exp(-60 |r - 1|)."""
_NEVER = 1e-12
"""Smaller probabilities count as 0, since subnormal numbers are slow."""
_SHARE = 16
"""A beat is observed in the first sixteenth of its period."""
_FLOOR = 1e-3
"""Lower limit of the activations."""
_LEAK = 1e-6
"""Share of the belief that is replaced by a uniform one every frame, to find another song."""
_TAP_S = 0.05
"""Standard deviation of a tap from its beat."""
_NO_TAP = 0.02
"""Likelihood of a tap far from any beat, relative to one on a beat."""

Weights = NDArray[np.float64]

Belief = Float32Array
"""Probability of every state, ``(states,)``, of sum 1."""


class BarPointer:
    """Updates beliefs frame by frame; in C (``model/native/bar_pointer.c``).

    Args:
        space: The state space.
    """

    def __init__(self, space: StateSpace) -> None:
        self.space = space
        ratio = space.periods / space.periods[:, None]
        jump = np.exp(-_RIGIDITY * np.abs(ratio - 1))
        jump[jump < _NEVER] = 0.0
        self._jump = (jump / jump.sum(axis=1, keepdims=True)).astype(np.float32)
        beats, downbeats = space.windows(_SHARE)
        self._beat_share = float(space.uniform[beats].sum())
        self._downbeat_share = float(space.uniform[downbeats].sum())
        self._held_s = space.periods / FRAMES_PER_SECOND
        self._free = np.ones(len(space.periods), np.float32)
        self._allowed, self._uniform = self._free, space.uniform
        self._sums = np.empty(len(self._segments) - 1, np.float32)
        self._native = self._native_space(beats, downbeats)

    @property
    def allowed(self) -> NDArray[np.bool_]:
        """Tempi that are considered, ``(tempi,)``."""
        return self._allowed > 0

    def allow(self, tempi: NDArray[np.bool_]) -> None:
        """Consider only these tempi from the next step on."""
        self._allowed = tempi.astype(np.float32)
        uniform = self.space.uniform * self._allowed[self.space.tempo]
        self._uniform = uniform / uniform.sum()

    def uniform(self) -> Belief:
        """Return the initial belief: uniform over the tempi that are considered."""
        return self._uniform.copy()

    def restricted(self, belief: Belief) -> Belief:
        """Return a belief restricted to the tempi considered; uniform if nothing is left."""
        kept = belief * self._allowed[self.space.tempo]
        if np.array_equal(kept, belief):
            return belief
        total = float(kept.sum())
        return kept / total if total > _NEVER else self.uniform()

    def step(
        self, belief: Belief, beat: float, downbeat: float, reluctance: Weights | None = None
    ) -> tuple[Belief, float]:
        """Update a belief by one frame.

        Args:
            belief: Belief after the frame before.
            beat: Probability that this frame is a beat other than a downbeat.
            downbeat: Probability that it is a downbeat.
            reluctance: Penalty of every tempo in nats per second, ``(tempi,)``.

        Returns:
            The new belief, and the evidence: the log-likelihood of the frame under the belief
            relative to one with unknown position, in nats.
        """
        held = self._free
        if reluctance is not None:
            held = np.exp(-reluctance * self._held_s).astype(np.float32)
        neither = max(1 - beat - downbeat, _FLOOR) / (_SHARE - 1)
        beat, downbeat = max(beat, _FLOOR) / neither, max(downbeat, _FLOOR) / neither
        moved = np.empty_like(belief)
        likely = lib.lb_bar_step(
            self._native,
            *(_floats(each) for each in (belief, moved, held, self._allowed, self._uniform)),
            beat,
            downbeat,
            _LEAK,
        )
        chance = 1 + self._beat_share * (beat - 1) + self._downbeat_share * (downbeat - 1)
        return moved, math.log(max(likely, _NEVER) / chance)

    def _native_space(
        self, beats: NDArray[np.int64], downbeats: NDArray[np.int64]
    ) -> ffi.CData:
        """Return the state space as a C struct."""
        space = self.space
        ends, begins = space.joints
        points = np.ascontiguousarray(space.beat_points.T)
        native = ffi.new("lb_space *")
        native.states, native.tempi, native.joints = space.size, *reversed(ends.shape)
        native.beats, native.downbeats = len(beats), len(downbeats)
        native.segments = len(self._sums)
        arrays = {
            "ends": ends,
            "begins": begins,
            "beat": beats,
            "downbeat": downbeats,
            "segment": self._segments,
            "segment_tempo": space.tempo[self._segments[:-1]],
        }
        self._kept = {name: _indices(array) for name, array in arrays.items()}
        self._kept |= {
            "jump": _floats(self._jump),
            "cosine": _floats(points[0]),
            "sine": _floats(points[1]),
        }
        for name, pointer in self._kept.items():
            setattr(native, name, pointer)
        return native

    # -- marginals of a belief --------------------------------------------------------------

    @cached_property
    def _segments(self) -> NDArray[np.int64]:
        """First state of every beat of every row, and the number of states."""
        space = self.space
        firsts = [
            (first[:, None] + np.arange(metre) * space.periods[:, None]).ravel()
            for metre, first in zip(space.metres, space.begins.reshape(space.rows), strict=True)
        ]
        return np.concatenate([*firsts, [space.size]])

    def tempi(self, belief: Belief) -> Float32Array:
        """Return the probability of every tempo, ``(tempi,)``."""
        tempi = np.empty(len(self.space.periods), np.float32)
        sums = _floats(self._sums)
        lib.lb_bar_sums(self._native, _floats(belief), sums, _floats(tempi))
        return tempi

    def bars(self, belief: Belief, tempi: slice) -> list[Weights]:
        """Return the probability of each beat of the bar, ``(beats,)`` for each metre.

        Args:
            belief: The belief.
            tempi: Range of tempi that are summed.
        """
        self.tempi(belief)
        begin, bars = 0, []
        for metre in self.space.metres:
            end = begin + metre * len(self.space.periods)
            by_tempo = self._sums[begin:end].reshape(-1, metre)
            bars.append(by_tempo[tempi].sum(axis=0, dtype=np.float64))
            begin = end
        return bars

    def beat_phase(self, belief: Belief, first: int, last: int) -> float:
        """Return the circular mean of the beat phase, 0..1.

        Args:
            belief: The belief.
            first: Index of the fastest tempo that is summed.
            last: Index of the slowest one.
        """
        cosine, sine, kept = ffi.new("double *"), ffi.new("double *"), _floats(belief)
        for begins, ends in zip(*self._rows, strict=True):
            lib.lb_bar_phase(self._native, kept, begins[first], ends[last], cosine, sine)
        return math.atan2(sine[0], cosine[0]) / (2 * math.pi) % 1.0

    @cached_property
    def _rows(self) -> tuple[list[list[int]], list[list[int]]]:
        """First state of every row, and the one after its last: ``(metres, tempi)`` each."""
        begins = self.space.begins.reshape(self.space.rows)
        return begins.tolist(), (begins + self.space.lengths).tolist()

    # -- corrections ------------------------------------------------------------------------

    def mixed_with(
        self, belief: Belief, share: float, period: float, phase: float, beats: list[Weights]
    ) -> Belief:
        """Return a belief mixed with one at a given tempo and beat phase.

        Args:
            belief: The belief.
            share: Share of the given tempo and phase, 0..1.
            period: Frames per beat, between the shortest and the longest of the space.
            phase: Beat phase, 0..1.
            beats: Probability of each beat of the bar, ``(beats,)`` per metre; of sum 1 in all.
        """
        space, mixed = self.space, belief * np.float32(1 - share)
        shortest = int(min(max(period, space.shortest), space.longest - 1))
        for metre, likely in enumerate(beats):
            for frames in (shortest, shortest + 1):
                weight = share * max(0.0, 1 - abs(period - frames))
                row = space.begins.reshape(space.rows)[metre, frames - space.shortest]
                places = (np.arange(len(likely)) + phase) * frames
                whole = places.astype(np.int64)
                part, length = places - whole, len(likely) * frames
                np.add.at(mixed, row + whole % length, weight * likely * (1 - part))
                np.add.at(mixed, row + (whole + 1) % length, weight * likely * part)
        return self.restricted(mixed)

    def with_tap(self, belief: Belief, ahead: float) -> Belief:
        """Return a belief updated by a tapped beat, ``ahead`` frames after the newest frame."""
        space = self.space
        beats = space.beats + ahead / space.periods[space.tempo]
        off_s = (beats - np.round(beats)) * space.periods[space.tempo] / FRAMES_PER_SECOND
        likely = _NO_TAP + np.exp(-0.5 * (off_s / _TAP_S) ** 2)
        weighed = belief * likely.astype(np.float32)
        now: Belief = weighed / weighed.sum()
        return now


def _floats(array: Float32Array) -> ffi.CData:
    return ffi.from_buffer("float[]", array)


def _indices(array: NDArray[np.int64]) -> ffi.CData:
    return ffi.from_buffer("int32_t[]", np.ascontiguousarray(array, np.int32))
