"""A JACK server that dies again and again under a bridge, and comes back changed.

Whoever plays wants to know three things: how long there was no sound, whether all wires are
as they were, and whether the controls answered meanwhile.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from bridge.audio.jack_server import JackServer
from bridge.common.errors import EngineError
from bridge.controls.parameters import ROOT
from bridge.osc.client import BridgeClient
from tools.trials.rig import NAME, Rig, bridge_on

__all__ = [
    "SETTINGS",
    "WIRES",
    "WITHIN_S",
    "Return",
    "Watcher",
    "await_state",
    "returns",
    "wires_of",
]

SETTINGS = ((48_000, 256), (44_100, 128), (48_000, 1024), (96_000, 512), (44_100, 1024))
"""Rates and blocks that the server comes back with, one after the other."""
WIRES = (("system:capture_1", f"{NAME}:in_L"), (f"{NAME}:out_L", "system:playback_1"))
WITHIN_S = 3.0
"""What a band on stage can bear."""
_PATIENCE_S = 60.0
_POLL_S = 0.02
_TRIES = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Return:
    """One death of the server, and what became of it."""

    by: str
    """Signal it died of."""
    rate: int
    """What it came back with."""
    block: int
    away_s: float
    """From the signal until the bridge plays, with all its wires."""
    after_s: float
    """From the server's answering again until then."""
    same_wires: bool
    was_offline: bool
    """Whether the bridge said so meanwhile."""
    answer_max_ms: float
    """Longest wait for the answer to a question meanwhile."""


class Watcher:
    """Asks a bridge for its status all the time; a context manager.

    Args:
        port: Of the bridge.
    """

    def __init__(self, port: int) -> None:
        self.states: list[str] = []
        """Those seen, each once as long as it lasted."""
        self.answer_max_s = 0.0
        self._port = port
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._ask, name="watcher", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join(2 * _PATIENCE_S)

    def _ask(self) -> None:
        with BridgeClient(port=self._port, timeout_s=_PATIENCE_S) as client:
            while not self._ending.wait(_POLL_S):
                asked_s = time.monotonic()
                state = str(client.read(f"{ROOT}/status")[0])
                self.answer_max_s = max(self.answer_max_s, time.monotonic() - asked_s)
                if self.states[-1:] != [state]:
                    self.states.append(state)


def returns(
    deaths: Sequence[signal.Signals], checkpoint: str = "passthrough"
) -> Iterator[Return]:
    """Let a server die of one signal after the other, and start it again each time.

    Args:
        deaths: Signals.
        checkpoint: What the bridge plays with.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge did not come back.
    """
    server = JackServer(rate=SETTINGS[0][0], block=SETTINGS[0][1]).start()
    try:
        with bridge_on(server.name, checkpoint) as bridge:
            for source, destination in WIRES:
                bridge.client.do(f"{ROOT}/jack/connect", source, destination)
            before = wires_of(server)
            _await_remembered(bridge)
            for number, death in enumerate(deaths, 1):
                rate, block = SETTINGS[number % len(SETTINGS)]
                with Watcher(bridge.port) as watcher:
                    begun_s, name = time.monotonic(), server.name
                    assert server.pid is not None
                    os.kill(server.pid, death)
                    server.stop()
                    server = JackServer(rate=rate, block=block, name=name).start()
                    answers_s = time.monotonic()
                    _await_return(bridge, server, before, rate)
                    now_s = time.monotonic()
                yield Return(
                    by=death.name,
                    rate=rate,
                    block=block,
                    away_s=round(now_s - begun_s, 2),
                    after_s=round(now_s - answers_s, 2),
                    same_wires=wires_of(server) == before,
                    was_offline="offline" in watcher.states,
                    answer_max_ms=round(1000 * watcher.answer_max_s, 1),
                )
    finally:
        server.stop()


def wires_of(server: JackServer) -> str:
    """Return all ports of a server and their wires, as ``jack_lsp -c`` lists them.

    Raises:
        EngineError: The server does not tell, asked several times: libjack refuses a client now
            and then while other servers of the machine come and go.
    """
    for _ in range(_TRIES):
        listed = subprocess.run(
            ["jack_lsp", "-c"], env=server.environment, capture_output=True, text=True
        )
        if listed.returncode == 0:
            return listed.stdout
        time.sleep(_POLL_S)
    raise EngineError(f"the JACK server {server.name} lists no ports: {listed.stderr.strip()}")


def await_state(bridge: Rig, states: tuple[str, ...], patience_s: float = _PATIENCE_S) -> None:
    """Wait until the bridge says it is in one of some states.

    Raises:
        EngineError: It does not in time; the message has its last words.
    """
    deadline_s = time.monotonic() + patience_s
    while (state := str(bridge.client.read(f"{ROOT}/status")[0])) not in states:
        if time.monotonic() > deadline_s:
            raise EngineError(
                f"the bridge is {state}, not {' or '.join(states)}, after {patience_s:g} s; "
                f"its last words: {bridge.words()[-800:]}"
            )
        time.sleep(_POLL_S)


def _await_remembered(bridge: Rig) -> None:
    """Wait until the bridge has seen its wires, as it looks for them twice a second.

    Raises:
        EngineError: It does not see them.
    """
    deadline_s = time.monotonic() + _PATIENCE_S
    while True:
        files = bridge.home.glob("**/wires/*.toml")
        text = "".join(file.read_text(encoding="utf-8") for file in files)
        if all(end in text for wire in WIRES for end in wire):
            return
        if time.monotonic() > deadline_s:
            raise EngineError(f"after {_PATIENCE_S:g} s its wires are not kept: {text!r}")
        time.sleep(_POLL_S)


def _await_return(bridge: Rig, server: JackServer, wires: str, rate: int) -> None:
    await_state(bridge, ("running", "overloaded"))
    deadline_s = time.monotonic() + _PATIENCE_S
    while wires_of(server) != wires or bridge.client.read(f"{ROOT}/status/audio")[0] != rate:
        if time.monotonic() > deadline_s:
            raise EngineError(
                f"after {_PATIENCE_S:g} s the wires are {wires_of(server)!r}, were {wires!r}; "
                f"last words: {bridge.words()[-800:]}"
            )
        time.sleep(_POLL_S)
