"""Tests of the status: its texts, and for how long each is shown."""

from dataclasses import replace
from typing import get_args

import pytest

from bridge.audio.shared.counters import EngineState
from bridge.audio.shared.share import AudioShare
from bridge.controls.readings import STATES, State
from bridge.engine.status import EngineStatus
from bridge.live.status import OverloadWatch, status_reading
from bridge.tempo import TempoEstimate, TempoMap

LIVE = EngineStatus(state=EngineState.LIVE)


@pytest.fixture
def share():
    with AudioShare.create(48_000, 2400) as share:
        yield share


class Clock:
    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.mark.parametrize("loss", ["add_late", "add_skipped"])
def test_a_lost_hop_is_overload_for_2_s(share, loss):
    clock = Clock()
    watch = OverloadWatch(share, clock)
    assert not watch.look()
    getattr(share, loss)(1)
    clock.seconds += 5.0
    assert watch.look()
    clock.seconds += 1.99
    assert watch.look()
    getattr(share, loss)(1)
    assert watch.look()
    clock.seconds += 1.99
    assert watch.look()
    clock.seconds += 0.02
    assert not watch.look()


def test_what_was_lost_before_is_no_overload(share):
    share.add_late()
    assert not OverloadWatch(share, Clock()).look()


@pytest.mark.parametrize(("hops", "more_would_help"), [(0, True), (2, True), (20, False)])
def test_overload_says_what_helps(share, hops, more_would_help):
    told = status_reading(LIVE, share, True, hops)
    assert told.state == "overloaded"
    assert ("anticipation to 1" in told.text) is more_would_help
    assert "smaller checkpoint" in told.text
    assert status_reading(LIVE, share, False, hops).state == "running"


def test_overload_hides_no_state_that_says_more(share):
    failed = EngineStatus(state=EngineState.FAILED, reason="it died")
    assert status_reading(failed, share, True, 2).text == "it died"
    loading = EngineStatus(state=EngineState.LOADING)
    assert status_reading(loading, share, True, 2).state == "loading"
    share.strip(1).enabled = False
    assert status_reading(LIVE, share, True, 2).state == "idle"
    share.strip(1).bypass = True
    assert status_reading(LIVE, share, True, 2).state == "bypassed"


def test_every_state_has_its_meaning():
    assert list(STATES) == list(get_args(State))


def test_a_band_that_rests_in_silence_says_why(share):
    tempo = TempoMap(frame=0, beat=0, tempo_bpm=90, beats_per_bar=4, rate=48_000)
    share.publish_beat(TempoEstimate(tempo, 1.0))
    assert status_reading(LIVE, share, False, 2).text == ""
    share.publish_beat(TempoEstimate(replace(tempo, rolling=False), 0.0))
    told = status_reading(LIVE, share, False, 2)
    assert told.state == "running"
    assert "ear/silence" in told.text
