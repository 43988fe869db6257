"""The crowd and the hours of ``liveband bench``, in short; what is missed is not asserted."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest

from bridge.__main__ import main
from bridge.checkpoints.loader import load_model
from bridge.config import RunSettings
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import accompany
from bridge.testing import PassThroughModel
from tools.trials.crowd import ALL_BUSY, ONE_FREE, SPARE, Crowd, crowds
from tools.trials.hours import LOOKS, Look, Outcome, fresh_take, hours
from tools.trials.rig import RATE

pytestmark = [pytest.mark.jack, pytest.mark.slow]
HOP = RATE // 20

SCENE = Crowd(
    scene=ALL_BUSY,
    seconds=1.0,
    rate=RATE,
    block=128,
    cores=2,
    busy_processes=2,
    burning_threads=4,
    realtime=True,
    cycles_expected=375,
    bridge_cycles=370,
    bystander_cycles=(372, 375),
    bridge_missed=5,
    bystander_missed=(3, 0),
    bridge_unfinished=0,
    bystander_unfinished=(0, 0),
    xruns=1,
    hops=20,
    late_hops=0,
    skipped_hops=0,
    underruns=0,
)
OUTCOME = Outcome(
    hours=1.0,
    wall_s=60.0,
    rounds=120,
    control_grown_mib=0.1,
    engine_grown_mib=0.1,
    state_grown_bytes=0,
    cycles_missed=None,
    late_hops=0,
    skipped_hops=0,
    underruns=0,
    xruns=0,
    frames_compared=1000,
    frames_different=0,
)


@pytest.fixture
def tape():
    """Three seconds of noise, and half a hop that is one too many."""
    noise = np.random.default_rng(0).standard_normal((3 * RATE + HOP // 2, 2))
    return (0.1 * noise).astype(np.float32)


def test_bridge_and_bystanders_are_counted_side_by_side():
    scenes = list(crowds(1.0, "passthrough"))
    several = len(os.sched_getaffinity(0)) > 1
    assert [each.scene for each in scenes] == ([ALL_BUSY, ONE_FREE] if several else [ALL_BUSY])
    for each in scenes:
        assert min(each.bridge_cycles, *each.bystander_cycles) > 0
        assert each.bridge_missed == each.cycles_expected - each.bridge_cycles
        for cycles, missed in zip(each.bystander_cycles, each.bystander_missed, strict=True):
            assert missed == each.cycles_expected - cycles


@pytest.mark.parametrize(
    ("scene", "holds"),
    [
        (SCENE, True),
        (replace(SCENE, bridge_missed=3 + SPARE + 1), False),
        (replace(SCENE, late_hops=1), True),
        (replace(SCENE, scene=ONE_FREE, bridge_missed=100), True),
        (replace(SCENE, scene=ONE_FREE, late_hops=1), False),
    ],
)
def test_the_crowd_asks_for_cycles_and_the_free_core_for_hops(
    scene, holds, monkeypatch, capsys
):
    monkeypatch.setattr("tools.trials.crowd.crowds", lambda *_: iter([scene]))
    assert main(["bench", "--crowd", "--json"]) == (0 if holds else 1)
    assert json.loads(capsys.readouterr().out)["holds"] is holds


def test_after_some_rounds_in_freewheel_it_plays_what_begins_afresh(tape):
    *looks, outcome = hours(15 / 3600, tape, "passthrough", PassThroughModel)
    assert len(looks) == 1 + LOOKS
    assert all(isinstance(look, Look) for look in looks)
    assert min(min(look.control_mib, look.engine_mib, look.state_bytes) for look in looks) > 0
    assert outcome.rounds == 5
    assert (outcome.frames_compared, outcome.frames_different) == (3 * RATE, 0)


def test_by_the_clock_cycles_are_counted_and_frames_are_not_compared(tape):
    *_, outcome = hours(1 / 3600, tape, "passthrough", PassThroughModel, paced=True)
    assert outcome.rounds == 1
    assert outcome.cycles_missed is not None
    assert outcome.frames_compared == 0


def test_who_is_put_there_afresh_plays_the_same_to_the_bit(tape):
    rounds = 11
    session = HopScheduler(load_model("default"), RATE, RunSettings(seed=1).conditions())
    mix = tape[: 3 * RATE]
    hops = np.tile(mix.mean(axis=1), rounds).reshape(-1, HOP)
    played = np.concatenate(
        [stem.audio[0] for stem in accompany(session, hops, rounds * len(mix))]
    )
    afresh = fresh_take(load_model("default"), mix, rounds, 0, heard=rounds - 2)
    np.testing.assert_array_equal(afresh, played[-len(mix) :])
    too_late = fresh_take(load_model("default"), mix, rounds, 0, heard=1)
    assert not np.array_equal(too_late, afresh)


@pytest.mark.parametrize(
    ("outcome", "holds"),
    [
        (OUTCOME, True),
        (replace(OUTCOME, frames_different=1), False),
        (replace(OUTCOME, late_hops=1), False),
        (replace(OUTCOME, engine_grown_mib=50.0), False),
        (replace(OUTCOME, state_grown_bytes=4), False),
    ],
)
def test_hours_hold_when_nothing_grew_came_late_or_changed(outcome, holds, monkeypatch, capsys):
    monkeypatch.setattr("tools.trials.hours.hours", lambda *_, **__: iter([outcome]))
    assert main(["bench", "--hours", "--json"]) == (0 if holds else 1)
    assert json.loads(capsys.readouterr().out)["holds"] is holds
