"""Features that scores are computed from: 16 kHz audio at one level, and spectra of it."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from model.array_types import Float64Array
from model.layers.spectrum import mel_filters

__all__ = ["LISTENING_RATE", "chroma", "level_db", "log_mel", "normalised", "spectra"]


LISTENING_RATE = 16_000
"""Frames per second of everything that is scored."""
LISTENING_LEVEL = 10 ** (-18 / 20)
"""RMS to which every sound is scaled, so that no score rewards loudness."""
SILENCE = 1e-6
"""RMS below which a sound is not scaled: -120 dB."""
CHROMA_WINDOW, CHROMA_HOP = 4096, 1600
CHROMA_RANGE_HZ = (60.0, 2500.0)
MEL_WINDOW, MEL_HOP = 1024, 160


def normalised(audio: NDArray[Any], sample_rate: int) -> Float64Array:
    """Return a sound as scores use it: 16 kHz, at -18 dB RMS; silence stays silence.

    Args:
        audio: ``(frames,)``, at any level.
        sample_rate: Its frames per second.

    Returns:
        Float64 ``(frames * 16000 / sample_rate,)``.
    """
    common = math.gcd(LISTENING_RATE, sample_rate)
    heard: Float64Array = resample_poly(
        np.asarray(audio, np.float64), LISTENING_RATE // common, sample_rate // common
    )
    level = float(np.sqrt(np.mean(heard**2)))
    return heard * (LISTENING_LEVEL / level) if level > SILENCE else np.zeros_like(heard)


def level_db(audio: NDArray[Any]) -> float:
    """Return the RMS level of a sound in dB relative to full scale; -120 for silence."""
    power = float(np.mean(np.square(audio, dtype=np.float64)))
    return 10 * math.log10(max(power, SILENCE**2))


def spectra(heard: Float64Array, window: int, hop: int) -> Float64Array:
    """Return magnitudes of Hann-windowed slices, ``(slices, window // 2 + 1)``.

    Slice n is centred on frame ``n * hop``; there are ``ceil(frames / hop)`` slices.
    """
    padded = np.pad(heard, (window // 2, window))
    slices = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop]
    kept = slices[: -(-len(heard) // hop)]
    magnitudes: Float64Array = np.abs(np.fft.rfft(kept * np.hanning(window)))
    return magnitudes


def log_mel(
    heard: Float64Array, bands: int, *, window: int = MEL_WINDOW, hop: int = MEL_HOP
) -> Float64Array:
    """Return the natural log of mel magnitudes, ``(slices, bands)``; floor near -9."""
    filters = _filters(window, bands)
    mel: Float64Array = np.log(spectra(heard, window, hop) @ filters * (2 / window) + 1e-4)
    return mel


def chroma(heard: Float64Array) -> Float64Array:
    """Return the energy of the 12 pitch classes every 0.1 s, ``(slices, 12)``; C is 0.

    From 60 to 2500 Hz, every bin of a 0.256 s window given to its nearest equal-tempered
    pitch class at A = 440 Hz.
    """
    hz = np.fft.rfftfreq(CHROMA_WINDOW, 1 / LISTENING_RATE)
    kept = (hz >= CHROMA_RANGE_HZ[0]) & (hz <= CHROMA_RANGE_HZ[1])
    classes = (np.round(12 * np.log2(hz[kept] / 440)).astype(int) + 9) % 12
    energy = spectra(heard, CHROMA_WINDOW, CHROMA_HOP)[:, kept] ** 2
    summed: Float64Array = energy @ np.eye(12)[classes]
    return summed


@cache
def _filters(window: int, bands: int) -> Float64Array:
    filters: Float64Array = mel_filters(LISTENING_RATE, window, bands).numpy()
    return filters
