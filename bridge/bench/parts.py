"""Times of parts of the bridge within this process: hop, beat tracker, audio callback."""

from collections.abc import Callable

import numpy as np

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.common.latency import HOPS_PER_SECOND, hop_frames
from bridge.common.realtime import freeze_collector
from bridge.common.timing import StepTimes, measure
from bridge.engine.warmup import warm_up
from bridge.protocols import BeatTracker, Conditions, HopModel
from bridge.stream.hop_scheduler import HopScheduler
from bridge.tempo import Timekeeping

__all__ = ["BLOCK", "callback_times", "hop_times", "tracker_step"]

BLOCK = 256
"""Frames per cycle at which the callback is timed."""
_HOP_S = 1.0 / HOPS_PER_SECOND
_RATE = 48000


def hop_times(
    model: HopModel, steps: int, rate: int = _RATE, *, tracker: BeatTracker | None = None
) -> StepTimes:
    """Time whole hops as the engine plays them: resample, encode, generate, resample back.

    Args:
        model: Is restarted at its shortest anticipation.
        steps: Hops to time.
        rate: Of the audio host, in Hz.
        tracker: Beat tracker that hears the mix, as in a live run; None for none.
    """
    conditions = Conditions(stem=model.stems[0], anticipation_hops=model.anticipations[0])
    scheduler = HopScheduler(model, rate, conditions, tracker=tracker)
    scheduler.follow(Timekeeping(use_tracker=tracker is not None))
    warm_up(scheduler)
    freeze_collector()
    for _ in scheduler.start():
        pass
    mix = 0.1 * np.random.default_rng(1).standard_normal(scheduler.hop, dtype=np.float32)

    def hop() -> None:
        for _ in scheduler.feed(mix):
            pass

    return StepTimes.of(measure(hop, steps=steps, warm_up=0), _HOP_S)


def tracker_step(tracker: BeatTracker) -> Callable[[], object]:
    """Return a function that does the beat tracker's work of one hop.

    It hears 50 ms, and estimates the beat twice: at the start of the hop to be played, and now.

    Args:
        tracker: Gets noise to hear.
    """
    hop = tracker.sample_rate // HOPS_PER_SECOND
    mix = 0.1 * np.random.default_rng(1).standard_normal(hop, dtype=np.float32)

    def step() -> object:
        tracker.listen(mix)
        return tracker.estimate(0.1), tracker.estimate(0.0)

    return step


def callback_times(steps: int) -> StepTimes:
    """Time the native audio callback, the call from Python included, against its block.

    Args:
        steps: Cycles to time.
    """
    block = 0.1 * np.random.default_rng(1).standard_normal(BLOCK, dtype=np.float32)
    with AudioShare.create(_RATE, hop_frames(_RATE)) as share, Host(share) as host:
        times = measure(lambda: host.process(block, block), steps=steps)
    return StepTimes.of(times, BLOCK / _RATE)
