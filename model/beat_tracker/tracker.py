"""The beat tracker: beat, bar, tempo and confidence of a live mix."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.array_types import Audio, Float32Array
from model.beat_tracker.arrays import from_arrays, to_arrays
from model.beat_tracker.beat_follower import BeatFollower, FollowerState, bpm_of
from model.beat_tracker.gain import BLOCK, AutomaticGain, GainState
from model.beat_tracker.level_classifier import (
    LevelClassifier,
    LevelClassifierState,
    load_level_weights,
)
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
"""Range of tempi that can be tracked."""
_HELD = 50
"""Missing frames that the networks are stepped through: 1 s. They count time themselves, so
without that they would expect the next beats late; after more they begin anew."""


@dataclass(frozen=True, slots=True)
class TrackerEstimate:
    """The beat at one moment."""

    beat: float
    """Beat phase, 0 up to but without 1."""
    bar: float
    """Bar phase, 0 up to but without 1."""
    tempo_bpm: float
    """Beats per minute."""
    beats_per_bar: int
    """3 or 4."""
    confidence: float
    """Confidence, 0..1."""


@dataclass(slots=True)
class TrackerState:
    """States of all stages of one stream."""

    level: GainState
    waiting: Audio
    """Samples of an incomplete block, at the front; ``(BLOCK,)``."""
    waiting_count: int
    """Number of those samples."""
    spectrum: SpectrumState
    network: NetworkState
    follower: FollowerState
    classifier: LevelClassifierState
    frames: int
    """Number of frames so far."""


class CausalBeatTracker:
    """Tracks the beat of one mix, hop by hop.

    Args:
        network: Network for the activations.
        classifier: Tells the metrical level.
        identity: Identifies the weights of both.
    """

    sample_rate = SAMPLE_RATE
    """Samples per second of its input."""

    def __init__(
        self, network: BeatNetwork, classifier: LevelClassifier, identity: str
    ) -> None:
        self.identity = identity
        self._classifier = classifier
        self._level, self._spectrum, self._network = AutomaticGain(), LogSpectrum(), network
        self._follower = BeatFollower()
        self._limits = (SLOWEST_BPM, FASTEST_BPM, False)
        self._state = self._fresh()

    @property
    def silence_s(self) -> float:
        """Length of the present silence in seconds; 0 while there is sound."""
        return self._state.level.silence_s

    def listen(self, mix: Audio) -> None:
        """Process the next samples of the mix: any number, float32, mono.

        Whole blocks of 10 ms are processed at once; the rest is kept for the next call.
        """
        state = self._state
        sound = np.concatenate([state.waiting[: state.waiting_count], mix])
        whole = len(sound) // BLOCK * BLOCK
        state.waiting_count = len(sound) - whole
        state.waiting[: state.waiting_count] = sound[whole:]
        if not whole:
            return
        begin = state.spectrum.samples
        amplified, silent = self._level.step(sound[:whole], state.level)
        frames = self._spectrum.step(amplified, state.spectrum)
        activations = self._network.step(frames, state.network)
        for features, activation in zip(frames, activations, strict=True):
            end = state.frames * STEP + LOOK_AHEAD
            block = min(max(0, (end - 1 - begin) // BLOCK), len(silent) - 1)
            self._follow(features, activation, silent=silent[block])
            state.frames += 1

    def _follow(
        self, features: Float32Array, activation: Float32Array, *, silent: bool
    ) -> None:
        """Update beat and metrical level by a frame."""
        follower, told = self._state.follower, self._state.classifier
        self._follower.step(activation, follower, silent=silent)
        if follower.clock.is_set and not silent:
            self._classifier.step(features, follower.clock, told)
            self._follower.lean(told.lean, follower)

    def skip(self, samples: int) -> None:
        """Advance by missing samples of the mix: the networks and the clock go on alone."""
        state = self._state
        samples += state.waiting_count
        state.waiting_count = samples % BLOCK
        state.waiting[: state.waiting_count] = 0.0
        self._spectrum.skip(samples - state.waiting_count, state.spectrum)
        due = max(0, (state.spectrum.samples - LOOK_AHEAD) // STEP + 1)
        missing = due - state.frames
        if missing <= 0:
            return
        if missing > _HELD:
            state.network = self._network.init_state()
        else:
            self._network.step(self._spectrum.held(missing, state.spectrum), state.network)
        self._follower.advance_silently(missing, state.follower)
        state.frames = due

    def estimate(self, ahead_s: float) -> TrackerEstimate | None:
        """Return the beat ``ahead_s`` after the newest sample; None before any frame."""
        state = self._state
        if not state.follower.clock.is_set:
            return None
        beat, bar, period, metre = self._follower.read(self._frames(ahead_s), state.follower)
        confidence = self._follower.confidence(state.follower)
        return TrackerEstimate(beat, bar, bpm_of(period), metre, confidence)

    def _frames(self, ahead_s: float) -> float:
        """Return the frames from the newest one to ``ahead_s`` after the newest sample."""
        state = self._state
        heard = state.spectrum.samples + state.waiting_count
        newest = (state.frames - 1) * STEP
        return (heard - newest) / STEP + ahead_s * FRAMES_PER_SECOND

    # -- corrections by the user ------------------------------------------------------------

    def restrict(self, slowest_bpm: float, fastest_bpm: float, *, hold: bool) -> None:
        """Consider only tempi between two limits; with ``hold`` only the present one.

        The restriction outlasts :meth:`reset` and :meth:`restore`.
        """
        self._limits = (slowest_bpm, fastest_bpm, hold)
        self._follower.restrict(slowest_bpm, fastest_bpm, self._state.follower, hold=hold)

    def halve(self) -> None:
        """Count half as fast from here on, until a reset.

        Raises:
            ValueError: The new tempo is out of range, or there is no tempo yet.
        """
        self._follower.scale_tempo(0.5, self._state.follower)

    def double(self) -> None:
        """Count twice as fast from here on, until a reset.

        Raises:
            ValueError: The new tempo is out of range, or there is no tempo yet.
        """
        self._follower.scale_tempo(2.0, self._state.follower)

    def begin_bar(self, ahead_s: float) -> None:
        """Make the beat nearest to a moment a downbeat, until a reset.

        Args:
            ahead_s: Seconds after the newest sample; below 0 for the past.
        """
        self._follower.begin_bar(self._frames(ahead_s), self._state.follower)

    def tap(self, ahead_s: float, tempo_bpm: float | None, beat_in_bar: int | None) -> None:
        """Set a beat at a moment.

        Args:
            ahead_s: Seconds after the newest sample; below 0 for the past.
            tempo_bpm: Tempo of the taps; None after a single tap.
            beat_in_bar: Index of the beat in the bar, from 0; None if not known.
        """
        frames = self._frames(ahead_s)
        self._follower.tap(frames, tempo_bpm, beat_in_bar, self._state.follower)

    # -- memory -----------------------------------------------------------------------------

    def reset(self) -> None:
        """Return to the initial state, without corrections; restrictions stay."""
        self._state = self._fresh()

    def state(self) -> TrackerState:
        """Return a copy of the state, for :meth:`restore`."""
        return copy.deepcopy(self._state)

    def restore(self, memory: TrackerState) -> None:
        """Restore a state that :meth:`state` returned; restrictions stay."""
        self._state = copy.deepcopy(memory)
        self._limit()

    def packed(self, memory: TrackerState) -> Mapping[str, NDArray[Any]]:
        """Return a state as named arrays."""
        return to_arrays(memory)

    def unpacked(self, arrays: Mapping[str, NDArray[Any]]) -> TrackerState:
        """Return the state that :meth:`packed` converted to arrays.

        Raises:
            ModelConfigError: An array is missing or has another shape.
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
            self._classifier.init_state(),
            0,
        )
        self._limit()
        return self._state

    def _limit(self) -> None:
        """Apply the restrictions to the present state."""
        slowest_bpm, fastest_bpm, hold = self._limits
        self._follower.restrict(slowest_bpm, fastest_bpm, self._state.follower, hold=hold)


def load(file: Path = WEIGHTS) -> CausalBeatTracker:
    """Load a beat tracker in its initial state.

    Args:
        file: File of weights; the shipped ones if left out.

    Raises:
        CheckpointError: The weights are missing, damaged or belong to another network.
    """
    weights, identity = load_weights(file)
    level, own = load_level_weights()
    both = hashlib.sha256(f"{identity} {own}".encode()).hexdigest()
    return CausalBeatTracker(BeatNetwork(weights), LevelClassifier(level), both)
