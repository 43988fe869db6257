"""Warm-up of a model: its first steps take several times as long as later ones."""

import time
from statistics import median

import numpy as np

from bridge.stream.hop_scheduler import HopScheduler

__all__ = ["warm_up"]

_HOPS = 10
"""Steps after which times have long been steady: torch and ONNX Runtime take about three."""


def warm_up(scheduler: HopScheduler) -> float:
    """Play the start of a take without writing it anywhere.

    Args:
        scheduler: Needs ``start`` before it is used again.

    Returns:
        Median time of a hop in seconds, over the last ones.
    """
    for _ in scheduler.start():
        pass
    generator = np.random.default_rng(0)
    seconds = []
    for _ in range(_HOPS):
        mix = 0.1 * generator.standard_normal(scheduler.hop, dtype=np.float32)
        began = time.perf_counter()
        for _ in scheduler.feed(mix):
            pass
        seconds.append(time.perf_counter() - began)
    return median(seconds[_HOPS // 2 :])
