"""What the engines cost beside each other, against what the machine's memory allows."""

import functools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from bridge.bench.machine import memory_gb_s
from bridge.bench.start import START_S
from bridge.bench.worker import BenchWorker, Hogs, Played
from bridge.checkpoints.loader import load_engine, playable_engines
from bridge.common.latency import HOPS_PER_SECOND
from bridge.common.timing import StepTimes

__all__ = [
    "CONTESTANTS",
    "PACED_PLAYERS",
    "PACED_STEPS",
    "PLAYERS",
    "Contestant",
    "Row",
    "contestants_for",
    "engine_rows",
]

PLAYERS = (1, 2, 4, 8)
"""Sizes of band that are timed."""
PACED_PLAYERS = (1, 4)
"""Sizes of band that are timed at the pace of the stage."""
PACED_STEPS = 200
"""Paced hops at most: they take 50 ms each, however fast the engine is."""
_TURN = 20
_PARTS_OF = (1,)
"""Sizes of band whose parts are timed one by one, besides the whole hop."""
_PACED_TURN = 50
_HOP_S = 1.0 / HOPS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Contestant:
    """An engine and how it keeps the generator's blocks."""

    engine: str
    dtype: str


CONTESTANTS = (
    Contestant("torch-eager", "float32"),
    Contestant("torch", "float32"),
    Contestant("onnx", "float32"),
    Contestant("onnx", "int8"),
)
"""All that can be told apart: torch recording gradients and not, and both kinds of graph."""


def contestants_for(checkpoint: str) -> tuple[Contestant, ...]:
    """Return the contestants that can play a checkpoint; a kind without graphs has torch only.

    Args:
        checkpoint: Name or folder.

    Raises:
        ConfigError: There is no such checkpoint, or it cannot play live.
        EnvironmentMissing: It is damaged.
    """
    able = playable_engines(checkpoint)
    return tuple(each for each in CONTESTANTS if each.engine in able)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """The times of one part of one contestant."""

    part: str
    """``encode generate decode track``, ``hop``, ``paced``, ``paced beside two``; ``engine
    start`` is from spawning the process of the engine alone until it has rehearsed."""
    times: StepTimes
    contestant: Contestant
    players: int
    memory_gb_s: float | None = None
    """Bandwidth of the memory, measured in the same minute."""
    limit_ms: float | None = None
    """What reading all that the step needs takes at that bandwidth; None if unknown."""
    rss_mb: float
    """Resident memory of the engine's process."""
    late: int | None = None
    """Hops that missed their time, where they were paced."""

    @property
    def ratio_to_limit(self) -> float | None:
        """How many times the limit half of the steps keep within."""
        return round(self.times.p50_ms / self.limit_ms, 2) if self.limit_ms else None

    def facts(self) -> dict[str, float | int | str | None]:
        """Return what it says beside its times, for a line of JSON."""
        return {
            "engine": self.contestant.engine,
            "dtype": self.contestant.dtype,
            "players": self.players,
            "memory_gb_s": self.memory_gb_s,
            "limit_ms": self.limit_ms,
            "ratio_to_limit": self.ratio_to_limit,
            "rss_mb": self.rss_mb,
            **({} if self.late is None else {"late": self.late}),
        }


def engine_rows(
    checkpoint: str,
    steps: int,
    contestants: Sequence[Contestant] = CONTESTANTS,
    players: Sequence[int] = PLAYERS,
    *,
    paced: bool = True,
) -> Iterator[Row]:
    """Time engines in turns of a second or less, so that a slow spell of the machine hits all.

    Args:
        checkpoint: Name or folder.
        steps: Hops to time for each contestant and size of band; of paced ones at most
            ``PACED_STEPS``.
        contestants: Which engines.
        players: Sizes of band.
        paced: Whether to time them at the pace of the stage too, alone and beside two
            processes that keep the memory busy; takes minutes.

    Raises:
        BridgeError: An engine cannot start.
    """
    with ExitStack() as stack:
        workers = {
            each: stack.enter_context(
                BenchWorker(functools.partial(load_engine, checkpoint, each.engine, each.dtype))
            )
            for each in contestants
        }
        for each, worker in workers.items():
            one = worker.play(1, 1)
            yield Row(
                part="engine start",
                times=StepTimes.of([worker.start_s], START_S),
                contestant=each,
                players=1,
                rss_mb=_mb(one),
            )
        for count in players:
            yield from _hop_rows(workers, count, steps)
        for part, hogs in (("paced", 0), ("paced beside two", 2)) if paced else ():
            with Hogs(hogs):
                for count in PACED_PLAYERS:
                    yield from _paced_rows(workers, part, count, min(steps, PACED_STEPS))


def _hop_rows(
    workers: dict[Contestant, BenchWorker], players: int, steps: int
) -> Iterator[Row]:
    turns: dict[Contestant, list[Played]] = {each: [] for each in workers}
    speed = memory_gb_s()
    for count in _cut(steps, _TURN):
        for each, worker in workers.items():
            turns[each].append(worker.play(players, count, parts=players in _PARTS_OF))
    for each, played in turns.items():
        newest = played[-1]
        parts = {name: [turn.parts[name] for turn in played] for name in newest.parts}
        parts["hop"] = [turn.seconds for turn in played]
        needed = {**newest.part_bytes, "hop": sum(newest.part_bytes.values())}
        for name, seconds in parts.items():
            limit_ms = 1000 * needed.get(name, 0) / (speed * 1e9)
            yield Row(
                part=name,
                times=StepTimes.of(np.concatenate(seconds), _HOP_S),
                contestant=each,
                players=players,
                memory_gb_s=round(speed, 1),
                limit_ms=round(limit_ms, 4) or None,
                rss_mb=_mb(newest),
            )


def _paced_rows(
    workers: dict[Contestant, BenchWorker], part: str, players: int, steps: int
) -> Iterator[Row]:
    turns: dict[Contestant, list[Played]] = {each: [] for each in workers}
    for count in _cut(steps, _PACED_TURN):
        for each, worker in workers.items():
            turns[each].append(worker.play(players, count, paced=True))
    for each, played in turns.items():
        seconds = np.concatenate([turn.seconds for turn in played])
        yield Row(
            part=part,
            times=StepTimes.of(seconds, _HOP_S),
            contestant=each,
            players=players,
            rss_mb=_mb(played[-1]),
            late=int((seconds > _HOP_S).sum()),
        )


def _cut(steps: int, turn: int) -> list[int]:
    """Return the lengths of the turns that make so many steps."""
    return [min(turn, steps - done) for done in range(0, steps, turn)]


def _mb(played: Played) -> float:
    return round(played.resident_bytes / 1e6, 1)
