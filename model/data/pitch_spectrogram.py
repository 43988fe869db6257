"""Spectrogram with one row per semitone, for pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.data.audiofile import SAMPLE_RATE

__all__ = ["LOWEST_PITCH", "ROWS", "pitch_spectrogram"]

LOWEST_PITCH = 24
"""MIDI pitch of the lowest row: C1, 33 Hz."""
ROWS = 108
"""Nine octaves, up to 16 kHz."""

_WINDOWS = (16384, 8192, 4096, 2048, 1024)
"""Frames of the analysis windows, from the lowest pitches to the highest."""
_LEAST_PERIODS = 17.0
"""Periods of a pitch that a window has to hold in order to tell it from the next semitone."""
_FLOOR = 1e-6


def pitch_spectrogram(audio: NDArray[np.float32], columns: int) -> NDArray[np.float64]:
    """Return the level of every semitone over time, in dB; a full-scale sine has about 0.

    Low pitches are analysed with long windows and high ones with short windows, so that low
    notes can be told apart and high attacks stay sharp. That is the idea of the constant-Q
    transform (Brown 1991, J. Acoust. Soc. Am. 89), here on five window lengths.

    Args:
        audio: Mono at 48 kHz, ``(frames,)``, one frame or more.
        columns: Moments, evenly spread over the audio.

    Returns:
        ``(ROWS, columns)``, -120 and up, from the lowest pitch to the highest.
    """
    hz = 440 * 2 ** ((LOWEST_PITCH + np.arange(ROWS) - 69) / 12)
    centres = ((np.arange(columns) + 0.5) * len(audio) / columns).astype(np.int64)
    rows = np.zeros((ROWS, columns))
    for window in _WINDOWS:
        fitting = window * hz / SAMPLE_RATE >= _LEAST_PERIODS
        if window == _WINDOWS[0]:
            fitting[:] = True
        magnitudes = _magnitudes(audio, window, centres)
        bins = hz[fitting] * window / SAMPLE_RATE
        rows[fitting] = np.stack([_row(magnitudes, centre) for centre in bins])
    return 20 * np.log10(np.maximum(rows, _FLOOR))


def _magnitudes(
    audio: NDArray[np.float32], window: int, centres: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the spectra around the centres, ``(window / 2 + 1, columns)``."""
    padded = np.pad(audio, (window // 2, window // 2))
    slices = np.lib.stride_tricks.sliding_window_view(padded, window)[centres]
    shape = np.hanning(window).astype(np.float32)
    spectra = np.fft.rfft(slices * shape, axis=1)
    magnitudes: NDArray[np.float64] = np.abs(spectra).T * (2 / shape.sum())
    return magnitudes


def _row(magnitudes: NDArray[np.float64], centre: float) -> NDArray[np.float64]:
    """Return the largest magnitude within half a semitone of a bin, ``(columns,)``."""
    first = round(centre * 2 ** (-1 / 24))
    last = max(first, min(round(centre * 2 ** (1 / 24)), len(magnitudes) - 1))
    row: NDArray[np.float64] = magnitudes[first : last + 1].max(axis=0)
    return row
