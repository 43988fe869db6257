"""A disk that fills while a band is recorded: the sound goes on, and the fault is told."""

import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.common.errors import EnvironmentMissing, RefusedError
from bridge.osc.client import BridgeClient
from bridge.osc.free_ports import free_port
from tests.live.conftest import Player
from tests.live.program import jack_tool
from tests.live.small_disks import on_small_disk

ROOM = 1_000_000
"""Bytes of the disk: less than 3 s of mix and stem."""
LOUD_DB = -40.0

pytestmark = pytest.mark.jack


@pytest.fixture
def recorded(jackd, tmp_path, wait_until):
    """A client of a band that hears noise and records to a small disk, and that disk."""
    music = tmp_path / "music"
    music.mkdir()
    small = on_small_disk(music, ROOM)
    own = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_STATE_HOME"), str(tmp_path))
    own["XDG_MUSIC_DIR"] = str(music)
    server, port = jackd(), free_port()
    options = ["--checkpoint", "passthrough", "--jack-name", "band", "--server", server.name]
    ports = ["--osc-port", str(port), "--osc-query-port", "0"]
    command = [*small, sys.executable, "-m", "bridge", "run", *options, *ports]
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, 48_000 * 120).astype(np.float32)
    process = subprocess.Popen(command, env={**os.environ, **own})
    try:
        with BridgeClient(port=port, timeout_s=20.0) as client:
            wait_until(lambda: _state(client, process) == "running")
            player = Player(server, noise)
            try:
                jack_tool(server, "jack_connect", "player:out", "band:in_L")
                player.play()
                wait_until(lambda: client.read("/liveband/meter/out")[0] > LOUD_DB)
                yield client, Path(f"/proc/{process.pid}/root{music}/liveband")
            finally:
                player.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60.0)


def _state(client, process):
    assert process.poll() is None
    try:
        return client.read("/liveband/status")[0]
    except EnvironmentMissing:
        return "not there yet"


def test_a_full_disk_ends_the_recording_and_not_the_sound(recorded, wait_until):
    client, disk = recorded
    client.do("/liveband/record/start", "take")
    wait_until(lambda: not client.read("/liveband/record/state")[0])
    _, name, seconds, lost, error = client.read("/liveband/record/state")
    assert (name, lost) == ("take", 0)
    assert re.fullmatch(
        r"'take' ends early: \S+/take\.(mix|stem)\.wav: "
        r"cannot be written beyond \d+\.\d s: the disk is full.*",
        error,
    )
    wait_until(lambda: client.read("/liveband/status") == ("running", error))
    with pytest.raises(RefusedError, match="the disk is full") as refusal:
        client.do("/liveband/record/stop")
    assert refusal.value.code == 7

    played = client.read("/liveband/status/engine")[3]
    wait_until(lambda: client.read("/liveband/status/engine")[3] > played + 20)
    assert client.read("/liveband/meter/out")[0] > LOUD_DB

    frames = round(seconds * 48_000)
    assert frames >= 48_000
    parts = {part: soundfile.read(disk / f"take.{part}.wav")[0] for part in ("mix", "stem")}
    for sound in parts.values():
        assert len(sound) >= frames
        assert np.abs(sound[frames - 4800 : frames]).max() > 0.01
    facts = tomllib.loads((disk / "take.toml").read_text())
    assert facts["rate"] == 48_000

    with pytest.raises(RefusedError, match="the disk is full") as refusal:
        client.do("/liveband/record/start", "again")
    assert refusal.value.code == 9
    assert not list(disk.glob("again.*"))

    for file in disk.glob("take.*"):
        file.unlink()
    client.do("/liveband/record/start", "next")
    assert "take" not in client.read("/liveband/status")[1]
    client.do("/liveband/record/stop")
