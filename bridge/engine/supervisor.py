"""Supervision of the engine process: start, requests, replies, restart after a failure.

Threading model: one watching thread owns the process and reads its pipe. Requests may be
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
from typing import Any

from bridge.audio.shared.share import AudioShare, EngineState
from bridge.common.background import TaskErrors
from bridge.common.errors import BridgeError, EngineError, FailureCode, RefusedError
from bridge.controls.beat_tracking import BeatCorrection
from bridge.engine.engine_process import STOP_S, EngineProcess, start_engine
from bridge.engine.loader import ModelLoader
from bridge.engine.messages import (
    Answer,
    BankAction,
    Begin,
    CorrectBeat,
    Failed,
    LoadBank,
    Loading,
    ModelLoaded,
    OutputReleased,
    Ready,
    Reply,
    Request,
    Reset,
    SchedulerState,
    SetConditions,
    SetGrid,
    SetTimekeeping,
    Settled,
    Stop,
    UseBank,
)
from bridge.engine.reply_futures import ReplyFutures, RequestFuture
from bridge.engine.restarts import RestartDelays
from bridge.engine.standby_engine import AdaptConditions, EngineHandover, StandbyEngine
from bridge.engine.status import EngineStatus
from bridge.protocols import Conditions
from bridge.tempo import QuantizeGrid, Timekeeping

__all__ = ["Supervisor"]

logger = logging.getLogger(__name__)

_NO_STATE: dict[str, Any] = {"waiting": frozenset(), "banks": frozenset()}
"""Fields of the status before a scheduler has reported its state."""


class Supervisor:
    """Starts, restarts and replaces the engine process.

    Args:
        share: Share the engine plays into; its ``engine_live`` is cleared here when one dies.
        load: Creates the model in the engine process; must be picklable.
        conditions: Conditions of player 1, also after a restart.
        others: Conditions of players 2, 3, ...
        on_change: Called in the watching thread whenever ``status`` has changed.
        banks: Folder of the bank files, which outlive the engines; None for none.
        first: Engine process that was started ahead with ``load``; None to start one.
        errors: Told what goes wrong while an engine is watched.
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
        errors: TaskErrors | None = None,
    ) -> None:
        self._share, self._load = share, load
        self._conditions = dict(enumerate((conditions, *others), 1))
        self._on_change = on_change
        self._banks, self._first, self._errors = banks, first, errors or TaskErrors()
        self._time, self._status = Timekeeping(), EngineStatus()
        self._lock = threading.Lock()
        self._requests = ReplyFutures()
        self._engine: EngineProcess | None = None
        self._closing, self._started = threading.Event(), threading.Event()
        self._handover = EngineHandover(share, self._closing.is_set)
        self._activated: Future[None] | None = None
        self._start_error: BridgeError | None = None
        self._thread = threading.Thread(target=self._watch, name="engine-watch", daemon=True)

    @property
    def status(self) -> EngineStatus:
        """Snapshot of the engine's state."""
        return self._status

    @property
    def conditions(self) -> Conditions:
        """Conditions last requested for player 1; its anticipation holds for all."""
        return self._conditions[1]

    def conditions_of(self, player: int) -> Conditions | None:
        """Return the conditions last requested for a player; None if there were none."""
        return self._conditions.get(player)

    @property
    def _all_conditions(self) -> tuple[Conditions, ...]:
        """Conditions of all players, from player 1 on."""
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
        if not self._started.wait(timeout_s):
            raise EngineError(
                f"the engine did not get ready within {timeout_s:g} s "
                f"(it is {self._status.state.name.lower()}); the log above says how far it came"
            )
        if self._start_error is not None:
            raise self._start_error
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
    ) -> RequestFuture:
        """Request new conditions; they also hold for engines started later.

        Args:
            conditions: All of them.
            player: Number of the player. Players are added in order, without gaps.
            asked: Fields that wait for ``grid``; None for all.
            grid: The line they wait for.

        Returns:
            Completed when the engine took them, with ``ConfigError`` when it refused them; it
            tells which wait. Without an engine at once: the next one starts with them.
        """
        with self._lock:
            before = self._conditions.get(player)
            self._conditions[player] = conditions
        answer = self._send(lambda id_: SetConditions(id_, conditions, asked, grid, player))

        def roll_back(done: RequestFuture) -> None:
            with self._lock:
                if done.exception() is None or self._conditions.get(player) is not conditions:
                    return
                del self._conditions[player]
                if before is not None:
                    self._conditions[player] = before

        answer.add_done_callback(roll_back)
        return answer

    def note(self, player: int, conditions: Conditions) -> None:
        """Take note of conditions that the engine has from the host program already."""
        self._conditions[player] = conditions

    def reset(self, grid: QuantizeGrid = QuantizeGrid.OFF, bank: int = 0) -> RequestFuture:
        """Request a reset; completed when it is done or waits for the grid."""
        return self._send(lambda id_: Reset(id_, grid, bank))

    def requantize(self, grid: QuantizeGrid) -> RequestFuture:
        """Let everything that waits wait for another line, or for none."""
        return self._send(lambda id_: SetGrid(id_, grid))

    def use_bank(self, action: BankAction, bank: int) -> RequestFuture:
        """Store the present state in a bank, recall one, or clear it.

        Returns:
            Completed when it is done; carries ``ConfigError`` when the bank is empty.

        Raises:
            RefusedError: No engine plays.
        """
        if self._status.state is not EngineState.LIVE:
            raise RefusedError("no engine plays; see /liveband/status")
        return self._send(lambda id_: UseBank(id_, action, bank))

    def follow(self, time: Timekeeping) -> RequestFuture:
        """Set the source of the beat, also for engines started later."""
        with self._lock:
            self._time = time
        return self._send(lambda id_: SetTimekeeping(id_, time))

    def correct(self, correction: BeatCorrection) -> RequestFuture:
        """Correct the beat tracker; the future carries ``ConfigError`` if it cannot be done."""
        return self._send(lambda id_: CorrectBeat(id_, correction))

    def load_bank(self, bank: int | None = None) -> RequestFuture:
        """Load a bank, or all, from the files; engines started later do so anyway."""
        return self._send(lambda id_: LoadBank(id_, bank))

    def replace(
        self, load: ModelLoader, adapt: AdaptConditions, timeout_s: float
    ) -> ModelLoaded:
        """Replace the engine by one with another model; blocks until it has taken over.

        The new engine loads, warms up and hears the last seconds while the old one plays. If it
        fails until then, the old one plays on.

        Args:
            load: Creates the model in the engine process; must be picklable.
            adapt: Returns the nearest conditions that the model can meet.
            timeout_s: Longest wait for the model to be ready.

        Raises:
            RefusedError: Code 30, the new engine failed; code 6, another change of the model or
                an export is under way.
        """
        with self._handover.one_at_a_time():
            self._active_engine()
            conditions = tuple(map(adapt, self._all_conditions))
            standby = self._handover.start_standby(
                load, adapt, conditions, self._time, self._banks, timeout_s
            )
            self._handover.hand_over(standby, self._active_engine)
        return standby.model

    def _active_engine(self) -> EngineProcess:
        with self._lock:
            if self._engine is None or self._status.state is not EngineState.LIVE:
                raise RefusedError(
                    "no engine plays; see /liveband/status", FailureCode.MODEL_LOAD
                )
            return self._engine

    def close(self) -> None:
        """Stop the engine process and the watching thread; may be called twice."""
        self._closing.set()
        with self._lock:
            engine = self._engine
        if engine is not None:
            engine.send(Stop())
        if self._thread.is_alive():
            self._thread.join(STOP_S + 3.0)

    def _send(self, make: Callable[[int], Request]) -> RequestFuture:
        id_, answer = self._requests.add()
        with self._lock:
            engine = self._engine if self._status.state is EngineState.LIVE else None
            if engine is not None:
                engine.send(make(id_))
        if engine is None:
            self._requests.answer(id_)
        return answer

    # -- the watching thread ----------------------------------------------------------------

    def _watch(self) -> None:
        delay = RestartDelays()
        while not self._closing.is_set():
            delay.begin()
            try:
                self._run_once()
            except Exception as error:  # nobody else would start another engine
                self._errors.tell("engine watch", error)
                reason = self._errors.last
                self._update(state=EngineState.FAILED, pid=None, ready=None, reason=reason)
            if self._closing.is_set() or (self._start_error and not self._started.is_set()):
                break
            delay_s = delay.next_s()
            logger.warning("%s; starting another in %.1f s", self._status.reason, delay_s)
            self._closing.wait(delay_s)
            self._update(restarts=self._status.restarts + 1)
        self._started.set()

    def _run_once(self) -> None:
        """Start an engine and process its replies until it has ended."""
        engine, self._first = self._first or start_engine(self._load), None
        name, conditions = self._share.name, self._all_conditions
        engine.send(Begin(share_name=name, conditions=conditions, banks=self._banks))
        with self._lock:
            self._engine = engine
        self._share.engine_state = EngineState.LOADING
        self._update(state=EngineState.LOADING, pid=engine.process.pid, ready=None)
        failure = None
        with self._errors.caught("engine watch"):
            failure = self._process_replies(engine)
            while not self._closing.is_set() and (standby := self._handover.take_standby()):
                self._switch_to(standby, engine)
                engine = standby.engine
                failure = self._process_replies(engine)
        self._clean_up(engine, failure)

    def _switch_to(self, standby: StandbyEngine, old: EngineProcess) -> None:
        """Make the standby engine the supervised one, after the old one released its output."""
        with self._lock:
            self._engine, self._load = standby.engine, standby.load
            self._activated = standby.activated
            for player, conditions in self._conditions.items():
                self._conditions[player] = standby.adapt(conditions)
        self._requests.complete_all()
        self._update(pid=standby.engine.process.pid, model=standby.model, **_NO_STATE)
        old.stop_in_background(lambda: self.load_bank())  # stored while it ended

    def _process_replies(self, engine: EngineProcess) -> Failed | None:
        """Process the engine's messages until it has ended; return its last failure."""
        failure: Failed | None = None
        deadline = float("inf")
        while True:
            if self._closing.is_set():
                engine.send(Stop())
                deadline = min(deadline, time.monotonic() + STOP_S)
            if time.monotonic() > deadline:
                engine.process.kill()
            ready = wait([engine.pipe, engine.process.sentinel], timeout=0.2)
            if engine.pipe in ready:
                try:
                    reply: Reply = engine.pipe.recv()
                except (EOFError, ConnectionResetError):
                    engine.process.join(STOP_S)
                    return failure
                if isinstance(reply, OutputReleased):
                    self._handover.forward_release(reply)
                    return None
                failure = self._handle(reply) or failure
            elif engine.process.sentinel in ready:
                return failure

    def _handle(self, reply: Reply) -> Failed | None:
        if isinstance(reply, Loading):
            self._update(state=EngineState.LOADING, reason="")
        elif isinstance(reply, ModelLoaded):
            self._update(state=EngineState.WARMING, model=reply)
        elif isinstance(reply, Ready):
            self._go_live(reply)
        elif isinstance(reply, SchedulerState):
            self._update(waiting=reply.waiting, banks=reply.banks)
        elif isinstance(reply, Failed) and reply.id is None:
            return reply
        elif isinstance(reply, Answer | Settled):
            self._requests.take(reply)
        return None

    def _go_live(self, ready: Ready) -> None:
        """Set the state to live, and send what was requested while the engine started."""
        model = self._status.model
        self._update(state=EngineState.LIVE, ready=ready, reason="")
        if model is not None and model.conditions != self._all_conditions:
            for player, conditions in enumerate(self._all_conditions, 1):
                self.condition(conditions, player=player)
        if self._time != Timekeeping():
            self.follow(self._time)
        self._started.set()
        activated, self._activated = self._activated, None
        if activated is not None:
            activated.set_result(None)

    def _clean_up(self, engine: EngineProcess, failure: Failed | None) -> None:
        """Clean up after an engine has ended, and report why."""
        self._share.engine_live = False
        engine.kill()
        reason = engine.describe_end(failure, stopped=self._closing.is_set())
        if failure is not None and not self._started.is_set():
            self._start_error = failure.error()
        with self._lock:
            self._engine = None
        self._share.engine_state = EngineState.FAILED
        ended = {"reason": reason, "last_reason": reason, "ended": self._status.ended + 1}
        self._update(state=EngineState.FAILED, pid=None, ready=None, **ended, **_NO_STATE)
        self._requests.complete_all()
        activated, self._activated = self._activated, None
        if activated is not None:
            activated.set_exception(RefusedError(reason, FailureCode.MODEL_LOAD))
        engine.close()

    def _update(self, **changes: Any) -> None:  # noqa: ANN401
        """Change fields of the status and report it."""
        self._status = replace(self._status, **changes)
        if self._on_change is not None:
            self._on_change(self._status)
