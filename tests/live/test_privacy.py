"""Tests of privacy: the program addresses nobody, and writes no file but its own.

Watched in a home that is empty at first, as on the first evening.
"""

import ipaddress
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

import model
from bridge.common.errors import EnvironmentMissing
from bridge.osc.client import BridgeClient
from bridge.osc.free_ports import free_port
from tests.live.system_calls import Watched, why_not_watchable

PLAYS_S = 15.0
"""The library that sent events did so within 5 s, then every few seconds, and at its end."""
END_S = 60.0
SYSTEM = re.compile(r"/dev/(null|tty|urandom|shm/(liveband-|jack)[^/]*(/.*)?)|/proc/self/.*")
"""What belongs to no program: devices, and the shared memory of JACK and of ours."""
GRAPHS = re.compile(
    rf"{re.escape(str(Path(model.__file__).parent))}/checkpoints/\w+/onnx(/.*)?"
)
"""Graphs of a shipped checkpoint; they are written at its first start."""


@pytest.fixture
def watched(tmp_path):
    """A factory of watched command lines of Python; skips where none can be watched."""
    reason = why_not_watchable()
    if reason:
        pytest.skip(reason)
    return lambda *arguments: Watched(tmp_path, [sys.executable, *arguments])


@pytest.fixture
def sound(tmp_path):
    file = tmp_path / "mix.wav"
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, 48_000).astype(np.float32)
    soundfile.write(file, noise, 48_000, subtype="FLOAT")
    return file


def check(program, *own):
    """Check what a program did that has ended; ``own`` are files that it was told to write."""
    strangers = {each for each in program.addresses() if not each.is_loopback}
    assert strangers == set(), "it addressed other machines"
    allowed = (program.temporary, *(file.parent for file in own))
    foreign = {
        path
        for path in program.files()
        if not any(path.is_relative_to(folder) for folder in allowed)
        and not _is_in_home(program, path)
        and not SYSTEM.fullmatch(str(path))
        and not GRAPHS.fullmatch(str(path))
    }
    assert foreign == set(), "it wrote files that are not its own"
    assert {path for path in program.left() if not _is_in_home(program, path)} == set()


def _is_in_home(program, path):
    """Return whether a path is, or leads to, a folder of ours in the home, or what it holds."""
    if not path.is_relative_to(program.home):
        return False
    below = path.relative_to(program.home).parts
    leads_there = path.is_dir() and {each.name for each in path.rglob("*")} & {"liveband"}
    return "liveband" in below or bool(leads_there)


def test_the_watch_sees_a_child_that_writes_and_calls(watched, tmp_path):
    code = """
import os, socket, subprocess, sys
from pathlib import Path

if sys.argv[1:]:
    Path.home().joinpath(".cache", "events").mkdir(parents=True)
    Path.home().joinpath(".cache", "events", "deviceid").touch()
    Path.home().joinpath(".cache", "events", "deviceid").rename(Path.home() / "id")
    os.mkdir("below", dir_fd=os.open(sys.argv[1], os.O_RDONLY))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        plain.sendto(b"event", ("192.0.2.1", 9))
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as six:
        six.connect_ex(("2001:db8::1", 9))
else:
    subprocess.run([sys.executable, "-c", os.environ["CODE"], os.environ["OUT"]], check=True)
"""
    program = watched("-c", code)
    told = {"CODE": code, "OUT": str(tmp_path)}
    subprocess.run(program.command, env={**program.environment, **told}, check=True)
    cache = program.home / ".cache"
    assert program.files() >= {
        cache, cache / "events" / "deviceid", program.home / "id", tmp_path / "below",
    }  # fmt: skip
    assert program.addresses() == set(map(ipaddress.ip_address, ("192.0.2.1", "2001:db8::1")))
    assert program.left() == {program.home / "id"}
    with pytest.raises(AssertionError, match="other machines"):
        check(program)


@pytest.mark.parametrize("engine", ["onnx", "torch"])
def test_render_addresses_nobody_and_leaves_only_what_it_was_asked_for(
    watched, sound, tmp_path, engine
):
    out = tmp_path / "out" / "stem.wav"
    out.parent.mkdir()
    program = watched("-m", "bridge", "render", str(sound), str(out), "--engine", engine)
    subprocess.run(program.command, env=program.environment, check=True)
    assert list(out.parent.iterdir()) == [out]
    check(program, out)
    assert program.left() == set()


def test_a_picture_leaves_the_list_of_fonts_in_our_folder(watched, tmp_path):
    pytest.importorskip("matplotlib")
    code = """
import sys
from pathlib import Path
import numpy as np
from bridge.demo.picture import draw

sound = np.zeros(48000, np.float32)
draw(Path(sys.argv[1]), sound, sound, 48000, ())
"""
    out = tmp_path / "out" / "demo.png"
    out.parent.mkdir()
    program = watched("-c", code, str(out))
    subprocess.run(program.command, env=program.environment, check=True)
    check(program, out)
    assert {file.parent for file in program.left()} == {
        program.home / ".cache" / "liveband" / "matplotlib"
    }


@pytest.mark.jack
def test_a_band_that_plays_addresses_nobody_and_keeps_to_its_folders(
    watched, jackd, wait_until
):
    server, port = jackd(), free_port()
    plain = ("--server", server.name, "--osc-port", str(port), "--osc-query-port", "0")
    program = watched("-m", "bridge", "run", "--jack-name", "band", *plain)
    environment = {**server.environment, **program.environment}
    with subprocess.Popen(program.command, env=environment, start_new_session=True) as process:
        try:
            with BridgeClient(port=port, timeout_s=20.0) as client:
                wait_until(lambda: _state(client, process) == "running")
                time.sleep(PLAYS_S)  # what is watched for comes by itself, at any time
                assert _state(client, process) in ("running", "overloaded")
                client.do("/liveband/quit")
            assert process.wait(END_S) == 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    check(program)


def _state(client, process):
    assert process.poll() is None
    try:
        return client.read("/liveband/status")[0]
    except EnvironmentMissing:
        return "not there yet"
