"""Megabytes and seconds from a wheel to the first sound, in a fresh environment.

Usage: ``python -m tools.benchmarks.first_sound``; prints one line of JSON. The wheel is built
and installed with all that it needs, then ``liveband run`` is started on a JACK server that
runs, and hears the demo's mix once it plays.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import soundfile

from bridge.audio.jack_player import JackPlayer
from bridge.audio.jack_server import JackServer
from bridge.common.errors import EngineError, EnvironmentMissing
from bridge.controls.parameters import ROOT
from bridge.osc.client import BridgeClient
from bridge.osc.free_ports import free_port
from tools.benchmarks.circumstances import machine
from tools.trials.running_bridge import BLOCK, RATE
from tools.wheel import build_wheel
from tools.wheel_environment import ProgramEnvironment, install_wheel

__all__ = ["first_sound_s", "main"]

_MIX = Path(__file__).parents[2] / "bridge" / "assets" / "mix.ogg"
_PLAYING = ("running", "overloaded")
_AUDIBLE_DB = -60.0
_PATIENCE_S = 120.0
_POLL_S = 0.02
_END_S = 30.0


def first_sound_s(environment: ProgramEnvironment) -> tuple[float, float]:
    """Return the seconds from the command until the band plays, and until it is heard.

    Args:
        environment: Where the program is installed.

    Raises:
        EngineError: It is not heard in time.
        EnvironmentMissing: No JACK server can be started.
    """
    mix, _ = soundfile.read(_MIX, dtype="float32", always_2d=True)
    port = free_port()
    options = ["--jack-name", "band", "--osc-port", str(port), "--osc-query-port", "0"]
    with (
        JackServer(rate=RATE, block=BLOCK) as server,
        JackPlayer(server.name, mix, rounds=100) as player,
        BridgeClient(port=port, timeout_s=1.0) as client,
    ):
        began = time.monotonic()
        process = subprocess.Popen(
            [environment.program, "run", "--server", server.name, *options],
            env=environment.variables,
        )
        try:
            _wait(process, client, "status", lambda state, *_: state in _PLAYING)
            ready_s = time.monotonic() - began
            player.connect("band")
            player.roll()
            _wait(process, client, "meter/out", lambda peak, *_: float(str(peak)) > _AUDIBLE_DB)
            return ready_s, time.monotonic() - began
        finally:
            process.terminate()
            process.wait(_END_S)


def _wait(
    process: subprocess.Popen[bytes],
    client: BridgeClient,
    name: str,
    holds: Callable[..., bool],
) -> None:
    """Wait until a reading is as wanted.

    Raises:
        EngineError: It was not in time, or the program ended.
    """
    deadline_s = time.monotonic() + _PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline_s:
        try:
            if holds(*client.read(f"{ROOT}/{name}")):
                return
        except EnvironmentMissing:  # its port is not open yet
            pass
        time.sleep(_POLL_S)
    raise EngineError(f"the program ended, or {name} was not as wanted in {_PATIENCE_S:g} s")


def main() -> int:
    """Measure; print one line of JSON."""
    with tempfile.TemporaryDirectory(prefix="liveband-first-") as work:
        place = Path(work)
        wheel = build_wheel(place / "dist")
        began = time.monotonic()
        environment = install_wheel(wheel, place)
        install_s = time.monotonic() - began
        ready_s, sound_s = first_sound_s(environment)
        figures = {
            "machine": machine(),
            "wheel_mb": round(wheel.stat().st_size / 1e6, 1),
            "installed_mb": round(environment.size_bytes / 1e6),
            "install_s": round(install_s, 1),
            "ready_s": round(ready_s, 1),
            "first_sound_s": round(sound_s, 1),
        }
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
