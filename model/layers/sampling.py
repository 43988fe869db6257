"""Random noise as a function of seed and hop, independent of how hops are batched."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["PHASE_STEPS", "hop_noise", "phase_noise", "phase_starts", "seed_noise"]

STREAM, HOP, PHASE = 0, 1, 2
PHASE_STEPS = (251, 257)
"""Rows of the two tables of phase noise: 2.5 s at 100 Hz, and prime, so that their sum repeats
only after ten minutes."""
_RESTART_STEPS = 151
"""Steps after which a phase restarts: 1.5 s, far longer than noise lets it last anyway."""


def seed_noise(seed: int, channels: int) -> NDArray[np.float32]:
    """Return the stream-constant noise z_g of a take, standard normal, ``(channels,)``.

    Args:
        seed: Seed of the take, 0..2**63 - 1.
        channels: Number of values.
    """
    return _normal((seed, STREAM), 0, channels)


def hop_noise(seed: int, hop: int, channels: int) -> NDArray[np.float32]:
    """Return the noise z_k of one hop of a take, standard normal, ``(channels,)``.

    A counter-based generator gives any hop without drawing those before it, so that live,
    offline and batched runs of a take agree.

    Args:
        seed: Seed of the take, 0..2**63 - 1.
        hop: k, counted from the last reset.
        channels: Number of values.

    Source:
        Philox: Salmon et al. 2011, doi:10.1145/2063384.2063405.
    """
    return _normal((seed, HOP), hop, channels)


def phase_noise(bins: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the tables of phase noise.

    Args:
        bins: Number of phases.

    Returns:
        Two tables ``(PHASE_STEPS[i], bins)`` of turns in 0..1. Row k of each, modulo its
        length, add up to the turns of step k, which are uniform modulo 1.
    """
    short, long = (
        np.random.Generator(_philox((0, PHASE), steps)).random((steps, bins), dtype=np.float32)
        for steps in PHASE_STEPS
    )
    return short, long


def phase_starts(steps: NDArray[np.int64], bins: int) -> NDArray[np.bool_]:
    """Return which phases restart at which steps, ``(len(steps), bins)``.

    Phases are sums over all steps before, so differences of rounding between machines would
    accumulate without restarts. Neighbouring bins restart a third of the period apart.

    Args:
        steps: Counted from the last reset.
        bins: Number of phases.
    """
    apart = np.arange(bins) * (_RESTART_STEPS // 3)
    begins: NDArray[np.bool_] = (steps[:, None] + apart) % _RESTART_STEPS == 0
    return begins


def _normal(key: tuple[int, int], counter: int, channels: int) -> NDArray[np.float32]:
    return np.random.Generator(_philox(key, counter)).standard_normal(channels, np.float32)


def _philox(key: tuple[int, int], counter: int) -> np.random.Philox:
    words = np.array([0, 0, counter, 0], dtype=np.uint64)
    return np.random.Philox(key=np.array(key, dtype=np.uint64), counter=words)
