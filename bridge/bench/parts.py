"""What each part of the bridge costs, part by part."""

import numpy as np

from bridge.engine.rehearsal import rehearse
from bridge.host import Host
from bridge.latency import HOPS_PER_SECOND, hop_frames
from bridge.music.session import Session
from bridge.process import free_of_pauses
from bridge.protocols import Conditions, HopModel
from bridge.shared.share import AudioShare
from bridge.timing import StepTimes, measure

__all__ = ["BLOCK", "callback_times", "hop_times"]

BLOCK = 256
"""Frames per cycle at which the callback is timed."""
_HOP_S = 1.0 / HOPS_PER_SECOND
_RATE = 48000


def hop_times(model: HopModel, steps: int, rate: int = _RATE) -> StepTimes:
    """Time the whole hop as the engine does it: convert, listen, play, convert back.

    Args:
        model: Gets a fresh take at its shortest anticipation.
        steps: Hops to time.
        rate: Of the host.
    """
    conditions = Conditions(stem=model.stems[0], anticipation_hops=model.anticipations[0])
    session = Session(model, rate, conditions)
    rehearse(session)
    free_of_pauses()
    for _ in session.start():
        pass
    mix = 0.1 * np.random.default_rng(1).standard_normal(session.hop, dtype=np.float32)

    def hop() -> None:
        for _ in session.feed(mix):
            pass

    return StepTimes.of(measure(hop, steps=steps, warm_up=0), _HOP_S)


def callback_times(steps: int) -> StepTimes:
    """Time the native audio callback, the call from Python included, against its block.

    Args:
        steps: Cycles to time.
    """
    block = 0.1 * np.random.default_rng(1).standard_normal(BLOCK, dtype=np.float32)
    with AudioShare.create(_RATE, hop_frames(_RATE)) as share, Host(share) as host:
        times = measure(lambda: host.process(block, block), steps=steps)
    return StepTimes.of(times, BLOCK / _RATE)
