"""The beat tracker as a whole: hears a mix, tells beat, bar, tempo and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.beat_tracker.arrays import from_arrays, to_arrays
from model.beat_tracker.follower import BeatFollower, FollowerState, bpm_of
from model.beat_tracker.gain import BLOCK, AutomaticGain, GainState
from model.beat_tracker.network import BeatNetwork, NetworkState
from model.beat_tracker.spectrum import (
    FRAMES_PER_SECOND,
    LOOK_AHEAD,
    SAMPLE_RATE,
    STEP,
    LogSpectrum,
    SpectrumState,
)
from model.beat_tracker.weights import WEIGHTS, load_weights

__all__ = [
    "FASTEST_BPM",
    "SLOWEST_BPM",
    "CausalBeatTracker",
    "TrackerEstimate",
    "TrackerState",
    "load",
]

SLOWEST_BPM, FASTEST_BPM = 55.0, 215.0
"""Tempi it can follow."""
Audio = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TrackerEstimate:
    """What is made out of one moment."""

    beat: float
    """How much of the beat has passed, 0 up to but without 1."""
    bar: float
    """How much of the bar has passed, likewise."""
    tempo_bpm: float
    """Beats per minute."""
    beats_per_bar: int
    """3 or 4."""
    confidence: float
    """How sure it is, 0..1."""


@dataclass(slots=True)
class TrackerState:
    """What a stream has heard, stage by stage."""

    level: GainState
    waiting: Audio
    """Samples that fill no block yet, in front; ``(BLOCK,)``."""
    waiting_count: int
    """How many they are."""
    spectrum: SpectrumState
    network: NetworkState
    follower: FollowerState
    frames: int
    """Frames of the spectrum so far."""

    def clone(self) -> TrackerState:
        """Return an independent copy."""
        return TrackerState(
            self.level.clone(),
            self.waiting.copy(),
            self.waiting_count,
            self.spectrum.clone(),
            self.network.clone(),
            self.follower.clone(),
            self.frames,
        )


class CausalBeatTracker:
    """Tracks the beat of one mix, hop by hop; all it remembers is one state.

    Args:
        network: Tells beats from everything else.
        identity: Names its weights.
    """

    sample_rate = SAMPLE_RATE
    """Samples per second that it listens at."""

    def __init__(self, network: BeatNetwork, identity: str) -> None:
        self.identity = identity
        self._level, self._spectrum, self._network = AutomaticGain(), LogSpectrum(), network
        self._follower = BeatFollower()
        self._limits = (SLOWEST_BPM, FASTEST_BPM, False)
        self._state = self._fresh()

    @property
    def silence_s(self) -> float:
        """For how long nothing has been heard, in seconds; 0 while there is sound."""
        return self._state.level.silence_s

    def listen(self, mix: Audio) -> None:
        """Hear what comes next of the mix: any number of samples, float32, mono.

        Whole blocks of 10 ms are heard at once, what is left over waits for more.
        """
        state = self._state
        sound = np.concatenate([state.waiting[: state.waiting_count], mix])
        whole = len(sound) // BLOCK * BLOCK
        state.waiting_count = len(sound) - whole
        state.waiting[: state.waiting_count] = sound[whole:]
        if not whole:
            return
        begin = state.spectrum.samples
        even, silent = self._level.step(sound[:whole], state.level)
        frames = self._spectrum.step(even, state.spectrum)
        for activation in self._network.step(frames, state.network):
            end = state.frames * STEP + LOOK_AHEAD
            block = min(max(0, (end - 1 - begin) // BLOCK), len(silent) - 1)
            self._follower.step(activation, state.follower, silent=silent[block])
            state.frames += 1

    def skip(self, samples: int) -> None:
        """Let samples of the mix pass that nobody heard: only the clock runs."""
        state = self._state
        samples += state.waiting_count
        state.waiting_count = samples % BLOCK
        state.waiting[: state.waiting_count] = 0.0
        self._spectrum.skip(samples - state.waiting_count, state.spectrum)
        due = max(0, (state.spectrum.samples - LOOK_AHEAD) // STEP + 1)
        if due > state.frames:
            self._follower.pass_over(due - state.frames, state.follower)
            state.frames = due

    def estimate(self, ahead_s: float) -> TrackerEstimate | None:
        """Return the beat so many seconds after the newest sample; None before any frame."""
        state = self._state
        if not state.follower.clock.is_set:
            return None
        beat, bar, period, metre = self._follower.read(self._frames(ahead_s), state.follower)
        confidence = self._follower.confidence(state.follower)
        return TrackerEstimate(beat, bar, bpm_of(period), metre, confidence)

    def _frames(self, ahead_s: float) -> float:
        """Return frames from the newest one to some seconds after the newest sample."""
        state = self._state
        heard = state.spectrum.samples + state.waiting_count
        newest = (state.frames - 1) * STEP
        return (heard - newest) / STEP + ahead_s * FRAMES_PER_SECOND

    # -- a player's word --------------------------------------------------------------------

    def restrict(self, slowest_bpm: float, fastest_bpm: float, *, hold: bool) -> None:
        """Consider only tempi between two; with ``hold`` only the one there is.

        It holds for all that is heard from now on, whatever is forgotten.
        """
        self._limits = (slowest_bpm, fastest_bpm, hold)
        self._follower.restrict(slowest_bpm, fastest_bpm, self._state.follower, hold=hold)

    def halve(self) -> None:
        """Count half as fast from here on, until a reset.

        Raises:
            ValueError: That is slower than it can or may follow, or nothing was heard yet.
        """
        self._follower.halve(self._state.follower)

    def double(self) -> None:
        """Count twice as fast from here on, until a reset.

        Raises:
            ValueError: That is faster than it can or may follow, or nothing was heard yet.
        """
        self._follower.double(self._state.follower)

    def begin_bar(self, ahead_s: float) -> None:
        """Let the beat nearest to a moment begin a bar, and count on from there, until a reset.

        Args:
            ahead_s: Seconds after the newest sample; below 0 for the past.
        """
        self._follower.begin_bar(self._frames(ahead_s), self._state.follower)

    def tap(self, ahead_s: float, tempo_bpm: float | None, beat_in_bar: int | None) -> None:
        """Take it that a beat lies near a moment.

        Args:
            ahead_s: Seconds after the newest sample; below 0 for the past.
            tempo_bpm: Tempo of the taps; None where there was but one.
            beat_in_bar: Which beat it is, from 0; None if not known.
        """
        frames = self._frames(ahead_s)
        self._follower.tap(frames, tempo_bpm, beat_in_bar, self._state.follower)

    # -- memory -----------------------------------------------------------------------------

    def reset(self) -> None:
        """Forget all that was heard, and corrections; what it is restricted to stays."""
        self._state = self._fresh()

    def state(self) -> TrackerState:
        """Return a copy of what was heard, to :meth:`restore` at any time."""
        return self._state.clone()

    def restore(self, memory: TrackerState) -> None:
        """Remember what :meth:`state` kept; what it is restricted to stays."""
        self._state = memory.clone()
        self._limit()

    def packed(self, memory: TrackerState) -> Mapping[str, NDArray[Any]]:
        """Return what :meth:`state` kept as named arrays."""
        return to_arrays(memory)

    def unpacked(self, arrays: Mapping[str, NDArray[Any]]) -> TrackerState:
        """Return the memory that :meth:`packed` made arrays of.

        Raises:
            ConfigError: An array is missing or has another shape.
        """
        return from_arrays(arrays, self._fresh())

    def _fresh(self) -> TrackerState:
        self._state = TrackerState(
            self._level.init_state(),
            np.zeros(BLOCK, np.float32),
            0,
            self._spectrum.init_state(),
            self._network.init_state(),
            self._follower.init_state(),
            0,
        )
        self._limit()
        return self._state

    def _limit(self) -> None:
        """Have the follower keep to the limits, with the present state."""
        slowest_bpm, fastest_bpm, hold = self._limits
        self._follower.restrict(slowest_bpm, fastest_bpm, self._state.follower, hold=hold)


def load(file: Path = WEIGHTS) -> CausalBeatTracker:
    """Return a beat tracker which has heard nothing.

    Args:
        file: Its weights; the shipped ones if left out.

    Raises:
        CheckpointError: The weights are missing, damaged or of another network.
    """
    weights, identity = load_weights(file)
    return CausalBeatTracker(BeatNetwork(weights), identity)
