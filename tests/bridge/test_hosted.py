"""Tests of the back end of a plugin: it follows a host that it does not run."""

import numpy as np
import pytest

from bridge.audio.callback import Host
from bridge.audio.hosted import HostedBackend
from bridge.audio.shared.share import AudioShare
from bridge.common.errors import ConfigError, EnvironmentMissing
from bridge.config import RunSettings
from bridge.tempo import TempoMap

RATE, HOP = 44_100, 2205


@pytest.fixture
def share():
    with AudioShare.create(RATE, HOP) as made:
        yield made


@pytest.fixture
def backend(share):
    made = HostedBackend(share.name)
    made.start(share)
    yield made
    made.close()


def test_it_has_the_rate_of_the_plugin(backend):
    assert backend.rate == RATE


def test_without_the_memory_of_a_plugin_it_says_so():
    with pytest.raises(EnvironmentMissing, match="liveband-0-none"):
        HostedBackend("liveband-0-none")


def test_a_host_without_heartbeats_is_offline_until_they_go_on(share, backend, monkeypatch):
    now_s = 1000.0
    monkeypatch.setattr("bridge.audio.hosted.time.monotonic", lambda: now_s)
    share.count_host_heartbeat()
    assert not backend.offline
    now_s += 4.0
    assert not backend.offline
    now_s += 2.0
    assert backend.offline
    share.count_host_heartbeat()
    assert not backend.offline


def test_the_hosts_song_is_told_in_bars_and_beats(share, backend):
    assert backend.bar_beat() is None
    with Host(share) as host:
        host.set_transport(rolling=True, frame=500_000)
        told = TempoMap(frame=0.0, beat=9.5, tempo_bpm=120.0, beats_per_bar=4.0, rate=RATE)
        share.set_host_tempo(told)
        host.process(*np.zeros((2, RATE // 4), np.float32))
        found = backend.bar_beat()
    assert (found.bar, found.beat) == (2, pytest.approx(2.0))
    assert found.frame == 500_000 + RATE // 4
    assert (found.tempo_bpm, found.beats_per_bar) == (120.0, 4.0)


@pytest.mark.parametrize(("backend_name", "name"), [("hosted", ""), ("jack", "liveband-1-x")])
def test_the_memory_of_a_plugin_goes_with_its_back_end(backend_name, name):
    with pytest.raises(ConfigError, match="--share names the shared memory of a plugin"):
        RunSettings(backend=backend_name, share=name)
