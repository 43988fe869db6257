"""Keeps an engine process alive: starts it, talks to it, says why it died, starts another.

Threading model: one watching thread owns the process and reads its pipe. Commands may be
sent from any thread; their answers arrive through ``concurrent.futures.Future`` objects that
the watching thread completes.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from multiprocessing.connection import wait
from pathlib import Path

from bridge.audio.shared.share import AudioShare, EngineState
from bridge.common.errors import BridgeError, EngineError, FailureCode, RefusedError
from bridge.controls.beat_tracking import BeatCorrection
from bridge.engine.engine_process import STOP_S, EngineProcess, start_engine
from bridge.engine.loader import ModelLoader
from bridge.engine.messages import (
    Applied,
    BankAction,
    CorrectBeat,
    Failed,
    FilledBanks,
    LoadBank,
    Loading,
    ModelLoaded,
    OutputReleased,
    PendingNames,
    Ready,
    Reply,
    Request,
    Reset,
    SetConditions,
    SetTimekeeping,
    Stop,
    UseBank,
)
from bridge.engine.pending_requests import PendingRequests
from bridge.engine.standby_engine import AdaptConditions, EngineHandover, StandbyEngine
from bridge.engine.status import EngineStatus
from bridge.protocols import Conditions
from bridge.tempo import QuantizeGrid, Timekeeping

__all__ = ["Supervisor"]

logger = logging.getLogger(__name__)

_SHORTEST_WAIT_S = 0.1
_LONGEST_WAIT_S = 2.0
_STEADY_S = 10.0
"""An engine that lived this long has earned an immediate restart."""


class Supervisor:
    """Owner of the engine process.

    Args:
        share: Where the engine plays; its ``engine_live`` is lowered here when one dies.
        load: Makes the model in the engine process; must survive pickling.
        conditions: What the first player plays at first, and again after a restart.
        others: What further players play.
        on_change: Called in the watching thread whenever ``status`` changed.
        banks: Folder of the banks, which outlive the engines; None lets them end with each.
        first: The first engine, where one has been started ahead with ``load``.
    """

    def __init__(
        self,
        share: AudioShare,
        load: ModelLoader,
        conditions: Conditions,
        *others: Conditions,
        on_change: Callable[[EngineStatus], None] | None = None,
        banks: Path | None = None,
        first: EngineProcess | None = None,
    ) -> None:
        self._share, self._load = share, load
        self._conditions = dict(enumerate((conditions, *others), 1))
        self._on_change = on_change
        self._banks, self._first = banks, first
        self._time = Timekeeping()
        self._status = EngineStatus()
        self._lock = threading.Lock()
        self._calls = PendingRequests()
        self._life: EngineProcess | None = None
        self._closing = threading.Event()
        self._settled = threading.Event()
        self._succession = EngineHandover(share, self._closing.is_set)
        self._awaited: Future[None] | None = None
        self._refusal: BridgeError | None = None
        self._thread = threading.Thread(target=self._watch, name="engine-watch", daemon=True)

    @property
    def status(self) -> EngineStatus:
        """The newest knowledge; a snapshot."""
        return self._status

    @property
    def conditions(self) -> Conditions:
        """What the first player was last asked to be; its anticipation holds for all."""
        return self._conditions[1]

    def conditions_of(self, player: int) -> Conditions | None:
        """Return what a player was last asked to be; None before it was."""
        return self._conditions.get(player)

    @property
    def _all_conditions(self) -> tuple[Conditions, ...]:
        """Every player's, from the first on."""
        with self._lock:
            return tuple(self._conditions[player] for player in sorted(self._conditions))

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
        player: int = 1,
        asked: frozenset[str] | None = None,
        grid: QuantizeGrid = QuantizeGrid.OFF,
    ) -> "Future[None]":
        """Ask for new conditions; they also hold for engines started later.

        Args:
            conditions: All of them.
            player: Whose. Players are added one after the other: all before it are known.
            asked: Fields that wait for ``grid``; None for all.
            grid: What they wait for.

        Returns:
            Done when the engine has taken them; carries ``ConfigError`` when it refused. Done
            at once while no engine plays: the next one starts with them.
        """
        with self._lock:
            before = self._conditions.get(player)
            self._conditions[player] = conditions
        answer = self._send(lambda id_: SetConditions(id_, conditions, asked, grid, player))

        def take_back(done: "Future[None]") -> None:
            if done.exception() is not None:
                with self._lock:
                    if self._conditions.get(player) is not conditions:
                        return
                    del self._conditions[player]
                    if before is not None:
                        self._conditions[player] = before

        answer.add_done_callback(take_back)
        return answer

    def reset(self, grid: QuantizeGrid = QuantizeGrid.OFF, bank: int = 0) -> "Future[None]":
        """Ask the engine to forget what it heard; done when it has, or waits for the grid."""
        return self._send(lambda id_: Reset(id_, grid, bank))

    def use_bank(self, act: BankAction, bank: int) -> "Future[None]":
        """Keep or remember what was heard.

        Returns:
            Done when the engine has done it; carries ``ConfigError`` when the bank is empty.

        Raises:
            RefusedError: No engine plays.
        """
        if self._status.state is not EngineState.LIVE:
            raise RefusedError("no engine plays; see /liveband/status")
        return self._send(lambda id_: UseBank(id_, act, bank))

    def follow(self, time: Timekeeping) -> "Future[None]":
        """Say who keeps time for the engine, and for engines started later."""
        with self._lock:
            self._time = time
        return self._send(lambda id_: SetTimekeeping(id_, time))

    def correct(self, correction: BeatCorrection) -> "Future[None]":
        """Have the beat tracker take a player's word; carries ``ConfigError`` if it cannot."""
        return self._send(lambda id_: CorrectBeat(id_, correction))

    def load_bank(self, bank: int | None = None) -> "Future[None]":
        """Ask the engine to take a bank, or all, from the files; later engines do so anyway."""
        return self._send(lambda id_: LoadBank(id_, bank))

    def replace(self, load: ModelLoader, fit: AdaptConditions, timeout_s: float) -> ModelLoaded:
        """Have an engine with another model take over; the caller's thread waits for it.

        It loads, rehearses and hears the last seconds while the old one plays. What goes wrong
        until then leaves that one playing.

        Args:
            load: Makes the model in the engine process; must survive pickling.
            fit: Makes of conditions some that the model can meet.
            timeout_s: Longest wait for the model to be ready.

        Raises:
            RefusedError: Code 30, it cannot; 6, another is under way, or an export.
        """
        with self._succession.alone():
            self._playing()
            conditions = tuple(map(fit, self._all_conditions))
            heir = self._succession.prepare(
                load, fit, conditions, self._time, self._banks, timeout_s
            )
            self._succession.hand_over(heir, self._playing)
        return heir.model

    def _playing(self) -> EngineProcess:
        with self._lock:
            if self._life is None or self._status.state is not EngineState.LIVE:
                raise RefusedError(
                    "no engine plays; see /liveband/status", FailureCode.MODEL_LOAD
                )
            return self._life

    def close(self) -> None:
        """End the engine process and the watching; may be called twice."""
        self._closing.set()
        with self._lock:
            life = self._life
        if life is not None:
            life.tell(Stop())
        if self._thread.is_alive():
            self._thread.join(STOP_S + 3.0)

    def _send(self, make: Callable[[int], Request]) -> "Future[None]":
        id_, answer = self._calls.begin()
        with self._lock:
            life = self._life if self._status.state is EngineState.LIVE else None
            sent = life is not None and life.tell(make(id_))
        if not sent:
            self._calls.answer(id_)
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
        life, self._first = self._first or start_engine(self._load), None
        life.begin(self._share.name, self._all_conditions, self._banks)
        with self._lock:
            self._life = life
        self._tell(
            replace(self._status, state=EngineState.LOADING, pid=life.process.pid, ready=None)
        )
        failure = self._listen(life)
        while not self._closing.is_set() and (heir := self._succession.take()) is not None:
            self._adopt(heir, life)
            life = heir.life
            failure = self._listen(life)
        self._bury(life, failure)

    def _adopt(self, heir: StandbyEngine, old: EngineProcess) -> None:
        """Go on with an engine that takes over from one that writes no more."""
        with self._lock:
            self._life, self._load, self._awaited = heir.life, heir.load, heir.heard
            self._conditions = {
                player: heir.fit(conditions) for player, conditions in self._conditions.items()
            }
        self._calls.give_up()
        self._tell(
            replace(
                self._status,
                pid=heir.life.process.pid,
                model=heir.model,
                waiting=frozenset(),
                banks=frozenset(),
            )
        )
        old.end_aside(lambda: self.load_bank())  # what it kept in its last moments

    def _listen(self, life: EngineProcess) -> Failed | None:
        """Take in what the engine says until it is gone; return its last complaint."""
        failure: Failed | None = None
        deadline = float("inf")
        while True:
            if self._closing.is_set():
                life.tell(Stop())
                deadline = min(deadline, time.monotonic() + STOP_S)
            if time.monotonic() > deadline:
                life.process.kill()
            ready = wait([life.pipe, life.process.sentinel], timeout=0.2)
            if life.pipe in ready:
                try:
                    reply: Reply = life.pipe.recv()
                except (EOFError, ConnectionResetError):
                    life.process.join(STOP_S)
                    return failure
                if isinstance(reply, OutputReleased):
                    self._succession.pass_on(reply)
                    return None
                failure = self._take_in(reply) or failure
            elif life.process.sentinel in ready:
                return failure

    def _take_in(self, reply: Reply) -> Failed | None:
        if isinstance(reply, Loading):
            self._tell(replace(self._status, state=EngineState.LOADING, reason=""))
        elif isinstance(reply, ModelLoaded):
            self._tell(replace(self._status, state=EngineState.WARMING, model=reply))
        elif isinstance(reply, Ready):
            self._go_live(reply)
        elif isinstance(reply, PendingNames):
            self._tell(replace(self._status, waiting=reply.names))
        elif isinstance(reply, FilledBanks):
            self._tell(replace(self._status, banks=reply.banks))
        elif isinstance(reply, Applied):
            self._calls.answer(reply.id)
        elif isinstance(reply, Failed):
            if reply.id is None:
                return reply
            self._calls.answer(reply.id, reply.error())
        return None

    def _go_live(self, ready: Ready) -> None:
        """Note that it plays, and send it what was asked for while it was getting ready."""
        model = self._status.model
        self._tell(replace(self._status, state=EngineState.LIVE, ready=ready, reason=""))
        if model is not None and model.conditions != self._all_conditions:
            for player, conditions in enumerate(self._all_conditions, 1):
                self.condition(conditions, player=player)
        if self._time != Timekeeping():
            self.follow(self._time)
        self._settled.set()
        awaited, self._awaited = self._awaited, None
        if awaited is not None:
            awaited.set_result(None)

    def _bury(self, life: EngineProcess, failure: Failed | None) -> None:
        """Tidy up after an engine and say why it ended."""
        self._share.engine_live = False
        life.kill()
        reason = life.reason(failure, stopped=self._closing.is_set())
        if failure is not None and not self._settled.is_set():
            self._refusal = failure.error()
        with self._lock:
            self._life = None
        self._share.engine_state = EngineState.FAILED
        self._tell(
            replace(
                self._status,
                state=EngineState.FAILED,
                reason=reason,
                deaths=self._status.deaths + 1,
                last_words=reason,
                pid=None,
                ready=None,
                waiting=frozenset(),
                banks=frozenset(),
            )
        )
        self._calls.give_up()
        awaited, self._awaited = self._awaited, None
        if awaited is not None:
            awaited.set_exception(RefusedError(reason, FailureCode.MODEL_LOAD))
        life.pipe.close()

    def _tell(self, status: EngineStatus) -> None:
        self._status = status
        if self._on_change is not None:
            self._on_change(status)
