"""Levels of stems: balance them, and scale the mix to a common peak."""

from __future__ import annotations

from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.audiofile import SAMPLE_RATE

__all__ = ["LEVELS_DB", "PEAK", "active_share", "balance"]

PEAK = 0.9
"""Most the sum of all stems reaches, so that float16 rounding cannot push it past 1."""

LEVELS_DB = {
    "drums": -19.0,
    "bass": -21.0,
    "guitar": -23.0,
    "piano": -23.0,
    "strings": -25.0,
    "lead": -21.0,
    "other": -24.0,
}
"""RMS of each stem class while it plays, in dB relative to full scale, before the peak is
held; songs differ by up to 3 dB either way."""

_SPREAD_DB = 3.0
_SLICE = SAMPLE_RATE // 20
_FADE = SAMPLE_RATE // 10
_AUDIBLE_RMS = 1e-3
_RELATIVE_FLOOR = 1e-3


def _slice_power(audio: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the mean square of every 50 ms."""
    whole = len(audio) // _SLICE * _SLICE
    slices = audio[:whole].astype(np.float64).reshape(-1, _SLICE)
    power: NDArray[np.float64] = np.mean(slices**2, axis=1)
    return power


def active_share(audio: NDArray[np.float32]) -> float:
    """Return the share of a stem's 50 ms slices above -60 dB, 0..1."""
    return float(np.mean(_slice_power(audio) > _AUDIBLE_RMS**2))


def balance(
    rng: Random, stems: dict[str, NDArray[np.float32]]
) -> dict[str, NDArray[np.float32]]:
    """Return the stems of a song at their levels in the mix, faded at the very end.

    Args:
        rng: Draws each stem's deviation from `LEVELS_DB`.
        stems: Class to mono audio, all of shape ``(frames,)``, at any level. Silent stems
            are left out of the result.

    Returns:
        Class to audio; the sum stays within `PEAK`.
    """
    levelled: dict[str, NDArray[np.float32]] = {}
    for name, audio in stems.items():
        power = _slice_power(audio)
        playing = power[power > _RELATIVE_FLOOR * power.max()]
        level_db = LEVELS_DB[name] + rng.uniform(-_SPREAD_DB, _SPREAD_DB)
        if playing.size:
            gain = 10 ** (level_db / 20) / np.sqrt(playing.mean())
            levelled[name] = audio * np.float32(gain)
            levelled[name][-_FADE:] *= np.linspace(1, 0, _FADE, dtype=np.float32)
    peak = float(np.abs(sum(levelled.values(), np.float32(0))).max())
    scale = np.float32(min(1.0, PEAK / max(peak, 1e-9)))
    return {name: audio * scale for name, audio in levelled.items()}
