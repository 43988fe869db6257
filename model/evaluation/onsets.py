"""Onset detection: an onset curve at 100 Hz, and onset times to a few milliseconds."""

from __future__ import annotations

import numpy as np
from scipy.signal import find_peaks

from model.array_types import Float64Array
from model.evaluation.features import LISTENING_RATE, log_mel

__all__ = ["CURVE_RATE_HZ", "onset_curve", "onset_times"]


CURVE_RATE_HZ = 100
BANDS = 40
COMPRESSION = 100.0
FINE_RATE_HZ = 400
FINE_WINDOW = 512
EARLY_S = 0.009
"""By how much the fine curve peaks before a sharp onset; soft ones come up to 5 ms later."""
NEAREST_S = 0.05
LEAST_SHARE = 0.3
"""Least height of an onset over its surroundings, as a share of the tallest."""


def onset_curve(
    heard: Float64Array, *, rate_hz: int = CURVE_RATE_HZ, window: int = 512
) -> Float64Array:
    """Return the onset strength at each moment, 0 and up.

    Spectral flux of log(1 + 100 mel magnitude) over two slices, half-wave rectified.

    Args:
        heard: As :func:`~model.evaluation.features.hear` gives it, ``(frames,)``.
        rate_hz: Values per second.
        window: Frames of the analysis window.

    Returns:
        ``(seconds * rate_hz,)``.
    """
    mel = np.exp(log_mel(heard, BANDS, window=window, hop=LISTENING_RATE // rate_hz))
    bright = np.log1p(COMPRESSION * mel)
    flux = np.maximum(bright[2:] - bright[:-2], 0).mean(1)
    return np.pad(flux, (1, 1))


def onset_times(heard: Float64Array) -> Float64Array:
    """Return the onsets in seconds, ``(onsets,)``.

    Peaks of a fine onset curve (16 ms windows every 2.5 ms) that stand out by a tenth of
    the tallest, at least 50 ms apart.
    """
    curve = onset_curve(heard, rate_hz=FINE_RATE_HZ, window=FINE_WINDOW)
    curve = np.convolve(curve, np.hanning(9) / np.hanning(9).sum(), mode="same")
    tallest = curve.max(initial=0.0)
    if tallest < 1e-6:
        return np.zeros(0)
    peaks, _ = find_peaks(
        curve, prominence=LEAST_SHARE * tallest, distance=round(NEAREST_S * FINE_RATE_HZ)
    )
    times_s: Float64Array = peaks / FINE_RATE_HZ + EARLY_S
    return times_s
