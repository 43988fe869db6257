"""Distances between sounds: copies of the training data, and diversity of takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.array_types import Float64Array
from model.evaluation.features import LISTENING_RATE, log_mel

__all__ = ["log_mel_distance", "nearest_distances", "patches"]

Patches = NDArray[np.float32]

BANDS, SLICE_HOP, SLICES = 20, LISTENING_RATE // 10, 20
"""A patch is two seconds of ten slices a second."""
FAINTEST = -8.0
"""Mean log-mel below which a patch is silence and has no neighbours."""


def log_mel_distance(a: Float64Array, b: Float64Array) -> float:
    """Return the mean L1 distance of log-mels of two sounds, natural log, 0 and up.

    Args:
        a: As :func:`~model.evaluation.features.hear` gives it, ``(frames,)``.
        b: Likewise, the same length.
    """
    return float(np.abs(log_mel(a, 80) - log_mel(b, 80)).mean())


def patches(heard: Float64Array, *, every_s: float) -> Patches:
    """Return two-second log-mel patches minus their mean, without silent ones.

    Args:
        heard: As :func:`~model.evaluation.features.hear` gives it, ``(frames,)``.
        every_s: Seconds from one patch to the next, a multiple of 0.1.

    Returns:
        ``(patches, 400)``: 20 slices of 20 mel bands each.
    """
    fine = np.exp(log_mel(heard, BANDS, hop=SLICE_HOP // 5))
    whole = len(fine) // 5
    mel = np.log(fine[: 5 * whole].reshape(whole, 5, BANDS).mean(1))
    if whole < SLICES:
        return np.zeros((0, SLICES * BANDS), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(mel, SLICES, axis=0)
    flat = windows.transpose(0, 2, 1).reshape(len(windows), -1)[:: round(10 * every_s)]
    audible = flat[flat.mean(1) > FAINTEST]
    levelled: Patches = (audible - audible.mean(1, keepdims=True)).astype(np.float32)
    return levelled


def nearest_distances(asked: Patches, known: Patches) -> Float64Array:
    """Return each patch's RMS distance to its nearest known patch, natural log.

    Args:
        asked: ``(patches, channels)``.
        known: ``(patches, channels)``, at least one.
    """
    squares = (known**2).sum(1)[None] + (asked**2).sum(1)[:, None] - 2 * asked @ known.T
    nearest: Float64Array = np.sqrt(np.clip(squares.min(1), 0, None) / asked.shape[1]).astype(
        float
    )
    return nearest
