"""Tests of the watchdog: a standstill is noticed, a rest is not."""

import socket

import numpy as np
import pytest

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.monitoring.systemd import notify
from bridge.monitoring.watchdog import Stall, Watchdog

STILL = Stall()
BLOCK = np.zeros(4800, np.float32)


class Scene:
    """A share whose clock and engine are moved by hand."""

    def __init__(self, share, host):
        self.share, self.host, self.seconds = share, host, 0.0
        self.dog = Watchdog(share, lambda: self.seconds)
        self.dog.check(is_due=True)

    def pass_by(self, seconds, *, sound=True, engine=True, is_due=True, freewheel=False):
        for _ in range(round(10 * seconds)):
            self.seconds += 0.1
            if sound:
                self.host.process(BLOCK, BLOCK, freewheel=freewheel)
            if engine:
                self.share.record_step(0.01)
            seen = self.dog.check(is_due=is_due)
        return seen


@pytest.fixture
def scene():
    with AudioShare.create(48_000, 2400) as share, Host(share) as host:
        yield Scene(share, host)


def test_all_is_well_while_things_move(scene):
    assert scene.pass_by(30.0) == STILL


def test_an_engine_that_hangs_is_noticed_and_a_pause_is_not(scene):
    assert scene.pass_by(7.0, engine=False) == STILL
    assert scene.pass_by(0.1) == STILL
    assert scene.pass_by(9.0, engine=False) == Stall(engine=True)
    assert scene.pass_by(0.1) == STILL


def test_an_engine_that_rests_or_exports_does_not_hang(scene):
    assert scene.pass_by(20.0, engine=False, is_due=False) == STILL
    assert scene.pass_by(20.0, engine=False, freewheel=True) == STILL
    assert scene.pass_by(7.0, engine=False) == STILL


def test_a_server_that_hangs_is_noticed_and_the_engine_not_blamed(scene):
    scene.pass_by(1.0)
    assert scene.pass_by(2.5, sound=False, engine=False) == STILL
    assert scene.pass_by(20.0, sound=False, engine=False) == Stall(server=True)
    assert scene.pass_by(0.5, engine=False) == STILL


def test_systemd_is_told_where_it_listens(tmp_path):
    assert not notify("READY=1", {})
    assert not notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "none")})
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        assert notify("WATCHDOG=1", {"NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert listener.recv(100) == b"WATCHDOG=1"
