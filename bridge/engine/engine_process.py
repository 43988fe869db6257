"""Engine process and the pipe to it, as the control process holds them."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from queue import SimpleQueue
from typing import TYPE_CHECKING

from bridge.common.errors import FailureCode, RefusedError
from bridge.common.realtime import collector_paused
from bridge.engine.messages import Begin, CaughtUp, Command, Failed, ModelLoaded, Stop

if TYPE_CHECKING:
    from bridge.engine.loader import ModelLoader

__all__ = ["STOP_S", "EngineProcess", "start_engine", "wait_until_caught_up"]

STOP_S = 2.0
"""Longest time an engine may take to exit before it is killed, in seconds."""
_POLL_S = 0.2


class EngineProcess:
    """Process of an engine, and the control process's end of its pipe.

    Commands leave on a thread of their own. The pipe holds about two hundred, so whoever sent
    more to an engine that hangs would hang with it, and the watchdog too.

    Args:
        process: The process.
        pipe: To it.
    """

    def __init__(self, process: SpawnProcess, pipe: Connection) -> None:
        self.process = process
        self.pipe = pipe
        self._commands: SimpleQueue[Begin | Command | None] = SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="engine-commands", daemon=True)
        self._writer.start()

    def send(self, command: Begin | Command) -> None:
        """Send a command, from any thread, without waiting; it is lost if the process ends."""
        self._commands.put(command)

    def _write(self) -> None:
        while (command := self._commands.get()) is not None:
            try:
                self.pipe.send(command)
            except (OSError, ValueError):  # the process has ended
                return

    def close(self) -> None:
        """Close the pipe once all commands have left it; a process that lives ends then."""
        self._commands.put(None)
        self._writer.join()  # a file number closed under a write may already be another file's
        self.pipe.close()

    def kill(self) -> None:
        """Kill the process if it is alive, and wait for it; may be called twice."""
        if self.process.is_alive():
            self.process.kill()
        self.process.join()

    def stop(self) -> None:
        """Ask the process to end, and kill it if it does not within ``STOP_S``."""
        self.send(Stop())
        self.process.join(STOP_S)
        self.kill()
        self.close()

    def stop_in_background(self, then: Callable[[], object]) -> None:
        """Stop the process in a background thread, then call ``then``."""

        def stop_then_call() -> None:
            self.stop()
            then()

        threading.Thread(target=stop_then_call, name="engine-stop", daemon=True).start()

    @property
    def exit_cause(self) -> str:
        """Exit code or signal of the process, in words."""
        code = self.process.exitcode
        if code is not None and code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}"

    def describe_end(self, failure: Failed | None, *, stopped: bool) -> str:
        """Return why the process ended.

        Args:
            failure: Its last failure that was not an answer, if any.
            stopped: Whether it was told to stop.
        """
        if failure is not None:
            return failure.text
        if stopped:
            return "the engine was stopped"
        return f"the engine process died ({self.exit_cause})"


def start_engine(load: ModelLoader) -> EngineProcess:
    """Start an engine process, which loads its model at once and then waits for ``Begin``.

    Args:
        load: Creates the model in that process; must be picklable.
    """
    context = multiprocessing.get_context("spawn")
    pipe, far_end = context.Pipe()
    process = context.Process(
        target=_run_engine, args=(load, far_end), name="liveband-engine", daemon=True
    )
    process.start()
    far_end.close()
    return EngineProcess(process, pipe)


def _run_engine(load: ModelLoader, pipe: Connection) -> None:
    """Run in the new process; the engine's modules are imported in that process only."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the control process's to handle
    with collector_paused():
        from bridge.engine.main import run_engine

        run_engine(load, pipe)


def wait_until_caught_up(
    engine: EngineProcess, timeout_s: float, is_called_off: Callable[[], bool]
) -> ModelLoaded:
    """Wait until a standby engine has caught up; return its model's capabilities.

    Args:
        engine: Started with ``Begin(standby=True)``.
        timeout_s: Longest wait.
        is_called_off: Polled several times a second; True cancels the wait.

    Raises:
        RefusedError: Code 30, the engine failed or took too long.
    """
    model: ModelLoaded | None = None
    deadline = time.monotonic() + timeout_s
    while not is_called_off():
        if time.monotonic() > deadline:
            text = f"it does not keep up with the music within {timeout_s:g} s"
            raise RefusedError(f"{text}; the engine that plays goes on", FailureCode.MODEL_LOAD)
        if not wait([engine.pipe], timeout=_POLL_S):
            continue
        try:
            reply = engine.pipe.recv()
        except (EOFError, ConnectionResetError):
            engine.process.join(STOP_S)
            text = f"its engine process died ({engine.exit_cause}); the one that plays goes on"
            raise RefusedError(text, FailureCode.MODEL_LOAD) from None
        if isinstance(reply, ModelLoaded):
            model = reply
        elif isinstance(reply, Failed) and reply.id is None:
            raise RefusedError(reply.text, FailureCode.MODEL_LOAD)
        elif isinstance(reply, CaughtUp) and model is not None:
            return model
    raise RefusedError("the bridge ends; nothing was changed", FailureCode.MODEL_LOAD)
