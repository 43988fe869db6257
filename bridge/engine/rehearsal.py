"""Play to nobody before going live: first calls take several times as long as later ones."""

import time
from dataclasses import replace
from statistics import median

import numpy as np

from bridge.music.session import Session

__all__ = ["rehearse"]

_HOPS = 20
"""Steps after which times are steady."""


def rehearse(session: Session, longest_anticipation: int) -> float:
    """Run a session through its longest burst and some hops, then leave it as if untouched.

    Args:
        session: Whose conditions come back; the next thing it needs is ``start``.
        longest_anticipation: In hops; the burst that starts such a take is played too.

    Returns:
        Seconds a hop took, the median of the last ones.
    """
    wanted = session.conditions
    session.condition(replace(wanted, anticipation_hops=longest_anticipation))
    for _ in session.start():
        pass
    generator = np.random.default_rng(0)
    seconds = []
    for _ in range(_HOPS):
        mix = 0.1 * generator.standard_normal(session.hop, dtype=np.float32)
        began = time.perf_counter()
        for _ in session.feed(mix):
            pass
        seconds.append(time.perf_counter() - began)
    session.condition(wanted)
    return median(seconds[_HOPS // 2 :])
