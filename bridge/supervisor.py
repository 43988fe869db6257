"""Keeps an engine process alive: starts it, talks to it, says why it died, starts another.

Threading model: one watching thread owns the process and reads its pipe. Commands may be
sent from any thread; their answers arrive through ``concurrent.futures.Future`` objects that
the watching thread completes.
"""

import itertools
import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from bridge.engine import ModelLoader, run_engine
from bridge.errors import BridgeError, EngineError, RefusedError
from bridge.messages import (
    Applied,
    BankAct,
    Command,
    Failed,
    Filled,
    FollowTempo,
    Loading,
    Ready,
    Reply,
    Request,
    Reset,
    SetConditions,
    Stop,
    UseBank,
    Waiting,
    Warming,
)
from bridge.protocols import Conditions
from bridge.share import AudioShare, EngineState
from bridge.tempo import Grid, TempoMap

__all__ = ["EngineStatus", "Supervisor"]

logger = logging.getLogger(__name__)

_STOP_S = 2.0
"""How long an engine may take to end before it is killed."""
_SHORTEST_WAIT_S = 0.1
_LONGEST_WAIT_S = 10.0
_STEADY_S = 30.0
"""An engine that lived this long has earned an immediate restart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineStatus:
    """What is known of the engine process."""

    state: EngineState = EngineState.ABSENT
    reason: str = ""
    """Why there is no engine, in one line; empty while there is one."""
    restarts: int = 0
    pid: int | None = None
    model: Warming | None = None
    """What the newest engine told about its model."""
    ready: Ready | None = None
    """What it told when it went live."""
    waiting: frozenset[str] = frozenset()
    """What waits for the beat: fields of the conditions, and ``reset``."""
    banks: frozenset[int] = frozenset()
    """Banks that hold something."""


class Supervisor:
    """Owner of the engine process.

    Args:
        share: Where the engine plays; its ``engine_live`` is lowered here when one dies.
        load: Makes the model in the engine process; must survive pickling.
        conditions: What to play first, and again after a restart.
        on_change: Called in the watching thread whenever ``status`` changed.
    """

    def __init__(
        self,
        share: AudioShare,
        load: ModelLoader,
        conditions: Conditions,
        on_change: Callable[[EngineStatus], None] | None = None,
    ) -> None:
        self._share = share
        self._load = load
        self._conditions = conditions
        self._on_change = on_change
        self._tempo: TempoMap | None = None
        self._status = EngineStatus()
        self._lock = threading.Lock()
        self._pending: dict[int, Future[None]] = {}
        self._ids = itertools.count(1)
        self._pipe: Connection | None = None
        self._closing = threading.Event()
        self._settled = threading.Event()
        self._refusal: BridgeError | None = None
        self._thread = threading.Thread(target=self._watch, name="engine-watch", daemon=True)

    @property
    def status(self) -> EngineStatus:
        """The newest knowledge; a snapshot."""
        return self._status

    @property
    def conditions(self) -> Conditions:
        """What the engine was last asked to play."""
        return self._conditions

    def start(self) -> None:
        """Start the first engine; returns at once."""
        self._thread.start()

    def wait_ready(self, timeout_s: float) -> Ready:
        """Wait until the first engine plays.

        Args:
            timeout_s: Longest wait.

        Raises:
            ConfigError: The engine refused a setting: stem, anticipation, rate, checkpoint.
            EnvironmentMissing: The checkpoint is damaged, or something is not installed.
            EngineError: It could not start for another reason, or not in time.
        """
        if not self._settled.wait(timeout_s):
            raise EngineError(
                f"the engine did not get ready within {timeout_s:g} s "
                f"(it is {self._status.state.name.lower()}); the log above says how far it came"
            )
        if self._refusal is not None:
            raise self._refusal
        ready = self._status.ready
        if ready is None:
            raise EngineError(self._status.reason or "the engine was stopped")
        return ready

    def condition(
        self,
        conditions: Conditions,
        *,
        asked: frozenset[str] | None = None,
        grid: Grid = Grid.OFF,
    ) -> "Future[None]":
        """Ask for new conditions; they also hold for engines started later.

        Args:
            conditions: All of them.
            asked: Fields that wait for ``grid``; None for all.
            grid: What they wait for.

        Returns:
            Done when the engine has taken them; carries ``ConfigError`` when it refused. Done
            at once while no engine plays: the next one starts with them.
        """
        with self._lock:
            before, self._conditions = self._conditions, conditions
        answer = self._send(lambda id_: SetConditions(id_, conditions, asked, grid))

        def take_back(done: "Future[None]") -> None:
            if done.exception() is not None:
                with self._lock:
                    if self._conditions is conditions:
                        self._conditions = before

        answer.add_done_callback(take_back)
        return answer

    def reset(self, grid: Grid = Grid.OFF, bank: int = 0) -> "Future[None]":
        """Ask the engine to forget what it heard; done when it has, or waits for the grid."""
        return self._send(lambda id_: Reset(id_, grid, bank))

    def use_bank(self, act: BankAct, bank: int) -> "Future[None]":
        """Keep or remember what was heard.

        Returns:
            Done when the engine has done it; carries ``ConfigError`` when the bank is empty.

        Raises:
            RefusedError: No engine plays.
        """
        if self._status.state is not EngineState.LIVE:
            raise RefusedError("no engine plays; see /liveband/status")
        return self._send(lambda id_: UseBank(id_, act, bank))

    def follow(self, tempo: TempoMap | None) -> "Future[None]":
        """Ask the engine to tell its model the beat; engines started later do so too."""
        with self._lock:
            self._tempo = tempo
        return self._send(lambda id_: FollowTempo(id_, tempo))

    def close(self) -> None:
        """End the engine process and the watching; may be called twice."""
        self._closing.set()
        with self._lock:
            pipe = self._pipe
        if pipe is not None:
            _try_to_send(pipe, Stop())
        if self._thread.is_alive():
            self._thread.join(_STOP_S + 3.0)

    def _send(self, make: Callable[[int], Request]) -> "Future[None]":
        answer: Future[None] = Future()
        id_ = next(self._ids)
        with self._lock:
            if self._pipe is None or self._status.state is not EngineState.LIVE:
                answer.set_result(None)
                return answer
            self._pending[id_] = answer
            sent = _try_to_send(self._pipe, make(id_))
        if not sent:
            self._answer(id_, None)
        return answer

    # -- the watching thread ----------------------------------------------------------------

    def _watch(self) -> None:
        pause = _SHORTEST_WAIT_S
        while not self._closing.is_set():
            began = time.monotonic()
            self._live_one_life()
            if self._closing.is_set() or (self._refusal and not self._settled.is_set()):
                break
            lived = time.monotonic() - began
            pause = _SHORTEST_WAIT_S if lived > _STEADY_S else min(2 * pause, _LONGEST_WAIT_S)
            logger.warning("%s; starting another in %.1f s", self._status.reason, pause)
            self._closing.wait(pause)
            self._tell(replace(self._status, restarts=self._status.restarts + 1))
        self._settled.set()

    def _live_one_life(self) -> None:
        """Start an engine and stay with it until it is gone."""
        context = multiprocessing.get_context("spawn")
        pipe, far_end = context.Pipe()
        process = context.Process(
            target=run_engine,
            args=(self._share.name, self._load, self._conditions, far_end),
            name="liveband-engine",
            daemon=True,
        )
        process.start()
        far_end.close()
        with self._lock:
            self._pipe = pipe
        self._tell(
            replace(self._status, state=EngineState.LOADING, pid=process.pid, ready=None)
        )
        failure = self._listen(pipe, process)
        self._bury(pipe, process, failure)

    def _listen(self, pipe: Connection, process: SpawnProcess) -> Failed | None:
        """Take in what the engine says until it is gone; return its last complaint."""
        failure: Failed | None = None
        deadline = float("inf")
        while True:
            if self._closing.is_set():
                _try_to_send(pipe, Stop())
                deadline = min(deadline, time.monotonic() + _STOP_S)
            if time.monotonic() > deadline:
                process.kill()
            ready = wait([pipe, process.sentinel], timeout=0.2)
            if pipe in ready:
                try:
                    reply: Reply = pipe.recv()
                except (EOFError, ConnectionResetError):
                    process.join(_STOP_S)
                    return failure
                failure = self._take_in(reply) or failure
            elif process.sentinel in ready:
                return failure

    def _take_in(self, reply: Reply) -> Failed | None:
        if isinstance(reply, Loading):
            self._tell(replace(self._status, state=EngineState.LOADING, reason=""))
        elif isinstance(reply, Warming):
            self._tell(replace(self._status, state=EngineState.WARMING, model=reply))
        elif isinstance(reply, Ready):
            self._go_live(reply)
        elif isinstance(reply, Waiting):
            self._tell(replace(self._status, waiting=reply.names))
        elif isinstance(reply, Filled):
            self._tell(replace(self._status, banks=reply.banks))
        elif isinstance(reply, Applied):
            self._answer(reply.id, None)
        elif reply.id is not None:
            self._answer(reply.id, reply.kind(reply.text))
        else:
            return reply
        return None

    def _go_live(self, ready: Ready) -> None:
        """Note that it plays, and send it what was asked for while it was getting ready."""
        model = self._status.model
        self._tell(replace(self._status, state=EngineState.LIVE, ready=ready, reason=""))
        if model is not None and model.conditions != self._conditions:
            self.condition(self._conditions)
        if self._tempo is not None:
            self.follow(self._tempo)
        self._settled.set()

    def _bury(self, pipe: Connection, process: SpawnProcess, failure: Failed | None) -> None:
        """Tidy up after an engine and say why it ended."""
        self._share.engine_live = False
        if process.is_alive():
            process.kill()
        process.join()
        if failure is not None:
            reason = failure.text
        elif self._closing.is_set():
            reason = "the engine was stopped"
        else:
            reason = f"the engine process died ({_cause(process.exitcode)})"
        if failure is not None and not self._settled.is_set():
            self._refusal = failure.kind(failure.text)
        with self._lock:
            self._pipe = None
            orphans, self._pending = self._pending, {}
        self._share.engine_state = EngineState.FAILED
        self._tell(
            replace(
                self._status,
                state=EngineState.FAILED,
                reason=reason,
                pid=None,
                ready=None,
                waiting=frozenset(),
                banks=frozenset(),
            )
        )
        for orphan in orphans.values():
            orphan.set_result(None)
        pipe.close()

    def _answer(self, id_: int, error: BridgeError | None) -> None:
        with self._lock:
            answer = self._pending.pop(id_, None)
        if answer is None:
            return
        if error is None:
            answer.set_result(None)
        else:
            answer.set_exception(error)

    def _tell(self, status: EngineStatus) -> None:
        self._status = status
        if self._on_change is not None:
            self._on_change(status)


def _try_to_send(pipe: Connection, command: Command) -> bool:
    """Send; return whether anybody could still be there to hear it."""
    try:
        pipe.send(command)
    except (OSError, ValueError):
        return False
    return True


def _cause(exit_code: int | None) -> str:
    """Say in words how a process ended.

    Example:
        >>> _cause(-9), _cause(1)
        ('killed by SIGKILL', 'exit code 1')
    """
    if exit_code is not None and exit_code < 0:
        return f"killed by {signal.Signals(-exit_code).name}"
    return f"exit code {exit_code}"
