"""Time of the whole program's start: from the command until it plays."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

from bridge.audio.jack_server import JackServer
from bridge.common.errors import EngineError

__all__ = ["START_S", "start_seconds"]

START_S = 1.0
"""Longest start allowed."""
_LONGEST_S = 60.0
_POLL_S = 0.2
_STOP_S = 15.0
_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_MUSIC_DIR")


def start_seconds(checkpoint: str, engine: str, starts: int) -> list[float]:
    """Start ``liveband run`` again and again on a private JACK server, and time each start.

    A start ends when the program notifies the service manager that it is ready: its OSC port
    answers, and ``/liveband/status`` is ``running``. The first start is not timed, so that the
    files of all others are cached.

    Args:
        checkpoint: Name or folder.
        engine: Empty for the default one.
        starts: How often.

    Returns:
        Seconds from spawning the command, of each start.

    Raises:
        EnvironmentMissing: There is no JACK.
        EngineError: The program does not play; the message ends with its log.
    """
    command = [
        *(sys.executable, "-m", "bridge", "run", "--checkpoint", checkpoint),
        *("--engine", engine, "--osc-port", "0", "--osc-query-port", "0"),
    ]
    with tempfile.TemporaryDirectory(prefix="liveband-bench-") as home, JackServer() as server:
        command += ["--server", server.name]
        return [_start(command, Path(home)) for _ in range(starts + 1)][1:]


def _start(command: list[str], home: Path) -> float:
    """Start the program and end it; return the seconds until it was ready."""
    ready = home / "ready"
    ready.unlink(missing_ok=True)
    environment = {**dict.fromkeys(_FOLDERS, str(home)), "NOTIFY_SOCKET": str(ready)}
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifications,
        tempfile.TemporaryFile() as log,
    ):
        notifications.bind(str(ready))
        notifications.settimeout(_POLL_S)
        began = time.monotonic()
        program = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
        try:
            _await_ready(notifications, program, log, began + _LONGEST_S)
            return time.monotonic() - began
        finally:
            program.terminate()
            program.wait(_STOP_S)


def _await_ready(
    notifications: socket.socket,
    program: "subprocess.Popen[bytes]",
    log: IO[bytes],
    deadline: float,
) -> None:
    while program.poll() is None and time.monotonic() < deadline:
        try:
            if b"READY=1" in notifications.recv(4096).splitlines():
                return
        except TimeoutError:
            continue
    log.seek(0)
    words = log.read().decode(errors="replace")[-800:]
    raise EngineError(f"'liveband run' does not get ready; its last words: {words}")
