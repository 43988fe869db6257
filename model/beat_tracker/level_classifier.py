"""Evidence of the metrical level from what repeats: is every beat one, or every second?

The networks' activations say little about it: a song counted twice too fast has all its beats
where some are tracked. What tells is how the music repeats over beats, its pattern within the
beat, and how much even beats differ from odd ones; a small network weighs that.

The question is always about a pair of tempi an octave apart, and asked of the faster one, so
that the answer stays the same whichever of the two is followed.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load

from model.array_types import Float32Array
from model.beat_tracker.beat_history import BEATS, GROUPS, PER_BEAT, BeatHistory, HistoryState
from model.beat_tracker.clock import ClockState
from model.beat_tracker.metrical_level import SLOWEST_FAST_PERIOD
from model.errors import CheckpointError

__all__ = [
    "INPUTS",
    "LEVEL_WEIGHTS",
    "LevelClassifier",
    "LevelClassifierState",
    "level_inputs",
    "load_level_weights",
]

LEVEL_WEIGHTS = Path(__file__).with_name("metrical_level.safetensors")
"""Weights of the shipped network; ``python -m tools.level_weights`` makes them."""

_LAGS = (1, 2, 4, 6, 8, 12, 16, 24, 32)
"""Distances over which the music is compared with itself, in quarters of a fast beat."""
INPUTS = (len(_LAGS) + PER_BEAT + 1) * GROUPS + 2
_LEAST_BEATS = 8
"""Fast beats before the first answer."""
_QUIET = 0.02
"""Added to the deviation of each group, so that silent ones count for nothing."""
_MEMORY = 32
"""Fast beats over which answers are averaged."""
_SETTLED = 8
"""Answers until the average counts fully."""
_OTHER_PAIR = 0.3
"""Change of the tempo in octaves, whole octaves apart, from which on it is other music."""

_Weights = Mapping[str, NDArray[np.float32]]


@dataclass(slots=True)
class LevelClassifierState:
    """History of the music, and the answers so far."""

    history: HistoryState
    log_period: float = 0.0
    """Log2 of the frames per fast beat; 0 before the first."""
    log_odds: float = 0.0
    """Mean log-odds that the slower tempo of the pair is the beat."""
    answers: int = 0
    """Number of answers averaged, at most :data:`_MEMORY`."""

    @property
    def lean(self) -> float:
        """How much speaks for the slower tempo, -1..1; below 0 for the faster one."""
        certain = min(1.0, self.answers / _SETTLED)
        return certain * min(1.0, max(-1.0, self.log_odds))


class LevelClassifier:
    """Weighs which of two tempi an octave apart is the beat, once a beat.

    Args:
        weights: As :func:`load_level_weights` returns them.

    Raises:
        CheckpointError: An array is missing or has another shape.
    """

    def __init__(self, weights: _Weights) -> None:
        hidden = len(weights["hidden.bias"]) if "hidden.bias" in weights else 0
        shapes = {"hidden.weight": (hidden, INPUTS), "out.weight": (hidden,), "out.bias": (1,)}
        for name, shape in shapes.items():
            if name not in weights or weights[name].shape != shape:
                raise CheckpointError(f"metrical level: {name} must have shape {shape}")
        self._weights = weights
        self._history = BeatHistory()

    def init_state(self) -> LevelClassifierState:
        """Return the state before anything was heard."""
        return LevelClassifierState(self._history.init_state())

    def step(
        self, features: Float32Array, clock: ClockState, state: LevelClassifierState
    ) -> bool:
        """Take in a frame of the spectrum; return whether there is a new answer.

        Args:
            features: ``(FEATURES,)``.
            clock: Beat clock at that frame, set.
            state: State of the stream.
        """
        factor = 1 if clock.period < SLOWEST_FAST_PERIOD else 2
        log_period = math.log2(clock.period / factor)
        if state.log_period and abs(log_period - state.log_period) > _OTHER_PAIR:
            state.history = self._history.init_state()
            state.log_odds, state.answers = 0.0, 0
        state.log_period = log_period
        completed = self._history.step(features, factor * clock.phase % 1.0, state.history)
        quarters = self.whole_beats(state)
        if not completed or len(quarters) < _LEAST_BEATS * PER_BEAT:
            return False
        state.answers = min(state.answers + 1, _MEMORY)
        answer = self.log_odds(level_inputs(quarters, log_period))
        state.log_odds += (answer - state.log_odds) / state.answers
        return True

    def whole_beats(self, state: LevelClassifierState) -> Float32Array:
        """Return the fast beats heard so far, ``(beats * PER_BEAT, GROUPS)``."""
        return self._history.whole_beats(state.history)

    def log_odds(self, inputs: Float32Array) -> float:
        """Return the network's answer to what :func:`level_inputs` returned."""
        weights = self._weights
        hidden = np.maximum(weights["hidden.weight"] @ inputs + weights["hidden.bias"], 0.0)
        return float(weights["out.weight"] @ hidden + weights["out.bias"][0])


def level_inputs(quarters: Float32Array, log_period: float) -> Float32Array:
    """Return what the network is told, ``(INPUTS,)``.

    Args:
        quarters: Whole fast beats, ``(beats * PER_BEAT, GROUPS)``.
        log_period: Log2 of the frames per fast beat.

    Returns:
        Of every group its correlation with itself over each lag, its mean in each quarter, and
        the mean difference of even from odd beats; then the period, and how long the history
        is as a share of the full one.
    """
    even = (quarters - quarters.mean(axis=0)) / (quarters.std(axis=0) + _QUIET)
    beats = even.reshape(-1, PER_BEAT, GROUPS)
    pairs = beats[: len(beats) // 2 * 2].reshape(-1, 2, PER_BEAT, GROUPS).mean(axis=0)
    lags = [
        (even[lag:] * even[:-lag]).mean(axis=0)
        if len(even) > lag + PER_BEAT
        else np.zeros(GROUPS)
        for lag in _LAGS
    ]
    length = len(quarters) / (BEATS * PER_BEAT)
    parts: list[Any] = [*lags, *beats.mean(axis=0), np.abs(pairs[0] - pairs[1]).mean(axis=0)]
    return np.concatenate([*parts, [log_period, length]]).astype(np.float32)


def load_level_weights(
    file: Path = LEVEL_WEIGHTS,
) -> tuple[dict[str, NDArray[np.float32]], str]:
    """Return the network's arrays, and the file's SHA-256.

    Args:
        file: File of weights; the shipped ones if left out.

    Raises:
        CheckpointError: It is missing or damaged.
    """
    try:
        data = file.read_bytes()
        return load(data), hashlib.sha256(data).hexdigest()
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"{file}: the weights of the metrical level cannot be read ({error}); install again"
        ) from error
