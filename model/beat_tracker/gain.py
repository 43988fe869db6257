"""Automatic gain for the networks, and detection of silence.

The networks depend on the level of their input. A slow gain brings the mix to the level at
which they work best; it is held during silence, so that hiss is not amplified.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from model.array_types import Float32Array
from model.beat_tracker.spectrum import SAMPLE_RATE

__all__ = ["BLOCK", "AutomaticGain", "GainState"]

BLOCK = 480
"""Samples over which power is measured: 10 ms."""
_WANTED = 0.1
"""Root mean square of the output."""
_UP_S, _DOWN_S = 0.5, 3.0
"""Time constants with which the level follows music that becomes louder, and softer."""
_REST_S = 20.0
"""Time constant in silence."""
_LEAST = 10 ** (-90 / 20)
"""Root mean square below which the input is silent."""
_BELOW = 10 ** (-35 / 20)
"""Level relative to that of the music below which the input is silent as well."""
_LARGEST_GAIN = _WANTED / 10 ** (-70 / 20)
_OFFSET_S = 0.1
"""Time constant with which a constant offset is tracked and removed."""
_SILENCE_S = 0.5
"""Length of silence after which the beat is left to the clock: longer than rests within a
rhythm."""
_BLOCK_S = BLOCK / SAMPLE_RATE


_MEAN: Float32Array = np.full(BLOCK, 1 / BLOCK, np.float32)
_RAMP: Float32Array = np.arange(1, BLOCK + 1, dtype=np.float32) / np.float32(BLOCK)


@dataclass(slots=True)
class GainState:
    """Level, offset and length of silence."""

    power: float = 0.0
    """Mean square of the music; 0 before any."""
    offset: float = 0.0
    """Recent mean of the samples."""
    silence_s: float = 0.0
    """Length of the present silence in seconds."""


class AutomaticGain:
    """Brings a mix to an even level."""

    def init_state(self) -> GainState:
        """Return the initial state."""
        return GainState()

    def step(self, audio: Float32Array, state: GainState) -> tuple[Float32Array, list[bool]]:
        """Amplify whole blocks.

        Args:
            audio: A multiple of :data:`BLOCK` samples; NaN and infinity count as 0.
            state: State of the stream.

        Returns:
            The samples, and for each block whether the input has been silent for 0.5 s.
        """
        if not math.isfinite(float(audio @ audio)):
            audio = np.where(np.isfinite(audio), audio, np.float32(0))
        blocks = audio.reshape(-1, BLOCK)
        offsets = [state.offset]
        for mean in (blocks @ _MEAN).tolist():
            offsets.append(offsets[-1] + (mean - offsets[-1]) * _BLOCK_S / _OFFSET_S)
        state.offset = offsets[-1]
        before, after = np.array(offsets[:-1], np.float32), np.array(offsets[1:], np.float32)
        sound = blocks - before[:, None] - (after - before)[:, None] * _RAMP
        gains, silent = [], []
        for power in (np.einsum("ij,ij->i", sound, sound) / BLOCK).tolist():
            gains.append(self._follow(power, state))
            silent.append(state.silence_s >= _SILENCE_S or not state.power)
        sound *= np.array(gains, np.float32)[:, None]
        return sound.ravel(), silent

    def _follow(self, power: float, state: GainState) -> float:
        """Update the level with a block's power; return the block's gain."""
        is_silent = power < max(_LEAST**2, state.power * _BELOW**2)
        state.silence_s = state.silence_s + _BLOCK_S if is_silent else 0.0
        if state.power:
            slowness_s = _REST_S if is_silent else _UP_S if power > state.power else _DOWN_S
            keep = math.exp(-_BLOCK_S / slowness_s)
            state.power = max(keep * state.power + (1 - keep) * power, _LEAST**2)
        elif not is_silent:
            state.power = power
        return min(_WANTED / state.power**0.5, _LARGEST_GAIN) if state.power else 0.0
