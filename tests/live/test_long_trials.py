"""Short runs of the trials ``crowd`` and ``hours``; missed cycles are not asserted."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest

from bridge.checkpoints.loader import load_model
from bridge.config import RunSettings
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import accompany
from bridge.testing import PassThroughModel
from tools.trials.__main__ import main
from tools.trials.crowd import ALL_BUSY, ONE_FREE, SPARE, LoadScene, load_scenes
from tools.trials.hours import (
    SNAPSHOTS,
    EnduranceResult,
    Snapshot,
    bundled_mix,
    expected_last_round,
    frames_apart,
    play_for_hours,
)
from tools.trials.running_bridge import RATE

pytestmark = [pytest.mark.jack, pytest.mark.slow]
HOP = RATE // 20

SCENE = LoadScene(
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
RESULT = EnduranceResult(
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
    scenes = list(load_scenes(1.0, "passthrough"))
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
    monkeypatch.setattr("tools.trials.crowd.load_scenes", lambda *_: iter([scene]))
    assert main(["crowd", "--json"]) == (0 if holds else 1)
    assert json.loads(capsys.readouterr().out)["holds"] is holds


def test_after_some_rounds_in_freewheel_it_plays_what_begins_afresh(tape):
    *snapshots, result = play_for_hours(15 / 3600, tape, "passthrough", PassThroughModel)
    assert len(snapshots) == 1 + SNAPSHOTS
    assert all(isinstance(snapshot, Snapshot) for snapshot in snapshots)
    assert (
        min(
            min(snapshot.control_mib, snapshot.engine_mib, snapshot.state_bytes)
            for snapshot in snapshots
        )
        > 0
    )
    assert result.rounds == 5
    assert (result.frames_compared, result.frames_different) == (3 * RATE, 0)


def test_by_the_clock_cycles_are_counted_and_frames_are_not_compared(tape):
    *_, result = play_for_hours(1 / 3600, tape, "passthrough", PassThroughModel, paced=True)
    assert result.rounds == 1
    assert result.cycles_missed is not None
    assert result.frames_compared == 0


def test_who_is_put_there_afresh_plays_the_same():
    rounds = 20
    mix = bundled_mix()[10 * RATE : 13 * RATE]
    scheduler = HopScheduler(load_model("default"), RATE, RunSettings(seed=1).conditions())
    hops = np.tile(mix.mean(axis=1), rounds).reshape(-1, HOP)
    played = np.concatenate(
        [stem.audio[0] for stem in accompany(scheduler, hops, rounds * len(mix))]
    )
    afresh = expected_last_round(load_model("default"), mix, rounds, 0, heard=rounds - 4)
    assert np.abs(afresh).max() > 0.1
    assert frames_apart(afresh, played[-len(mix) :]) == 0
    too_late = expected_last_round(load_model("default"), mix, rounds, 0, heard=1)
    assert frames_apart(too_late, afresh) > len(mix) / 3


@pytest.mark.parametrize(
    ("result", "holds"),
    [
        (RESULT, True),
        (replace(RESULT, frames_different=1), False),
        (replace(RESULT, late_hops=1), False),
        (replace(RESULT, engine_grown_mib=50.0), False),
        (replace(RESULT, state_grown_bytes=4), False),
    ],
)
def test_hours_hold_when_nothing_grew_came_late_or_changed(result, holds, monkeypatch, capsys):
    monkeypatch.setattr("tools.trials.hours.play_for_hours", lambda *_, **__: iter([result]))
    assert main(["hours", "--json"]) == (0 if holds else 1)
    assert json.loads(capsys.readouterr().out)["holds"] is holds
