"""Noise that depends on the take and the hop only, not on how the hops are batched."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["hop_noise", "seed_noise"]

STREAM, HOP = 0, 1


def seed_noise(seed: int, channels: int) -> NDArray[np.float32]:
    """Return the stream-constant noise z_g of a take, standard normal, ``(channels,)``.

    Args:
        seed: Names the take, 0..2**63 - 1.
        channels: Number of values.
    """
    return _normal((seed, STREAM), 0, channels)


def hop_noise(seed: int, hop: int, channels: int) -> NDArray[np.float32]:
    """Return the noise z_k of one hop of a take, standard normal, ``(channels,)``.

    A counter-based generator gives any hop without drawing those before it, so live,
    offline and batched runs of a take agree.

    Args:
        seed: Names the take, 0..2**63 - 1.
        hop: k, counted from the last reset.
        channels: Number of values.

    Source:
        Philox: Salmon et al. 2011, doi:10.1145/2063384.2063405.
    """
    return _normal((seed, HOP), hop, channels)


def _normal(key: tuple[int, int], counter: int, channels: int) -> NDArray[np.float32]:
    words = np.array([0, 0, counter, 0], dtype=np.uint64)
    bits = np.random.Philox(key=np.array(key, dtype=np.uint64), counter=words)
    return np.random.Generator(bits).standard_normal(channels, dtype=np.float32)
