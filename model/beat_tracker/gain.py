"""Automatic gain for the networks, and detection of silence.

The networks are not free of level. A slow gain brings the mix to the level they were found to
like best; it rests where there is silence, so that hiss is not made loud.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.beat_tracker.spectrum import SAMPLE_RATE

__all__ = ["BLOCK", "AutomaticGain", "GainState"]

BLOCK = 480
"""Samples over which power is measured: 10 ms."""
_WANTED = 0.1
"""Root mean square of what the networks hear."""
_UP_S, _DOWN_S = 0.5, 3.0
"""How slowly the level that is told follows music that becomes louder, and softer."""
_REST_S = 20.0
"""The same in silence."""
_LEAST = 10 ** (-90 / 20)
"""Root mean square below which there is silence."""
_BELOW = 10 ** (-35 / 20)
"""By how much music may be softer than it was before that is silence as well."""
_LARGEST_GAIN = _WANTED / 10 ** (-70 / 20)
_OFFSET_S = 0.1
"""How slowly a constant offset is followed, and taken away."""
_SILENCE_S = 0.5
"""How long it has to be silent until the beat is left to the clock: longer than rests within a
rhythm."""
_BLOCK_S = BLOCK / SAMPLE_RATE

Array = NDArray[np.float32]

_MEAN: Array = np.full(BLOCK, 1 / BLOCK, np.float32)
_RAMP: Array = np.arange(1, BLOCK + 1, dtype=np.float32) / np.float32(BLOCK)


@dataclass(slots=True)
class GainState:
    """What is known of the level."""

    power: float = 0.0
    """Mean square of the music; 0 before any."""
    offset: float = 0.0
    """Mean of the samples of late."""
    silence_s: float = 0.0
    """For how long there has been silence."""

    def clone(self) -> GainState:
        """Return an independent copy."""
        return GainState(self.power, self.offset, self.silence_s)


class AutomaticGain:
    """Makes the level of a mix even."""

    def init_state(self) -> GainState:
        """Return what is known before anything was heard."""
        return GainState()

    def step(self, audio: Array, state: GainState) -> tuple[Array, list[bool]]:
        """Even out whole blocks.

        Args:
            audio: A multiple of :data:`BLOCK` samples; NaN and infinity count as 0.
            state: Of the stream.

        Returns:
            The samples, and for each block whether it has been silent for long.
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
        """Take in a block's power; return the gain for it."""
        is_silent = power < max(_LEAST**2, state.power * _BELOW**2)
        state.silence_s = state.silence_s + _BLOCK_S if is_silent else 0.0
        if state.power:
            slowness_s = _REST_S if is_silent else _UP_S if power > state.power else _DOWN_S
            keep = math.exp(-_BLOCK_S / slowness_s)
            state.power = max(keep * state.power + (1 - keep) * power, _LEAST**2)
        elif not is_silent:
            state.power = power
        return min(_WANTED / state.power**0.5, _LARGEST_GAIN) if state.power else 0.0
