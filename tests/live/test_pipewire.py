"""PipeWire in JACK's place: another server, the same bridge."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bridge.audio.libjack import installed_libraries
from bridge.controls.parameters import ROOT
from tools.trials.returns import await_state
from tools.trials.running_bridge import running_bridge_on

pytestmark = [
    pytest.mark.jack,
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("pipewire") and installed_libraries()[1]),
        reason="PipeWire is not installed (packages pipewire and pipewire-jack)",
    ),
]

PATIENCE_S = 60.0
SERVER = """
context.properties = {
  core.daemon = true core.name = pipewire-0
  default.clock.rate = 48000 default.clock.quantum = 256
  default.clock.min-quantum = 32 default.clock.max-quantum = 8192
}
context.spa-libs = {
  audio.convert.* = audioconvert/libspa-audioconvert
  support.* = support/libspa-support
}
context.modules = [
  { name = libpipewire-module-rt args = { nice.level = -11 rt.prio = 20 }
    flags = [ ifexists nofail ] }
  { name = libpipewire-module-protocol-native }
  { name = libpipewire-module-metadata }
  { name = libpipewire-module-spa-node-factory }
  { name = libpipewire-module-client-node }
  { name = libpipewire-module-access args = { } }
  { name = libpipewire-module-adapter }
  { name = libpipewire-module-link-factory }
]
context.objects = [
  { factory = metadata args = { metadata.name = settings } }
  { factory = metadata args = { metadata.name = default } }
  { factory = spa-node-factory args = {
      factory.name = support.node.driver node.name = Dummy-Driver
      node.group = pipewire.dummy priority.driver = 20000 } }
  { factory = adapter args = {
      factory.name = support.null-audio-sink node.name = null-sink node.description = "Null"
      media.class = Audio/Sink object.linger = true audio.position = [ FL FR ]
      adapter.auto-port-config = { mode = dsp monitor = true position = preserve }
      priority.driver = 25000 } }
]
"""


@pytest.fixture
def pipewire(tmp_path, monkeypatch):
    """A function that starts a server of our own; programs started from here use it."""
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    (tmp_path / "server.conf").write_text(SERVER)
    monkeypatch.delenv("JACK_DEFAULT_SERVER", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("PIPEWIRE_RUNTIME_DIR", str(runtime))
    servers = []

    def start():
        server = subprocess.Popen(
            ["pipewire", "-c", str(tmp_path / "server.conf")],
            env=dict(os.environ),
            stderr=subprocess.DEVNULL,
        )
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.terminate()
        server.wait(PATIENCE_S)


def test_the_bridge_plays_on_pipewire_and_comes_back_to_it(pipewire, wait_until):
    server = pipewire()
    with running_bridge_on("", "passthrough", until=("running", "offline")) as bridge:
        await_state(bridge, ("running",), PATIENCE_S)

        def has_played(hops):
            return bridge.client.read(f"{ROOT}/status/engine")[3] > hops

        def names():
            return [
                str(reply.arguments[0]) for reply in bridge.client.collect(f"{ROOT}/jack/ports")
            ]

        def sinks():
            return [name for name in names() if "playback" in name]

        wait_until(sinks)
        sink = sinks()[0]
        bridge.client.do(f"{ROOT}/jack/connect", "liveband:out_L", sink)
        assert bridge.client.read(f"{ROOT}/status/audio")[0] == 48_000
        wait_until(lambda: has_played(20))
        assert bridge.client.read(f"{ROOT}/latency")[1] == 0
        server.terminate()
        server.wait(PATIENCE_S)
        await_state(bridge, ("offline",), PATIENCE_S)
        played = bridge.client.read(f"{ROOT}/status/engine")[3]
        pipewire()
        await_state(bridge, ("running",), PATIENCE_S)
        wait_until(lambda: has_played(played + 20))
        assert bridge.alarms() == []
        maps = Path(f"/proc/{bridge.process.pid}/maps").read_text()
        assert "pipewire-0.3/jack/libjack.so" in maps
        assert "PipeWire does: playing on it through" in bridge.log_text()


def test_the_doctor_says_that_it_is_pipewire(pipewire, tmp_path):
    command = [
        sys.executable,
        "-m",
        "bridge",
        "doctor",
        "--json",
        "--checkpoint",
        "passthrough",
    ]

    def server_found():
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        findings = json.loads(done.stdout)["findings"]
        return next(each for each in findings if each["name"] == "server")

    found = server_found()
    assert not found["good"]
    assert "PipeWire does not run" in found["text"]
    pipewire()
    deadline = time.monotonic() + PATIENCE_S
    while not (found := server_found())["good"]:
        assert time.monotonic() < deadline, found
    assert found["text"].startswith("PipeWire, through /")
    assert "48000 Hz" in found["text"]
