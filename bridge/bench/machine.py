"""Figures of the machine itself: bandwidth of its memory, and pauses of a core."""

import time

import numpy as np
from numpy.typing import NDArray

from bridge.common.latency import HOPS_PER_SECOND

__all__ = ["memory_gb_s", "pauses"]

_READ_BYTES = 128 << 20
_READS = 8


def memory_gb_s() -> float:
    """Return how fast one thread reads uncached memory, in 10^9 bytes a second."""
    words = np.ones(_READ_BYTES // 8, np.int64)
    seconds = []
    for _ in range(_READS):
        began = time.perf_counter()
        np.bitwise_or.reduce(words)
        seconds.append(time.perf_counter() - began)
    return words.nbytes / min(seconds) / 1e9


def pauses(hops: int) -> NDArray[np.float64]:
    """Return the longest pause of an idle loop within each of some hops.

    A pause of more than some microseconds is caused by another program, the system, or the host
    of a virtual machine. No engine can be more punctual than that.

    Args:
        hops: How many, of 50 ms each.

    Returns:
        Seconds, shape ``(hops,)``.
    """
    longest = np.zeros(hops)
    last = time.perf_counter()
    for hop in range(hops):
        end = last + 1.0 / HOPS_PER_SECOND
        while last < end:
            now = time.perf_counter()
            if now - last > longest[hop]:
                longest[hop] = now - last
            last = now
    return longest
