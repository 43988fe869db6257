"""One engine in a process of its own, playing when it is told to, so that turns alternate."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bridge.bench.parts import tracker_step
from bridge.checkpoints.loader import load_tracker
from bridge.common.errors import BridgeError, EngineError
from bridge.common.latency import HOPS_PER_SECOND
from bridge.common.realtime import Priority, free_of_pauses, hold_memory
from bridge.controls.table import MAX_PLAYERS
from bridge.engine.warmup import rehearse
from bridge.protocols import BeatTracker, Conditions, HopModel
from bridge.stream.hop_scheduler import HopScheduler
from bridge.tempo import Timekeeping

__all__ = ["BenchWorker", "Hogs", "Played"]

RATE = 48000
_HOP_S = 1.0 / HOPS_PER_SECOND
_WARM_UP = 5
_HOG_BYTES = 256 << 20
_STOP_S = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """One turn of an engine."""

    seconds: NDArray[np.float64]
    """Of each hop: from when it was due, where it is paced, else from when it was begun."""
    parts: dict[str, NDArray[np.float64]]
    """Of each part alone, again and again; none where nobody asked."""
    part_bytes: dict[str, int]
    """What each part must read in a step; empty if the model does not tell."""
    resident_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Turn:
    players: int
    steps: int
    paced: bool
    parts: bool


class BenchWorker:
    """An engine process that plays in turns.

    Args:
        load: Makes the model there; must survive pickling.

    Raises:
        EngineError: It could not start.
    """

    def __init__(self, load: Callable[[], HopModel]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, far_end = context.Pipe()
        began = time.perf_counter()
        self._process = context.Process(target=_work, args=(load, far_end), daemon=True)
        self._process.start()
        far_end.close()
        self._hear()
        self.start_s = time.perf_counter() - began
        """From spawning the process until it has played its first hops."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pipe.close()
        self._process.join(_STOP_S)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()

    def play(
        self, players: int, steps: int, *, paced: bool = False, parts: bool = False
    ) -> Played:
        """Play some hops and tell how long they took.

        Args:
            players: How many play, from player 1 on.
            steps: Hops.
            paced: Whether each hop waits for its time, at the priority of the stage.
            parts: Whether to time each part alone too, as often.

        Raises:
            EngineError: The process is gone.
        """
        self._pipe.send(_Turn(players=players, steps=steps, paced=paced, parts=parts))
        played = self._hear()
        assert isinstance(played, Played)
        return played

    def _hear(self) -> object:
        try:
            answer = self._pipe.recv()
        except EOFError as error:
            raise EngineError("an engine under test ended; its reason is above") from error
        if isinstance(answer, BridgeError):
            raise answer
        return answer


class Hogs:
    """Processes that keep the memory bus busy for as long as the context lasts.

    Args:
        count: How many.
    """

    def __init__(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._all = [context.Process(target=_hog, daemon=True) for _ in range(count)]

    def __enter__(self) -> Self:
        for hog in self._all:
            hog.start()
        time.sleep(1.0)  # until they copy
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for hog in self._all:
            hog.terminate()
            hog.join()


def _hog() -> None:
    here, there = np.ones(_HOG_BYTES, np.uint8), np.empty(_HOG_BYTES, np.uint8)
    while True:
        np.copyto(there, here)


def _work(load: Callable[[], HopModel], pipe: Connection) -> None:
    try:
        model = load()
        stems = [model.stems[number % len(model.stems)] for number in range(MAX_PLAYERS)]
        ahead = model.anticipations[0]
        tracker = load_tracker()
        session = HopScheduler(
            model,
            RATE,
            *(
                Conditions(stem=stem, anticipation_hops=ahead, seed=seed)
                for seed, stem in enumerate(stems)
            ),
            tracker=tracker,
        )
        session.follow(Timekeeping(by_ear=True))
        session.seat([1])
        rehearse(session)
        for _ in session.start():
            pass
        free_of_pauses()
        hold_memory()
    except BridgeError as error:
        pipe.send(error)
        return
    pipe.send(None)
    try:
        while True:
            pipe.send(_play(model, tracker, session, pipe.recv()))
    except (EOFError, BrokenPipeError):
        return


def _play(model: HopModel, tracker: BeatTracker, session: HopScheduler, turn: _Turn) -> Played:
    session.seat(range(1, turn.players + 1))
    rng = np.random.default_rng(1)
    mixes = 0.1 * rng.standard_normal((turn.steps + _WARM_UP, session.hop), dtype=np.float32)
    for mix in mixes[turn.steps :]:
        _feed(session, mix)
    seconds = _paced(session, mixes[: turn.steps]) if turn.paced else _timed(session, mixes)
    offered: Any = getattr(model, "parts", dict)
    steps = {**offered(), "track": tracker_step(tracker)} if turn.parts else {}
    told: Any = getattr(model, "part_bytes", dict)
    return Played(
        seconds=seconds[: turn.steps],
        parts={name: _repeated(step, turn.steps) for name, step in steps.items()},
        part_bytes=told(),
        resident_bytes=_resident_bytes(),
    )


def _feed(session: HopScheduler, mix: NDArray[np.float32]) -> float:
    """Play a hop and return when it was done."""
    for _ in session.feed(mix):
        pass
    return time.perf_counter()


def _timed(session: HopScheduler, mixes: NDArray[np.float32]) -> NDArray[np.float64]:
    times = np.empty(len(mixes))
    for index, mix in enumerate(mixes):
        began = time.perf_counter()
        times[index] = _feed(session, mix) - began
    return times


def _paced(session: HopScheduler, mixes: NDArray[np.float32]) -> NDArray[np.float64]:
    priority, times = Priority(), np.empty(len(mixes))
    priority.raise_for(0.0)
    due = time.perf_counter() + _HOP_S
    for index, mix in enumerate(mixes):
        time.sleep(max(0.0, due - time.perf_counter()))
        times[index] = _feed(session, mix) - due
        due += _HOP_S
    priority.lower()
    return times


def _repeated(step: Callable[[], object], steps: int) -> NDArray[np.float64]:
    times = np.empty(steps)
    for index in range(steps):
        began = time.perf_counter()
        step()
        times[index] = time.perf_counter() - began
    return times


def _resident_bytes() -> int:
    """Return the memory this process holds, as Linux tells it."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * 4096
