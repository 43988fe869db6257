"""Trial: kill the JACK server under a bridge and restart it with another rate and block.

It measures how long there is no sound, whether all connections are restored, and whether the
controls answer meanwhile.
"""

import argparse
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Self

from bridge.audio.jack_server import JackServer
from bridge.commands.output import print_row
from bridge.common.errors import EngineError
from bridge.controls.parameters import ROOT
from bridge.osc.client import BridgeClient
from tools.trials.options import add_checkpoint_option
from tools.trials.running_bridge import NAME, RunningBridge, running_bridge_on

__all__ = [
    "CONNECTIONS",
    "HELP",
    "SETTINGS",
    "WITHIN_S",
    "ServerRestart",
    "StatusPoller",
    "await_state",
    "configure",
    "connections_of",
    "run",
    "server_restarts",
]

HELP = "kill the JACK server again and again, and time the bridge's return"

SETTINGS = ((48_000, 256), (44_100, 128), (48_000, 1024), (96_000, 512), (44_100, 1024))
"""Rates and blocks of the restarted server, one after the other."""
CONNECTIONS = (("system:capture_1", f"{NAME}:in_L"), (f"{NAME}:out_L", "system:playback_1"))
WITHIN_S = 3.0
"""Longest interruption allowed, from the signal until the bridge plays again."""
_PATIENCE_S = 60.0
_POLL_S = 0.02
_TRIES = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerRestart:
    """Figures of one restart of the server."""

    by: str
    """Signal that killed the server."""
    rate: int
    """Of the restarted server, in Hz."""
    block: int
    away_s: float
    """From the signal until the bridge plays, with all its connections."""
    after_s: float
    """From the server's first answer until then."""
    same_wires: bool
    was_offline: bool
    """Whether the bridge reported ``offline`` meanwhile."""
    answer_max_ms: float
    """Longest wait for the answer to a question meanwhile."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "deaths", type=int, nargs="?", default=10, metavar="DEATHS", help="of the server (10)"
    )
    add_checkpoint_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every restart; return 1 where connections were lost or it took too long."""
    holds = True
    by = (signal.SIGTERM, signal.SIGKILL)
    deaths = [by[number % 2] for number in range(arguments.deaths)]
    for each in server_restarts(deaths, arguments.checkpoint):
        print_row(asdict(each), as_json=arguments.json)
        holds = holds and each.same_wires and each.was_offline and each.away_s < WITHIN_S
    return 0 if holds else 1


class StatusPoller:
    """Thread that polls a bridge's status; a context manager.

    Args:
        port: Of the bridge.
    """

    def __init__(self, port: int) -> None:
        self.states: list[str] = []
        """States seen, without repetitions in a row."""
        self.answer_max_s = 0.0
        self._port = port
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._ask, name="status-poller", daemon=True)

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


def server_restarts(
    deaths: Sequence[signal.Signals], checkpoint: str = "passthrough"
) -> Iterator[ServerRestart]:
    """Kill a server with one signal after the other, and restart it each time.

    Args:
        deaths: Signals, one a restart.
        checkpoint: What the bridge plays with.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge does not play again.
    """
    server = JackServer(rate=SETTINGS[0][0], block=SETTINGS[0][1]).start()
    try:
        with running_bridge_on(server.name, checkpoint) as bridge:
            for source, destination in CONNECTIONS:
                bridge.client.do(f"{ROOT}/jack/connect", source, destination)
            before = connections_of(server)
            _await_saved_connections(bridge)
            for number, death in enumerate(deaths, 1):
                rate, block = SETTINGS[number % len(SETTINGS)]
                with StatusPoller(bridge.port) as poller:
                    begun_s, name = time.monotonic(), server.name
                    assert server.pid is not None
                    os.kill(server.pid, death)
                    server.stop()
                    server = JackServer(rate=rate, block=block, name=name).start()
                    answers_s = time.monotonic()
                    _await_return(bridge, server, before, rate)
                    now_s = time.monotonic()
                yield ServerRestart(
                    by=death.name,
                    rate=rate,
                    block=block,
                    away_s=round(now_s - begun_s, 2),
                    after_s=round(now_s - answers_s, 2),
                    same_wires=connections_of(server) == before,
                    was_offline="offline" in poller.states,
                    answer_max_ms=round(1000 * poller.answer_max_s, 1),
                )
    finally:
        server.stop()


def connections_of(server: JackServer) -> str:
    """Return all ports of a server and their connections, as ``jack_lsp -c`` lists them.

    Raises:
        EngineError: The listing failed several times. A single failure is no error: libjack
            refuses a client now and then while other servers start and stop.
    """
    for _ in range(_TRIES):
        listed = subprocess.run(
            ["jack_lsp", "-c"], env=server.environment, capture_output=True, text=True
        )
        if listed.returncode == 0:
            return listed.stdout
        time.sleep(_POLL_S)
    raise EngineError(f"the JACK server {server.name} lists no ports: {listed.stderr.strip()}")


def await_state(
    bridge: RunningBridge, states: tuple[str, ...], patience_s: float = _PATIENCE_S
) -> None:
    """Wait until the bridge reports one of some states.

    Raises:
        EngineError: It does not in time; the message ends with its log.
    """
    deadline_s = time.monotonic() + patience_s
    while (state := str(bridge.client.read(f"{ROOT}/status")[0])) not in states:
        if time.monotonic() > deadline_s:
            raise EngineError(
                f"the bridge is {state}, not {' or '.join(states)}, after {patience_s:g} s; "
                f"its last words: {bridge.log_text()[-800:]}"
            )
        time.sleep(_POLL_S)


def _await_saved_connections(bridge: RunningBridge) -> None:
    """Wait until the bridge has saved its connections, which it reads twice a second.

    Raises:
        EngineError: They are not saved in time.
    """
    deadline_s = time.monotonic() + _PATIENCE_S
    while True:
        files = bridge.home.glob("**/wires/*.toml")
        text = "".join(file.read_text(encoding="utf-8") for file in files)
        if all(end in text for connection in CONNECTIONS for end in connection):
            return
        if time.monotonic() > deadline_s:
            raise EngineError(
                f"after {_PATIENCE_S:g} s its connections are not saved: {text!r}"
            )
        time.sleep(_POLL_S)


def _await_return(bridge: RunningBridge, server: JackServer, before: str, rate: int) -> None:
    await_state(bridge, ("running", "overloaded"))
    deadline_s = time.monotonic() + _PATIENCE_S
    while (
        connections_of(server) != before
        or bridge.client.read(f"{ROOT}/status/audio")[0] != rate
    ):
        if time.monotonic() > deadline_s:
            raise EngineError(
                f"after {_PATIENCE_S:g} s the connections are {connections_of(server)!r}, "
                f"were {before!r}; last words: {bridge.log_text()[-800:]}"
            )
        time.sleep(_POLL_S)
