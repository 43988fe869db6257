"""Performance of the demo: JACK server, bridge, JACK player and OSC client as four programs."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bridge.audio.jack_player import JackPlayer, StereoAudio
from bridge.audio.jack_server import JackServer
from bridge.common.errors import EngineError, EnvironmentMissing
from bridge.controls.parameters import ROOT
from bridge.demo.script import SCRIPT, START_STEM, ScriptStep
from bridge.osc.client import BridgeClient
from bridge.osc.free_ports import free_port

__all__ = ["RATE", "DemoResult", "level_db", "run_demo"]

BLOCK = 256
RATE = 48_000
_START_S = 90.0
_STOP_S = 30.0
_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class DemoResult:
    """Result of the demo."""

    stem: StereoAudio
    """Stem the bridge played, aligned with the mix, shape ``(frames, 2)``."""
    steps: tuple[tuple[float, ScriptStep], ...]
    """Each step with the second of the mix at which the bridge had carried it out."""
    ready_s: float
    """Seconds from launching the bridge to its first answer that it runs."""
    osc_replies: int
    """Number of OSC answers received."""
    before: dict[str, Any]
    """Readings of the bridge before the mix."""
    after: dict[str, Any]
    """Readings after the mix."""


def run_demo(mix: StereoAudio, *, checkpoint: str, say: Callable[[str], None]) -> DemoResult:
    """Play a mix to a bridge in real time, control it by OSC, record what it plays.

    Args:
        mix: Shape ``(frames, 2)`` at 48 kHz, at least as long as the script.
        checkpoint: Name or folder of the bridge's checkpoint.
        say: Called with lines about the progress.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge or the JACK player failed; the message has its last words.
    """
    port = free_port()
    with JackServer("dummy", rate=RATE, block=BLOCK, sync=True) as server:
        say(f"JACK server {server.name}: dummy driver, {RATE} Hz, {BLOCK} frames")
        began = time.monotonic()
        with (
            _bridge(server.name, port, checkpoint) as bridge,
            BridgeClient(port=port) as remote,
        ):
            _wait_until_running(remote, bridge)
            ready_s = time.monotonic() - began
            say(f"bridge ready after {ready_s:.1f} s, playing {START_STEM}")
            with JackPlayer(server.name, mix) as player:
                player.connect("liveband")
                before = _readings(remote)
                player.roll()
                steps = tuple(_run_script(player, remote, say))
                stem = player.recording()
                after = _readings(remote)
            remote.do(f"{ROOT}/quit")
    return DemoResult(
        stem=stem,
        steps=steps,
        ready_s=ready_s,
        osc_replies=len(steps) + len(before) + len(after),
        before=before,
        after=after,
    )


def _run_script(
    player: JackPlayer, remote: BridgeClient, say: Callable[[str], None]
) -> Iterator[tuple[float, ScriptStep]]:
    """Carry out each step when the mix reaches its time."""
    for step in SCRIPT:
        while player.position < step.at_s * RATE:
            time.sleep(_POLL_S)
        remote.do(step.address, *(step.arguments or (1,)))
        done_s = player.position / RATE
        say(f"{done_s:5.2f} s  {step.label}")
        yield done_s, step


def _readings(remote: BridgeClient) -> dict[str, Any]:
    return {
        message.address.removeprefix(f"{ROOT}/"): message.arguments
        for message in remote.collect(f"{ROOT}/dump")
    }


@contextmanager
def _bridge(server: str, port: int, checkpoint: str) -> Iterator[subprocess.Popen[str]]:
    """Run ``liveband run`` as a program of its own, without the user's settings."""
    command = [sys.executable, "-m", "bridge", "run"]
    options = {
        "--server": server,
        "--osc-port": str(port),
        "--checkpoint": checkpoint,
        "--stem": START_STEM,
        "--seed": "1",
    }
    arguments = [word for option in options.items() for word in option]
    with TemporaryDirectory(prefix="liveband-demo-") as home:
        bridge = subprocess.Popen(
            [*command, *arguments],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "XDG_CONFIG_HOME": home},
        )
        try:
            yield bridge
            bridge.wait(_STOP_S)
        finally:
            if bridge.poll() is None:
                bridge.terminate()
            bridge.communicate(timeout=_STOP_S)


def _wait_until_running(remote: BridgeClient, bridge: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if bridge.poll() is not None:
            words = bridge.stderr.read() if bridge.stderr else ""
            raise EngineError(f"the bridge ended with code {bridge.returncode}: {words[-800:]}")
        try:
            if remote.read(f"{ROOT}/status")[0] in ("running", "overloaded"):
                return
        except EnvironmentMissing:
            pass  # its OSC port is not open yet
        time.sleep(_POLL_S)
    raise EngineError(f"the bridge was not running within {_START_S:g} s")


def level_db(audio: StereoAudio) -> float:
    """Return the RMS level in dBFS, not below -120."""
    return float(20 * np.log10(max(1e-6, np.sqrt(np.mean(np.square(audio))))))
