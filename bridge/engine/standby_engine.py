"""Hand-over from the active engine to a standby engine with another model.

Threading model: the thread that asks for another model waits for the standby engine; the
supervisor's watching thread, which receives the messages of both engines, hands over.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bridge.audio.shared.share import AudioShare
from bridge.common.errors import FailureCode, RefusedError
from bridge.engine.engine_process import EngineProcess, start_engine, wait_until_caught_up
from bridge.engine.loader import ModelLoader
from bridge.engine.messages import (
    Begin,
    ModelLoaded,
    OutputReleased,
    ReleaseOutput,
    SetTimekeeping,
    TakeOver,
)
from bridge.protocols import Conditions
from bridge.tempo import Timekeeping

__all__ = ["AdaptConditions", "EngineHandover", "StandbyEngine"]

AdaptConditions = Callable[[Conditions], Conditions]
"""Returns the nearest conditions that a model can meet."""

_HANDOVER_S = 5.0
"""Longest time for one engine to release its output and another to take over, in seconds."""
_EXPORT_S = 60.0
"""Longest wait for an export to end before the model is changed, in seconds."""


@dataclass(slots=True)
class StandbyEngine:
    """Engine that plays along without being heard, until it takes over."""

    engine: EngineProcess
    load: ModelLoader
    adapt: AdaptConditions
    model: ModelLoaded
    activated: "Future[None]" = field(default_factory=Future)
    """Completed once it is active."""
    was_told: bool = False
    """Whether it was told to take over."""

    def take_over(self, left: OutputReleased | None) -> None:
        """Tell it to take over, crossfading from the other engine's output; once only."""
        if not self.was_told:
            self.was_told = True
            self.engine.send(TakeOver(left))


class EngineHandover:
    """Starts a standby engine and hands over to it.

    Args:
        share: Share that both engines use.
        is_called_off: Whether the program ends; polled several times a second.
    """

    def __init__(self, share: AudioShare, is_called_off: Callable[[], bool]) -> None:
        self._share = share
        self._is_called_off = is_called_off
        self._busy = threading.Lock()
        self._lock = threading.Lock()
        self._standby: StandbyEngine | None = None

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Allow one change of the model at a time.

        Raises:
            RefusedError: Code 6, another change is under way.
        """
        if not self._busy.acquire(blocking=False):
            text = "a checkpoint is being loaded already; wait until it plays or is refused"
            raise RefusedError(text, FailureCode.BUSY)
        try:
            yield
        finally:
            self._busy.release()

    def start_standby(
        self,
        load: ModelLoader,
        adapt: AdaptConditions,
        conditions: tuple[Conditions, ...],
        time: Timekeeping,
        banks: Path | None,
        timeout_s: float,
    ) -> StandbyEngine:
        """Start an engine that plays along without being heard; blocks until it has caught up.

        Raises:
            RefusedError: Code 30, the engine failed or took too long.
        """
        engine = start_engine(load)
        name = self._share.name
        try:
            engine.send(
                Begin(share_name=name, conditions=conditions, banks=banks, standby=True)
            )
            engine.send(SetTimekeeping(0, time))
            model = wait_until_caught_up(engine, timeout_s, self._is_called_off)
        except BaseException:
            engine.stop()
            raise
        return StandbyEngine(engine, load, adapt, model)

    def hand_over(self, standby: StandbyEngine, active: Callable[[], EngineProcess]) -> None:
        """Hand over from the active engine to the standby engine; blocks until it is active.

        Args:
            standby: Stopped if the hand-over fails.
            active: Returns the active engine, or raises.

        Raises:
            RefusedError: Code 6, an export does not end; code 30, the standby engine failed.
        """
        try:
            self._wait_for_export_end()
            active_engine = active()
            with self._lock:
                self._standby = standby
            active_engine.send(ReleaseOutput())
            try:
                standby.activated.result(_HANDOVER_S)
            except TimeoutError:
                active_engine.process.kill()  # the supervisor then lets the standby take over
                standby.activated.result(_HANDOVER_S)
        except TimeoutError:
            standby.engine.stop()
            raise RefusedError(
                "the new engine did not take over; see the log", FailureCode.MODEL_LOAD
            ) from None
        except BaseException:
            standby.engine.stop()
            raise
        finally:
            with self._lock:
                self._standby = None

    def forward_release(self, left: OutputReleased) -> None:
        """Forward the output that the active engine released to the standby engine."""
        with self._lock:
            if self._standby is not None:
                self._standby.take_over(left)

    def take_standby(self) -> StandbyEngine | None:
        """Return the standby engine, if any, and let it take over: the active one is gone."""
        with self._lock:
            standby, self._standby = self._standby, None
        if standby is not None:
            standby.take_over(None)
        return standby

    def _wait_for_export_end(self) -> None:
        deadline = time.monotonic() + _EXPORT_S
        while self._share.freewheel and not self._is_called_off():
            if time.monotonic() > deadline:
                raise RefusedError(
                    "an export is under way; try again after it", FailureCode.BUSY
                )
            time.sleep(0.1)
