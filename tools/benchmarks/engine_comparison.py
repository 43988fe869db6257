"""Times of all engines side by side: back to back, at the pace of live playing, under load."""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bridge.bench.engines import (
    EngineTimes,
    EngineVariant,
    hop_times,
    start_time,
    worker_for,
)
from bridge.bench.machine import memory_gb_s
from bridge.bench.worker import EngineWorker, TimedHops
from bridge.checkpoints.loader import playable_engines
from bridge.common.latency import HOPS_PER_SECOND
from bridge.common.realtime import ThreadPriority
from bridge.common.timing import StepTimes
from bridge.protocols import Audio
from bridge.stream.hop_scheduler import HopScheduler

__all__ = [
    "PACED_PLAYERS",
    "PACED_STEPS",
    "PLAYERS",
    "VARIANTS",
    "MemoryLoad",
    "comparison_times",
    "paced",
    "variants_for",
]

VARIANTS = (
    EngineVariant("torch-eager", "float32"),
    EngineVariant("torch", "float32"),
    EngineVariant("onnx", "float32"),
    EngineVariant("onnx", "int8"),
)
"""Torch recording gradients and not, and both kinds of ONNX graphs."""
PLAYERS = (1, 2, 4, 8)
"""Sizes of band that are timed."""
PACED_PLAYERS = (1, 4)
"""Sizes of band that are timed at the pace of live playing."""
PACED_STEPS = 200
"""Most paced hops: they take 50 ms each, however fast the engine is."""
_TURN, _PACED_TURN = 20, 50
_PARTS_OF = (1,)
"""Sizes of band whose parts are timed one by one, besides whole hops."""
_HOP_S = 1.0 / HOPS_PER_SECOND
_COPY_BYTES = 256 << 20


def variants_for(checkpoint: str) -> tuple[EngineVariant, ...]:
    """Return the variants that can play a checkpoint; a kind without graphs has torch only.

    Args:
        checkpoint: Name or folder.

    Raises:
        ConfigError: There is no such checkpoint, or it cannot play live.
        EnvironmentMissing: It is damaged.
    """
    able = playable_engines(checkpoint)
    return tuple(each for each in VARIANTS if each.engine in able)


def comparison_times(
    checkpoint: str,
    steps: int,
    variants: Sequence[EngineVariant] = VARIANTS,
    players: Sequence[int] = PLAYERS,
    *,
    at_pace: bool = True,
) -> Iterator[EngineTimes]:
    """Time engines in turns of a second or less, so that a slow spell of the machine hits all.

    Args:
        checkpoint: Name or folder.
        steps: Hops to time for each variant and size of band; of paced ones at most
            ``PACED_STEPS``.
        variants: Which engines.
        players: Sizes of band.
        at_pace: Whether to time them at the pace of live playing too, alone (part ``paced``)
            and under memory load (``paced beside two``); takes minutes.

    Raises:
        BridgeError: An engine cannot start.
    """
    with ExitStack() as stack:
        workers = {each: stack.enter_context(worker_for(checkpoint, each)) for each in variants}
        for each, worker in workers.items():
            yield start_time(each, worker)
        for count in players:
            yield from _hop_times(workers, count, steps)
        for part, processes in (("paced", 0), ("paced beside two", 2)) if at_pace else ():
            with MemoryLoad(processes):
                for count in PACED_PLAYERS:
                    yield from _paced_times(workers, part, count, min(steps, PACED_STEPS))


def _hop_times(
    workers: dict[EngineVariant, EngineWorker], players: int, steps: int
) -> Iterator[EngineTimes]:
    turns: dict[EngineVariant, list[TimedHops]] = {each: [] for each in workers}
    bandwidth = memory_gb_s()
    for count in _turn_lengths(steps, _TURN):
        for each, worker in workers.items():
            turns[each].append(worker.play(players, count, parts=players in _PARTS_OF))
    for each, played in turns.items():
        yield from hop_times(each, players, played, bandwidth)


def _paced_times(
    workers: dict[EngineVariant, EngineWorker], part: str, players: int, steps: int
) -> Iterator[EngineTimes]:
    turns: dict[EngineVariant, list[TimedHops]] = {each: [] for each in workers}
    for count in _turn_lengths(steps, _PACED_TURN):
        for each, worker in workers.items():
            turns[each].append(worker.play(players, count, timing=paced))
    for each, played in turns.items():
        seconds = np.concatenate([turn.seconds for turn in played])
        yield EngineTimes(
            part=part,
            times=StepTimes.of(seconds, _HOP_S),
            variant=each,
            players=players,
            rss_mb=played[-1].resident_mb,
            late=int((seconds > _HOP_S).sum()),
        )


def _turn_lengths(steps: int, longest: int) -> list[int]:
    """Return the lengths of the turns that make so many steps."""
    return [min(longest, steps - done) for done in range(0, steps, longest)]


def paced(scheduler: HopScheduler, mixes: Audio) -> NDArray[np.float64]:
    """Play a hop every 50 ms with real-time priority.

    Args:
        scheduler: Plays.
        mixes: To play to, shape ``(hops, frames)``.

    Returns:
        Seconds from when each hop was due until it was done.
    """
    priority, times = ThreadPriority(), np.empty(len(mixes))
    priority.raise_for(0.0)
    due = time.perf_counter() + _HOP_S
    for index, mix in enumerate(mixes):
        time.sleep(max(0.0, due - time.perf_counter()))
        for _ in scheduler.feed(mix):
            pass
        times[index] = time.perf_counter() - due
        due += _HOP_S
    priority.lower()
    return times


class MemoryLoad:
    """Processes that keep the memory bus busy; a context manager.

    Args:
        count: How many.
    """

    def __init__(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._all = [context.Process(target=_copy_memory, daemon=True) for _ in range(count)]

    def __enter__(self) -> Self:
        for process in self._all:
            process.start()
        time.sleep(1.0)  # until they copy
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._all:
            process.terminate()
            process.join()


def _copy_memory() -> None:
    source, target = np.ones(_COPY_BYTES, np.uint8), np.empty(_COPY_BYTES, np.uint8)
    while True:
        np.copyto(target, source)
