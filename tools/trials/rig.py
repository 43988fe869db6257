"""A bridge as a program of its own, playing on a private JACK server, to be put to the test."""

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

__all__ = ["BLOCK", "NAME", "RATE", "Rig", "bridge_on", "rig"]

RATE = 48_000
BLOCK = 256
NAME = "liveband"
"""Of the bridge on the audio server."""

_START_S = 60.0
_STOP_S = 30.0
_ANSWER_S = 30.0
"""As long as a model may take to load."""
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Rig:
    """A bridge that plays."""

    server: str
    """Name of the JACK server."""
    port: int
    """Its UDP and TCP port."""
    query_port: int
    client: BridgeClient
    log: IO[bytes]
    home: Path
    """Where its settings, recordings and reports are."""
    process: "subprocess.Popen[bytes]"

    def words(self) -> str:
        """Return its log so far."""
        log = self.log.fileno()  # whose place is the bridge's too, so it is not to be moved
        return os.pread(log, os.fstat(log).st_size, 0).decode(errors="replace")

    def engines(self) -> list[int]:
        """Return the processes of its engines: what it started by spawning."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = [int(pid) for children in threads for pid in _read(children).split()]
        return [pid for pid in pids if b"spawn_main" in _read(Path(f"/proc/{pid}/cmdline"))]

    def alarms(self) -> list[str]:
        """Return what the log has of exceptions and errors so far."""
        return [
            line for line in self.words().splitlines() if "Traceback" in line or "ERROR" in line
        ]


@contextmanager
def rig(checkpoint: str, *options: str, sync: bool = False) -> Iterator[Rig]:
    """Start a server and a bridge on it, and end both.

    Args:
        checkpoint: What the bridge plays with.
        options: Further ones of ``liveband run``.
        sync: Whether the server waits for late clients, so that no frame is ever missed;
            without, they are counted as xruns.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge does not play; the message has its last words.
    """
    with (
        JackServer(rate=RATE, block=BLOCK, sync=sync) as server,
        bridge_on(server.name, checkpoint, *options) as bridge,
    ):
        yield bridge


@contextmanager
def bridge_on(
    server: str,
    checkpoint: str,
    *options: str,
    until: tuple[str, ...] = ("running", "overloaded"),
    program: Sequence[str] = ("bridge",),
) -> Iterator[Rig]:
    """Start a bridge that plays on a server of others, and end it.

    Args:
        server: Its name; it need not be there yet.
        checkpoint: What the bridge plays with.
        options: Further ones of ``liveband run``.
        until: States of ``/status`` to wait for.
        program: The module that is the bridge, and arguments before those of the bridge.

    Raises:
        EngineError: The bridge does not come so far; the message has its last words.
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
                yield Rig(server, port, query_port, client, log, Path(home), bridge)
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
    """Return what is in a file of ``/proc``; nothing where its thread or process has ended."""
    try:
        return file.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
