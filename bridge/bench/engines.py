"""Times of an engine, of whole hops and of their parts, beside the limit set by memory."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bridge.bench.machine import memory_gb_s
from bridge.bench.start import START_S
from bridge.bench.worker import EngineWorker, TimedHops
from bridge.checkpoints.loader import load_engine
from bridge.common.latency import HOPS_PER_SECOND
from bridge.common.timing import StepTimes

__all__ = [
    "EngineTimes",
    "EngineVariant",
    "engine_times",
    "hop_times",
    "start_time",
    "worker_for",
]

_HOP_S = 1.0 / HOPS_PER_SECOND


@dataclass(frozen=True, slots=True)
class EngineVariant:
    """An engine, and the number type of the generator's weights in it."""

    engine: str
    dtype: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineTimes:
    """Times of one part of one engine."""

    part: str
    """``encode generate decode track``, ``hop``; ``engine start`` is from spawning the process
    of the engine alone until it has warmed up. Benchmarks add parts of their own."""
    times: StepTimes
    variant: EngineVariant
    players: int
    memory_gb_s: float | None = None
    """Bandwidth of the memory, measured in the same minute."""
    limit_ms: float | None = None
    """Time to read all that the step needs at that bandwidth; None if unknown."""
    rss_mb: float
    """Resident memory of the engine's process."""
    late: int | None = None
    """Hops that missed their time, where they were paced."""

    @property
    def ratio_to_limit(self) -> float | None:
        """Median time over the limit."""
        return round(self.times.p50_ms / self.limit_ms, 2) if self.limit_ms else None

    def figures(self) -> dict[str, float | int | str | None]:
        """Return the figures beside the times, for a line of JSON."""
        return {
            "engine": self.variant.engine,
            "dtype": self.variant.dtype,
            "players": self.players,
            "memory_gb_s": self.memory_gb_s,
            "limit_ms": self.limit_ms,
            "ratio_to_limit": self.ratio_to_limit,
            "rss_mb": self.rss_mb,
            **({} if self.late is None else {"late": self.late}),
        }


def engine_times(
    checkpoint: str, steps: int, variant: EngineVariant, players: int = 1
) -> Iterator[EngineTimes]:
    """Time the start of an engine, its hops, and the parts of a hop where one player plays.

    Args:
        checkpoint: Name or folder.
        steps: Hops to time.
        variant: Which engine.
        players: Size of the band.

    Raises:
        BridgeError: The engine cannot start.
    """
    with worker_for(checkpoint, variant) as worker:
        yield start_time(variant, worker)
        bandwidth = memory_gb_s()
        turn = worker.play(players, steps, parts=players == 1)
        yield from hop_times(variant, players, [turn], bandwidth)


def worker_for(checkpoint: str, variant: EngineVariant) -> EngineWorker:
    """Start an engine in a process of its own.

    Raises:
        BridgeError: It cannot start.
    """
    load = functools.partial(load_engine, checkpoint, variant.engine, variant.dtype)
    return EngineWorker(load)


def start_time(variant: EngineVariant, worker: EngineWorker) -> EngineTimes:
    """Return how long an engine took to start."""
    return EngineTimes(
        part="engine start",
        times=StepTimes.of([worker.start_s], START_S),
        variant=variant,
        players=1,
        rss_mb=worker.play(1, 1).resident_mb,
    )


def hop_times(
    variant: EngineVariant, players: int, turns: Sequence[TimedHops], bandwidth: float
) -> Iterator[EngineTimes]:
    """Yield the times of each part of a hop, and of whole hops, from turns of one engine.

    Args:
        variant: Which engine.
        players: Size of the band.
        turns: What it played.
        bandwidth: Of the memory, in 10^9 bytes a second.
    """
    newest = turns[-1]
    parts = {name: [turn.parts[name] for turn in turns] for name in newest.parts}
    parts["hop"] = [turn.seconds for turn in turns]
    needed = {**newest.part_bytes, "hop": sum(newest.part_bytes.values())}
    for name, seconds in parts.items():
        limit_ms = 1000 * needed.get(name, 0) / (bandwidth * 1e9)
        yield EngineTimes(
            part=name,
            times=StepTimes.of(np.concatenate(seconds), _HOP_S),
            variant=variant,
            players=players,
            memory_gb_s=round(bandwidth, 1),
            limit_ms=round(limit_ms, 4) or None,
            rss_mb=newest.resident_mb,
        )
