"""One engine process and the pipe to it, from its start to its end."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING

from bridge.common.errors import FailureCode, RefusedError
from bridge.common.realtime import collector_paused
from bridge.engine.messages import Begin, CaughtUp, Command, Failed, ModelLoaded, Stop

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.engine.loader import ModelLoader
    from model.formats.conditions import Conditions

__all__ = ["STOP_S", "EngineProcess", "start_engine", "wait_until_caught_up"]

STOP_S = 2.0
"""How long an engine may take to end before it is killed."""
_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class EngineProcess:
    """An engine process."""

    process: SpawnProcess
    pipe: Connection

    def tell(self, command: Begin | Command) -> bool:
        """Send a command; return whether anybody could still be there to hear it."""
        try:
            self.pipe.send(command)
        except (OSError, ValueError):
            return False
        return True

    def begin(
        self,
        share_name: str,
        conditions: tuple[Conditions, ...],
        banks: Path | None,
        *,
        standby: bool = False,
    ) -> None:
        """Have it play; the arguments are those of ``Begin``."""
        asked = Begin(share_name=share_name, conditions=conditions, banks=banks, standby=standby)
        self.tell(asked)

    def kill(self) -> None:
        """See to it that it is no more; may be called twice."""
        if self.process.is_alive():
            self.process.kill()
        self.process.join()

    def end(self) -> None:
        """See it to its end: it is asked first, and killed if it does not heed."""
        self.tell(Stop())
        self.process.join(STOP_S)
        self.kill()
        self.pipe.close()

    def end_aside(self, then: Callable[[], object]) -> None:
        """See it to its end in a thread of its own, and then call ``then``."""

        def see_off() -> None:
            self.end()
            then()

        threading.Thread(target=see_off, name="engine-farewell", daemon=True).start()

    @property
    def cause(self) -> str:
        """How it ended, in words."""
        code = self.process.exitcode
        if code is not None and code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}"

    def reason(self, failure: Failed | None, *, stopped: bool) -> str:
        """Say why it ended.

        Args:
            failure: Its last complaint, if it had one.
            stopped: Whether it was asked to end.
        """
        if failure is not None:
            return failure.text
        if stopped:
            return "the engine was stopped"
        return f"the engine process died ({self.cause})"


def start_engine(load: ModelLoader) -> EngineProcess:
    """Start an engine process, which loads at once and then waits for ``Begin``.

    Args:
        load: Makes the model there; must survive pickling.
    """
    context = multiprocessing.get_context("spawn")
    pipe, far_end = context.Pipe()
    process = context.Process(
        target=_be_engine, args=(load, far_end), name="liveband-engine", daemon=True
    )
    process.start()
    far_end.close()
    return EngineProcess(process, pipe)


def _be_engine(load: ModelLoader, pipe: Connection) -> None:
    """Be that process; what an engine is made of is imported there alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the control process's to handle
    with collector_paused():
        from bridge.engine.main import run_engine

        run_engine(load, pipe)


def wait_until_caught_up(
    life: EngineProcess, timeout_s: float, is_called_off: Callable[[], bool]
) -> ModelLoaded:
    """Wait until an engine plays along unheard; return what it told about its model.

    Args:
        life: Was begun to wait.
        timeout_s: Longest wait.
        is_called_off: Looked at several times a second.

    Raises:
        RefusedError: Code 30, it will not.
    """
    model: ModelLoaded | None = None
    deadline = time.monotonic() + timeout_s
    while not is_called_off():
        if time.monotonic() > deadline:
            text = f"it does not keep up with the music within {timeout_s:g} s"
            raise RefusedError(f"{text}; the engine that plays goes on", FailureCode.MODEL_LOAD)
        if not wait([life.pipe], timeout=_LOOK_S):
            continue
        try:
            reply = life.pipe.recv()
        except (EOFError, ConnectionResetError):
            life.process.join(STOP_S)
            text = f"its engine process died ({life.cause}); the one that plays goes on"
            raise RefusedError(text, FailureCode.MODEL_LOAD) from None
        if isinstance(reply, ModelLoaded):
            model = reply
        elif isinstance(reply, Failed) and reply.id is None:
            raise RefusedError(reply.text, FailureCode.MODEL_LOAD)
        elif isinstance(reply, CaughtUp) and model is not None:
            return model
    raise RefusedError("the bridge ends; nothing was changed", FailureCode.MODEL_LOAD)
