"""One engine after another: the new one is made ready beside the one that is heard.

Threading model: whoever wants another model waits for it in a thread of its own; the hand-over
itself is the supervisor's watching thread's, which hears both engines.
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
"""Makes of conditions some that a model can meet."""

_HAND_OVER_S = 5.0
"""How long one engine may take to end and another to be heard."""
_EXPORT_S = 60.0
"""Longest wait for an export to end before the model is changed."""


@dataclass(slots=True)
class StandbyEngine:
    """An engine that plays along and is to take over."""

    life: EngineProcess
    load: ModelLoader
    fit: AdaptConditions
    model: ModelLoaded
    heard: "Future[None]" = field(default_factory=Future)
    """Done once it plays."""
    is_told: bool = False
    """Whether it knows that the other one has left."""

    def tell(self, left: OutputReleased | None) -> None:
        """Let it take over from where the other engine left, or from where it died."""
        if not self.is_told:
            self.is_told = self.life.tell(TakeOver(left))


class EngineHandover:
    """Prepares an heir and has the engine that plays give way.

    Args:
        share: Where both play.
        is_called_off: Whether the program ends; looked at several times a second.
    """

    def __init__(self, share: AudioShare, is_called_off: Callable[[], bool]) -> None:
        self._share = share
        self._is_called_off = is_called_off
        self._alone = threading.Lock()
        self._lock = threading.Lock()
        self._heir: StandbyEngine | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one change of the model be under way at a time.

        Raises:
            RefusedError: Code 6, one is.
        """
        if not self._alone.acquire(blocking=False):
            text = "a checkpoint is being loaded already; wait until it plays or is refused"
            raise RefusedError(text, FailureCode.BUSY)
        try:
            yield
        finally:
            self._alone.release()

    def prepare(
        self,
        load: ModelLoader,
        fit: AdaptConditions,
        conditions: tuple[Conditions, ...],
        time: Timekeeping,
        banks: Path | None,
        timeout_s: float,
    ) -> StandbyEngine:
        """Make an engine ready that plays along unheard; the caller's thread waits for it.

        Raises:
            RefusedError: Code 30, it cannot.
        """
        life = start_engine(load)
        try:
            life.begin(self._share.name, conditions, banks, waits=True)
            life.tell(SetTimekeeping(0, time))
            model = wait_until_caught_up(life, timeout_s, self._is_called_off)
        except BaseException:
            life.end()
            raise
        return StandbyEngine(life, load, fit, model)

    def hand_over(self, heir: StandbyEngine, playing: Callable[[], EngineProcess]) -> None:
        """Let the engine that plays leave and the heir take over; return once it is heard.

        Args:
            heir: Is ended if it does not get that far.
            playing: Returns the engine that plays, or raises.

        Raises:
            RefusedError: Code 6, an export does not end; code 30, the heir fell silent.
        """
        try:
            self._wait_for_export()
            old = playing()
            with self._lock:
                self._heir = heir
            old.tell(ReleaseOutput())
            try:
                heir.heard.result(_HAND_OVER_S)
            except TimeoutError:
                old.process.kill()  # it does not answer; the heir is told once it is gone
                heir.heard.result(_HAND_OVER_S)
        except TimeoutError:
            heir.life.end()
            raise RefusedError(
                "the new engine did not take over; see the log", FailureCode.MODEL_LOAD
            ) from None
        except BaseException:
            heir.life.end()
            raise
        finally:
            with self._lock:
                self._heir = None

    def pass_on(self, left: OutputReleased) -> None:
        """Tell the heir where the other engine left, as soon as that is known."""
        with self._lock:
            if self._heir is not None:
                self._heir.tell(left)

    def take(self) -> StandbyEngine | None:
        """Return who is to take over now that the engine that played is gone, if anybody."""
        with self._lock:
            heir, self._heir = self._heir, None
        if heir is not None:
            heir.tell(None)
        return heir

    def _wait_for_export(self) -> None:
        deadline = time.monotonic() + _EXPORT_S
        while self._share.freewheel and not self._is_called_off():
            if time.monotonic() > deadline:
                raise RefusedError(
                    "an export is under way; try again after it", FailureCode.BUSY
                )
            time.sleep(0.1)
