"""The beat tracker's input features: log-spaced bands of the spectrum, and their increases.

The network was trained on sound at 22.05 kHz, windows of 1411 samples every 441. At 48 kHz a
window of 3072 samples every 960 has the same bins, 15.6 Hz apart, and the same 50 frames a
second, so nothing has to be resampled; only the window is scaled.

Source:
    Features of Heydari et al. 2021 (arXiv:2108.03576), after Böck et al. 2016.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model._native import ffi, lib
from model.array_types import Float32Array

__all__ = [
    "BANDS",
    "FEATURES",
    "FRAME",
    "FRAMES_PER_SECOND",
    "LOOK_AHEAD",
    "SAMPLE_RATE",
    "STEP",
    "LogSpectrum",
    "SpectrumState",
    "log_bands",
]

SAMPLE_RATE = 48_000
"""Samples per second."""
FRAME = 3072
"""Samples in a window: 64 ms."""
STEP = 960
"""Samples from one window to the next: 20 ms."""
FRAMES_PER_SECOND = SAMPLE_RATE // STEP
LOOK_AHEAD = FRAME // 2
"""Samples of a window after its middle; frame n is centred at ``n * STEP``."""
BANDS = 136
FEATURES = 2 * BANDS
"""Features per frame: the bands, and their increases since the frame before."""

_TRAINED_RATE, _TRAINED_FRAME = 22_050, 1411
_BINS = 705
_PER_OCTAVE, _TUNING_HZ, _LOW_HZ, _HIGH_HZ = 24, 440.0, 30.0, 17_000.0


def log_bands() -> Float32Array:
    """Return triangular bands, 24 an octave and each of sum 1, ``(bins, BANDS)``."""
    low, high = (_PER_OCTAVE * np.log2(hz / _TUNING_HZ) for hz in (_LOW_HZ, _HIGH_HZ))
    centres = _TUNING_HZ * 2 ** (np.arange(np.floor(low), np.ceil(high)) / _PER_OCTAVE)
    centres = centres[(centres >= _LOW_HZ) & (centres <= _HIGH_HZ)]
    bins_hz = np.arange(_BINS) * _TRAINED_RATE / _TRAINED_FRAME
    nearest = np.abs(bins_hz - centres[:, None]).argmin(axis=1)
    edges = np.unique(np.clip(nearest, 1, _BINS - 1))
    bands = np.zeros((len(edges) - 2, _BINS))
    for band, first, middle, end in zip(bands, edges, edges[1:], edges[2:], strict=False):
        if end - first < 2:  # too narrow for a triangle: a single bin
            band[first] = 1.0
            continue
        band[first:middle] = np.arange(middle - first) / (middle - first)
        band[middle:end] = 1 - np.arange(end - middle) / (end - middle)
    bands /= bands.sum(axis=1, keepdims=True)
    return np.ascontiguousarray(bands.T, np.float32)


@dataclass(slots=True)
class SpectrumState:
    """Newest samples and bands of a stream."""

    heard: Float32Array
    """The newest samples, ``(FRAME,)``."""
    samples: int
    """Number of samples so far."""
    last: Float32Array
    """Bands of the frame before, ``(BANDS,)``."""
    begun: int
    """Whether there was a frame before, 0 or 1."""


class LogSpectrum:
    """Computes frames of :data:`FEATURES` numbers from samples."""

    def __init__(self) -> None:
        window = np.hanning(FRAME) * _TRAINED_FRAME / FRAME
        self._window = window.astype(np.float32)
        matrix = log_bands()
        bands, bins = np.nonzero(matrix.T)
        self._kept = (
            np.searchsorted(bands, np.arange(BANDS + 1)).astype(np.int32),
            bins.astype(np.int32),
            np.ascontiguousarray(matrix[bins, bands]),
        )
        self._native = ffi.new("lb_bands *")
        self._native.bands = BANDS
        self._native.first = ffi.from_buffer("int32_t[]", self._kept[0])
        self._native.bins = ffi.from_buffer("int32_t[]", self._kept[1])
        self._native.weights = ffi.from_buffer("float[]", self._kept[2])

    def init_state(self) -> SpectrumState:
        """Return the initial state."""
        return SpectrumState(np.zeros(FRAME, np.float32), 0, np.zeros(BANDS, np.float32), 0)

    def step(self, audio: Float32Array, state: SpectrumState) -> Float32Array:
        """Take any number of samples; return the completed frames, ``(frames, FEATURES)``."""
        sound = np.concatenate([state.heard, audio])
        origin = state.samples - FRAME
        state.samples += len(audio)
        state.heard = sound[len(audio) :].copy()
        first = max(0, -(-(origin + FRAME + 1 - LOOK_AHEAD) // STEP))
        begins = range(
            first * STEP - LOOK_AHEAD - origin, state.samples - FRAME + 1 - origin, STEP
        )
        if not begins:
            return np.zeros((0, FEATURES), np.float32)
        windows = np.empty((len(begins), FRAME), np.float32)
        for window, begin in zip(windows, begins, strict=True):
            np.multiply(sound[begin : begin + FRAME], self._window, out=window)
        spectra = np.fft.rfft(windows)
        features = np.empty((len(begins), FEATURES), np.float32)
        last = ffi.from_buffer("float[]", state.last)
        for spectrum, row in zip(spectra, features, strict=True):
            heard = ffi.from_buffer("float[]", spectrum.view(np.float32))
            out = ffi.from_buffer("float[]", row)
            lib.lb_log_bands(self._native, heard, last, state.begun, out)
            state.begun = 1
        return features

    def skip(self, samples: int, state: SpectrumState) -> None:
        """Replace missing samples by silence, without computing frames of it."""
        kept = state.heard[min(samples, FRAME) :]
        state.heard = np.concatenate([kept, np.zeros(FRAME - len(kept), np.float32)])
        state.samples += samples

    def held(self, frames: int, state: SpectrumState) -> Float32Array:
        """Return ``frames`` frames in which the newest one lasts, ``(frames, FEATURES)``."""
        features = np.zeros((frames, FEATURES), np.float32)
        features[:, :BANDS] = state.last
        return features
