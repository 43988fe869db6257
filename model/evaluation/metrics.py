"""Scores that need no weights: does the stem move with the mix, is it in its harmony?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["chroma_cosine", "rhythm_correlation"]

Audio = NDArray[np.float32]
Array = NDArray[np.float64]

ONSET_WINDOW, ONSET_HOP_S = 3072, 0.01
CHROMA_WINDOW, CHROMA_HOP_S = 12288, 0.1
LAG_S = 0.05


def rhythm_correlation(mix: Audio, stem: Audio, sample_rate: int) -> float:
    """Return how well the onsets of two sounds coincide, -1..1.

    The largest normalised correlation of their onset envelopes (spectral flux of log
    magnitudes, half-wave rectified, local mean removed) within 50 ms either way.

    Args:
        mix: ``(frames,)``.
        stem: ``(frames,)``, the same length.
        sample_rate: Frames per second.

    Returns:
        The correlation; 0 if either is silent.
    """
    a, b = _onsets(mix, sample_rate), _onsets(stem, sample_rate)
    power = np.sqrt((a @ a) * (b @ b))
    if power < 1e-9:
        return 0.0
    lags = round(LAG_S / ONSET_HOP_S)
    scores = [a[lag:] @ b[: len(b) - lag] for lag in range(lags + 1)]
    scores += [b[lag:] @ a[: len(a) - lag] for lag in range(1, lags + 1)]
    return float(max(scores) / power)


def chroma_cosine(mix: Audio, stem: Audio, sample_rate: int) -> float:
    """Return how alike the pitch classes of two sounds are over time, -1..1.

    The cosine of their mean-removed 12-bin chroma every 0.1 s, weighted by the stem's
    energy.

    Args:
        mix: ``(frames,)``.
        stem: ``(frames,)``, the same length.
        sample_rate: Frames per second.

    Returns:
        The mean cosine; 0 if either is silent.
    """
    a, b = _chroma(mix, sample_rate), _chroma(stem, sample_rate)
    energy = b.sum(1)
    a, b = a - a.mean(1, keepdims=True), b - b.mean(1, keepdims=True)
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    heard = norms > 1e-9
    if not heard.any() or energy[heard].sum() < 1e-9:
        return 0.0
    cosines = (a[heard] * b[heard]).sum(1) / norms[heard]
    return float(np.average(cosines, weights=energy[heard]))


def _spectra(audio: Audio, window: int, hop: int) -> Array:
    if len(audio) < window:
        audio = np.pad(audio, (0, window - len(audio)))
    frames = np.lib.stride_tricks.sliding_window_view(audio, window)[::hop]
    spectra: Array = np.abs(np.fft.rfft(frames * np.hanning(window)))
    return spectra


def _onsets(audio: Audio, sample_rate: int) -> Array:
    spectra = np.log1p(_spectra(audio, ONSET_WINDOW, round(ONSET_HOP_S * sample_rate)))
    flux = np.maximum(np.diff(spectra, axis=0), 0).mean(1)
    around = np.convolve(flux, np.ones(21) / 21, mode="same")
    onsets: Array = np.maximum(flux - around, 0)
    return onsets


def _chroma(audio: Audio, sample_rate: int) -> Array:
    spectra = _spectra(audio, CHROMA_WINDOW, round(CHROMA_HOP_S * sample_rate))
    hz = np.fft.rfftfreq(CHROMA_WINDOW, 1 / sample_rate)
    kept = (hz >= 60) & (hz <= 2500)
    classes = np.round(12 * np.log2(hz[kept] / 440)).astype(int) % 12
    chroma = np.zeros((len(spectra), 12))
    for pitch in range(12):
        chroma[:, pitch] = (spectra[:, kept][:, classes == pitch] ** 2).sum(1)
    return chroma
