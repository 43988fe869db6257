"""Shared memory that is too small: told with sizes before it is used, never by SIGBUS."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from bridge._native import lib

from bridge.audio.callback import Host
from bridge.audio.shared import space
from bridge.audio.shared.memory import SHARE_BYTES
from bridge.audio.shared.share import AudioShare
from bridge.common.errors import EnvironmentMissing
from tests.live.small_disks import on_small_disk

MISSING = 3
"""Exit code of a program that something outside it keeps from its work."""
SIZE = 48 << 20


@pytest.fixture
def in_small_memory():
    """A function that runs Python code with a ``/dev/shm`` of its own, as in a container."""

    def run(size, code, *arguments):
        command = [*on_small_disk("/dev/shm", size), sys.executable, "-c", code, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    return run


def test_rings_that_do_not_fit_are_refused_with_both_sizes(in_small_memory):
    code = """
import os
from pathlib import Path
from bridge.audio.shared.share import AudioShare
from bridge.common.errors import EnvironmentMissing

shares = []
try:
    while True:
        shares.append(AudioShare.create(48000, 2400))
except EnvironmentMissing as error:
    print(error)
files = list(Path("/dev/shm").iterdir())
print(len(shares), len(files))
for share in shares:
    share.close()
"""
    done = in_small_memory(SIZE, code)
    assert done.returncode == 0, done.stderr
    message, counts = done.stdout.splitlines()
    assert f"needs {SHARE_BYTES / 1e6:.1f} MB of shared memory" in message
    left = SIZE - 5 * SHARE_BYTES
    assert f"/dev/shm has {left / 1e6:.1f} MB free of {SIZE / 1e6:.1f}" in message
    assert "--shm-size=256m" in message
    assert counts == "5 5"


def test_memory_that_another_takes_meanwhile_is_refused_too(monkeypatch, tmp_path):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(
        EnvironmentMissing, match=r"needs 0\.0 MB .*\(No space left on device\)"
    ):
        space.reserve_file(tmp_path / "rings", 4096, "a test")
    assert not (tmp_path / "rings").exists()


def test_a_file_has_all_its_memory_and_one_owner(tmp_path):
    file = tmp_path / "rings"
    space.reserve_file(file, 1 << 20, "a test")
    facts = file.stat()
    assert 512 * facts.st_blocks >= facts.st_size == 1 << 20
    assert facts.st_mode & 0o777 == 0o600
    assert not any(file.read_bytes())


def test_memory_without_a_limit_is_enough(monkeypatch):
    answer = SimpleNamespace(f_bavail=0, f_blocks=0, f_frsize=4096)
    monkeypatch.setattr(os, "statvfs", lambda _: answer)
    space.require_space(1 << 40, "a test")
    answer.f_blocks = 1
    with pytest.raises(EnvironmentMissing, match=r"a test needs 1\.0 MB .* 0\.0 MB free"):
        space.require_space(1_000_000, "a test")


def test_a_system_without_shared_memory_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(space, "SHARED_FOLDER", tmp_path / "none")
    with pytest.raises(EnvironmentMissing, match="which this system does not have"):
        space.require_space(0, "a test")


@pytest.mark.jack
def test_a_server_is_not_ended_by_a_client_that_joins_it_for_want_of_memory(
    in_small_memory,
):
    code = """
import os, subprocess, sys
from bridge.audio.jack_server import JackServer

with JackServer(realtime=False) as server:
    there = os.statvfs("/dev/shm")
    with open("/dev/shm/taken", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, there.f_bavail * there.f_frsize - 500_000)
    program = [sys.executable, "-m", "bridge", *sys.argv[1:], "--server", server.name]
    ran = subprocess.run(program, text=True, stderr=subprocess.PIPE)
    os.unlink("/dev/shm/taken")
    print(subprocess.run(["jack_lsp"], env=server.environment).returncode)
    print(ran.returncode, ran.stderr)
"""
    plain = ["--checkpoint", "passthrough", "--osc-port", "0", "--no-wait"]
    done = in_small_memory(2 * SIZE, code, "run", *plain)
    assert done.returncode == 0, done.stderr
    *_, answered, told = done.stdout.strip().splitlines()
    assert answered == "0"
    assert told.startswith(f"{MISSING} ")
    assert "a JACK client needs 1.0 MB of shared memory, and /dev/shm has 0.5 MB free" in told


@pytest.mark.jack
def test_a_private_server_that_does_not_fit_is_refused(in_small_memory):
    code = "from bridge.audio.jack_server import JackServer\nJackServer().start()"
    done = in_small_memory(SIZE // 2, code)
    assert done.returncode == 1
    assert "a JACK server needs 48.0 MB of shared memory, and /dev/shm has 25.2" in done.stderr


def test_memory_that_may_not_be_locked_is_told_with_both_sizes():
    code = """
import logging
logging.basicConfig()
from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.common.realtime import lock_memory

with AudioShare.create(48000, 2400) as share, Host(share) as host:
    print(host.memory_locked)
print(lock_memory())
"""
    lowered = ["prlimit", "--memlock=1048576:1048576"]
    if os.getuid() == 0:  # who else would be above the limit
        lowered = ["setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock", *lowered]
    done = subprocess.run(
        [*lowered, sys.executable, "-c", code], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    locked, engine = done.stdout.splitlines()
    assert locked == "False"
    for text, whose in ((done.stderr, "the audio callback"), (engine, "the engine")):
        assert f"not all memory of {whose} is locked" in text
        assert "the limit memlock is 1.0 MB: put '@audio" in text
    assert f"It needs {lib.lb_host_lock_bytes() / 1e6:.1f} MB" in done.stderr


def test_memory_that_may_be_locked_is_locked_without_a_word(caplog):
    with AudioShare.create(48_000, 2400) as share, Host(share) as host:
        locked_kb = int(Path("/proc/self/status").read_text().split("VmLck:")[1].split()[0])
        assert host.memory_locked == (not caplog.messages)
        assert not host.memory_locked or locked_kb > 9_000
