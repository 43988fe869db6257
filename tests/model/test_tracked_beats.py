"""Tests that the stored tracked beats equal those of the live program for the same mix."""

import numpy as np
import pytest

from bridge.controls.beat_tracking import TrackerSettings
from bridge.stream.hop_scheduler import HopScheduler
from bridge.tempo import Timekeeping
from bridge.testing import PassThroughModel
from model.beat_tracker.tracker import load
from model.data.tracked_beats import SILENCE_S, tracked_counts, tracked_phases
from model.formats.conditions import Conditions, Phase
from model.networks.annotation import COUNT, phase_count

RATE, HOP = 48_000, 2400
SILENCE_HERE_S = 0.5


@pytest.fixture(scope="module")
def mix():
    """Clicks, a silence long enough for the band to rest, and clicks again."""
    time = np.arange(round(7.03 * RATE)) / RATE
    noise = np.random.default_rng(0).standard_normal(len(time))
    clicks = (0.3 * np.exp(-((time % 0.5) * 12)) * noise).astype(np.float32)
    clicks[round(4.0 * RATE) : round(5.5 * RATE)] = 0.0
    return clicks


def _told_live(mix, hops):
    """Return the phase that the band is told at each hop it plays."""
    model = PassThroughModel()
    asked = Conditions(stem="drums", anticipation_hops=hops)
    scheduler = HopScheduler(model, RATE, asked, tracker=load())
    settings = TrackerSettings(silence_s=SILENCE_HERE_S)
    scheduler.follow(Timekeeping(use_tracker=True, tracker=settings))
    list(scheduler.start())
    for start in range(0, len(mix) - HOP + 1, HOP):
        list(scheduler.feed(mix[start : start + HOP]))
    return model.phases


def _counts(phases):
    rows = [
        [0.0] * (COUNT + 1)
        if phase is None
        else [
            *phase_count(Phase(phase.beat, phase.bar, phase.tempo_bpm)),
            phase.confidence,
        ]
        for phase in phases
    ]
    return np.array(rows)


def test_stored_beats_are_those_that_the_stage_tells(mix):
    asked = (20, 0, 2)
    stored = tracked_phases(mix, asked, hop=HOP, sample_rate=RATE, silence_s=SILENCE_HERE_S)
    for hops, phases in zip(asked, stored, strict=True):
        live = _told_live(mix, hops)
        assert len(live) == len(phases) == 140 + 1 + hops
        assert [p is None for p in live] == [p is None for p in phases]
        np.testing.assert_allclose(_counts(phases), _counts(live), atol=1e-6)
        resting = [k for k, phase in enumerate(phases) if phase is None]
        assert resting[: hops + 1] == list(range(hops + 1)), "nothing was heard yet"
        assert 10 < len(resting[hops + 1 :]) < 30, "the band rests in silence"
        assert len({phase.confidence for phase in phases if phase is not None}) > 20


def test_counts_are_stored_by_anticipation_and_hop(mix):
    phases = tracked_phases(mix, (0, 2), hop=HOP, sample_rate=RATE)
    counts = tracked_counts(mix, (0, 2), hop=HOP, sample_rate=RATE)
    assert counts.shape == (2, 140, COUNT + 1)
    for count_TC, own in zip(counts, phases, strict=True):
        np.testing.assert_allclose(count_TC, _counts(own[:140]), atol=1e-6)
    assert not counts[0, 0].any()
    assert counts[0, 1:].any(axis=1).all()


def test_the_beat_goes_on_through_silence_for_as_long_as_on_stage():
    assert TrackerSettings().silence_s == SILENCE_S
