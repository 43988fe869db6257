"""An engine in a process of its own, which plays and times some hops on request."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bridge.bench.parts import tracker_step
from bridge.checkpoints.loader import load_tracker
from bridge.common.closing import Closeable
from bridge.common.errors import BridgeError, EngineError
from bridge.common.realtime import freeze_collector, lock_memory
from bridge.common.timing import measure
from bridge.controls.table import MAX_PLAYERS
from bridge.engine.warmup import warm_up
from bridge.protocols import Audio, BeatTracker, Conditions, HopModel
from bridge.stream.hop_scheduler import HopScheduler
from bridge.tempo import Timekeeping

__all__ = ["EngineWorker", "TimedHops", "Timing"]

RATE = 48000
_WARM_UP = 5
_STOP_S = 5.0
Timing: TypeAlias = Callable[[HopScheduler, Audio], NDArray[np.float64]]
"""Plays mixes, shape ``(hops, frames)``, and returns the seconds of each hop."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TimedHops:
    """Times of some hops of an engine."""

    seconds: NDArray[np.float64]
    """Of each hop, in seconds, as the timing function measured them."""
    parts: dict[str, NDArray[np.float64]]
    """Of each part alone, repeated as often; empty unless asked for."""
    part_bytes: dict[str, int]
    """Memory each part must read in a step; empty if the model does not report it."""
    resident_mb: float
    """Memory of the process, in 10^6 bytes."""


@dataclass(frozen=True, slots=True)
class _Turn:
    players: int
    steps: int
    parts: bool
    timing: Timing


class EngineWorker(Closeable):
    """A process with an engine, which plays and times hops when told to.

    Args:
        load: Makes the model in that process; must be picklable.

    Raises:
        EngineError: It could not start.
    """

    def __init__(self, load: Callable[[], HopModel]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, far_end = context.Pipe()
        began = time.perf_counter()
        self._process = context.Process(target=_serve, args=(load, far_end), daemon=True)
        self._process.start()
        far_end.close()
        self._receive()
        self.start_s = time.perf_counter() - began
        """Seconds from spawning the process until it has warmed up."""

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(_STOP_S)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()

    def play(
        self,
        players: int,
        steps: int,
        *,
        parts: bool = False,
        timing: Timing | None = None,
    ) -> TimedHops:
        """Play some hops and return how long they took.

        Args:
            players: How many play, from player 1 on.
            steps: Hops.
            parts: Whether to time each part alone too, as often.
            timing: How the hops are played and timed; must be picklable. None plays them back
                to back.

        Raises:
            EngineError: The process is gone.
        """
        self._pipe.send(_Turn(players, steps, parts, timing or _back_to_back))
        played = self._receive()
        assert isinstance(played, TimedHops)
        return played

    def _receive(self) -> object:
        try:
            answer = self._pipe.recv()
        except EOFError as error:
            raise EngineError("an engine under test ended; its reason is above") from error
        if isinstance(answer, BridgeError):
            raise answer
        return answer


def _serve(load: Callable[[], HopModel], pipe: Connection) -> None:
    try:
        model = load()
        stems = [model.stems[number % len(model.stems)] for number in range(MAX_PLAYERS)]
        ahead = model.anticipations[0]
        tracker = load_tracker()
        scheduler = HopScheduler(
            model,
            RATE,
            *(
                Conditions(stem=stem, anticipation_hops=ahead, seed=seed)
                for seed, stem in enumerate(stems)
            ),
            tracker=tracker,
        )
        scheduler.follow(Timekeeping(use_tracker=True))
        scheduler.set_players([1])
        warm_up(scheduler)
        for _ in scheduler.start():
            pass
        freeze_collector()
        lock_memory()
    except BridgeError as error:
        pipe.send(error)
        return
    pipe.send(None)
    try:
        while True:
            pipe.send(_play(model, tracker, scheduler, pipe.recv()))
    except (EOFError, BrokenPipeError):
        return


def _play(
    model: HopModel, tracker: BeatTracker, scheduler: HopScheduler, turn: _Turn
) -> TimedHops:
    scheduler.set_players(range(1, turn.players + 1))
    rng = np.random.default_rng(1)
    shape = (turn.steps + _WARM_UP, scheduler.hop)
    mixes = 0.1 * rng.standard_normal(shape, dtype=np.float32)
    _back_to_back(scheduler, mixes[turn.steps :])
    seconds = turn.timing(scheduler, mixes[: turn.steps])
    parts: Any = getattr(model, "parts", dict)
    steps = {**parts(), "track": tracker_step(tracker)} if turn.parts else {}
    part_bytes: Any = getattr(model, "part_bytes", dict)
    return TimedHops(
        seconds=seconds,
        parts={
            name: measure(step, steps=turn.steps, warm_up=0) for name, step in steps.items()
        },
        part_bytes=part_bytes(),
        resident_mb=_resident_mb(),
    )


def _back_to_back(scheduler: HopScheduler, mixes: Audio) -> NDArray[np.float64]:
    times = np.empty(len(mixes))
    for index, mix in enumerate(mixes):
        began = time.perf_counter()
        for _ in scheduler.feed(mix):
            pass
        times[index] = time.perf_counter() - began
    return times


def _resident_mb() -> float:
    """Return the resident memory of this process, as Linux reports it."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return round(int(pages) * 4096 / 1e6, 1)
