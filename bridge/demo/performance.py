"""The show itself: a JACK server, a bridge, a tape deck and a remote, as four programs."""

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
    """What came of it."""

    stem: StereoAudio
    """What the bridge played, on the tape's timeline, shape ``(frames, 2)``."""
    cues: tuple[tuple[float, ScriptStep], ...]
    """Each cue with the tape's time, in seconds, when the bridge said it was done."""
    ready_s: float
    """From launching the bridge to its first answer that it runs."""
    osc_replies: int
    """Answers received."""
    before: dict[str, Any]
    """The bridge's readings before the tape, in the default mode."""
    after: dict[str, Any]
    """Its readings after the tape."""


def run_demo(tape: StereoAudio, *, checkpoint: str, say: Callable[[str], None]) -> DemoResult:
    """Play a tape to a bridge in real time, steer it by OSC, record what it plays.

    Args:
        tape: The mix, ``(frames, 2)`` at 48 kHz, at least as long as the script.
        checkpoint: What the bridge plays with.
        say: Told what is happening, a line at a time.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge or the deck failed; the message has its last words.
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
            with JackPlayer(server.name, tape) as deck:
                deck.connect("liveband")
                before = _readings(remote)
                deck.roll()
                cues = tuple(_follow(deck, remote, say))
                stem = deck.recording()
                after = _readings(remote)
            remote.do(f"{ROOT}/quit")
    return DemoResult(
        stem=stem,
        cues=cues,
        ready_s=ready_s,
        osc_replies=len(cues) + len(before) + len(after),
        before=before,
        after=after,
    )


def _follow(
    deck: JackPlayer, remote: BridgeClient, say: Callable[[str], None]
) -> Iterator[tuple[float, ScriptStep]]:
    """Send each cue when the tape gets there."""
    for cue in SCRIPT:
        while deck.position < cue.at_s * RATE:
            time.sleep(_POLL_S)
        remote.do(cue.address, *(cue.arguments or (1,)))
        done_s = deck.position / RATE
        say(f"{done_s:5.2f} s  {cue.label}")
        yield done_s, cue


def _readings(remote: BridgeClient) -> dict[str, Any]:
    return {
        message.address.removeprefix(f"{ROOT}/"): message.arguments
        for message in remote.collect(f"{ROOT}/dump")
    }


@contextmanager
def _bridge(server: str, port: int, checkpoint: str) -> Iterator[subprocess.Popen[str]]:
    """Run ``liveband run`` as a program of its own, without its player's wires and maps."""
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
