"""A bridge in a process of its own, playing on a private JACK server, for trials and tests."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bridge.audio.jack_server import JackServer
from bridge.common.errors import EngineError, EnvironmentMissing
from bridge.controls.parameters import ROOT
from bridge.osc.client import BridgeClient
from bridge.osc.free_ports import free_port

__all__ = ["BLOCK", "NAME", "RATE", "RunningBridge", "running_bridge", "running_bridge_on"]

RATE = 48_000
BLOCK = 256
NAME = "liveband"
"""Name of the bridge on the JACK server."""

_START_S = 60.0
_STOP_S = 30.0
_ANSWER_S = 30.0
"""Longest wait for an answer; a model may load meanwhile."""
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class RunningBridge:
    """A bridge that plays in a process of its own."""

    server: str
    """Name of the JACK server."""
    port: int
    """UDP and TCP port of the bridge."""
    query_port: int
    client: BridgeClient
    log: IO[bytes]
    home: Path
    """Folder of its settings, recordings and reports."""
    process: "subprocess.Popen[bytes]"

    def log_text(self) -> str:
        """Return the log so far."""
        log = (
            self.log.fileno()
        )  # its position is shared with the bridge: read without moving it
        return os.pread(log, os.fstat(log).st_size, 0).decode(errors="replace")

    def engines(self) -> list[int]:
        """Return the ids of its engine processes."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = [int(pid) for children in threads for pid in _read(children).split()]
        return [pid for pid in pids if b"spawn_main" in _read(Path(f"/proc/{pid}/cmdline"))]

    def alarms(self) -> list[str]:
        """Return the lines of the log so far that are exceptions or errors."""
        return [
            line
            for line in self.log_text().splitlines()
            if "Traceback" in line or "ERROR" in line
        ]


@contextmanager
def running_bridge(
    checkpoint: str, *options: str, sync: bool = False
) -> Iterator[RunningBridge]:
    """Start a server and a bridge on it, and end both.

    Args:
        checkpoint: Name or folder.
        options: Further ones of ``liveband run``.
        sync: Whether the server waits for late clients, so that no frame is ever missed;
            otherwise late cycles are counted as xruns.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge does not play; the message ends with its log.
    """
    with (
        JackServer(rate=RATE, block=BLOCK, sync=sync) as server,
        running_bridge_on(server.name, checkpoint, *options) as bridge,
    ):
        yield bridge


@contextmanager
def running_bridge_on(
    server: str,
    checkpoint: str,
    *options: str,
    until: tuple[str, ...] = ("running", "overloaded"),
    program: Sequence[str] = ("bridge",),
) -> Iterator[RunningBridge]:
    """Start a bridge on a JACK server that the caller runs, and end it.

    Args:
        server: Its name; it need not run yet.
        checkpoint: Name or folder.
        options: Further ones of ``liveband run``.
        until: States of ``/status``, one of which to wait for.
        program: Module to run as the bridge, and arguments before those of the bridge.

    Raises:
        EngineError: The bridge reaches none of them; the message ends with its log.
    """
    port = free_port()
    query_port = free_port(port)
    with (
        tempfile.TemporaryDirectory(prefix="liveband-trial-") as home,
        tempfile.TemporaryFile() as log,
    ):
        command = [
            *(sys.executable, "-m", *program, "run", "--checkpoint", checkpoint),
            *("--server", server, "--jack-name", NAME),
            *("--osc-port", str(port), "--osc-query-port", str(query_port), *options),
        ]
        kinds = (
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_STATE_HOME",
            "XDG_MUSIC_DIR",
            "TMPDIR",
        )
        homes = dict.fromkeys(kinds, home)
        bridge = subprocess.Popen(command, stderr=log, env={**os.environ, **homes})
        try:
            with BridgeClient(port=port, timeout_s=_ANSWER_S) as client:
                _wait_until(until, client, bridge, log)
                yield RunningBridge(server, port, query_port, client, log, Path(home), bridge)
                if bridge.poll() is None:
                    client.do(f"{ROOT}/quit")
            bridge.wait(_STOP_S)
        finally:
            if bridge.poll() is None:
                bridge.terminate()
                bridge.wait(_STOP_S)


def _wait_until(
    states: tuple[str, ...],
    client: BridgeClient,
    bridge: "subprocess.Popen[bytes]",
    log: IO[bytes],
) -> None:
    deadline_s = time.monotonic() + _START_S
    while time.monotonic() < deadline_s and bridge.poll() is None:
        try:
            if client.read(f"{ROOT}/status")[0] in states:
                return
        except EnvironmentMissing:  # its port is not open yet
            pass
        time.sleep(_POLL_S)
    log.seek(0)
    words = log.read().decode(errors="replace")[-800:]
    raise EngineError(f"the bridge did not play within {_START_S:g} s; its last words: {words}")


def _read(file: Path) -> bytes:
    """Return the contents of a file of ``/proc``; nothing where its thread or process ended."""
    try:
        return file.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
