"""Plans of takes: what they may and may not do, over many draws."""

from itertools import pairwise
from random import Random

import numpy as np
import pytest

from model.data.audiofile import SAMPLE_RATE
from model.data.take_plan import (
    LEAD,
    LEAST_BARS,
    MAX_GROWTH,
    PLAIN_SHARE,
    PlayedPart,
    draw_plan,
    plain_plan,
)

SECONDS = 60
FRAMES = SECONDS * SAMPLE_RATE
BEATS = np.arange(0.8, SECONDS - 1, 0.6) * SAMPLE_RATE
BARS = BEATS[1::3]
DRAWS = 600


@pytest.fixture(scope="module")
def plans():
    return [draw_plan(Random(seed), FRAMES, BARS, BEATS) for seed in range(DRAWS)]


def _end(part):
    return part.at + part.stop + part.fade_out - part.start


def test_everything_that_can_happen_does_happen(plans):
    plain = sum(plan == plain_plan(FRAMES) for plan in plans)
    assert PLAIN_SHARE - 0.06 < plain / DRAWS < PLAIN_SHARE + 0.2
    happened = {
        "talk": sum(any(g.sound == "talk" for g in p.gaps) for p in plans),
        "applause": sum(any(g.sound == "applause" for g in p.gaps) for p in plans),
        "silence": sum(any(g.sound == "silence" for g in p.gaps) for p in plans),
        "counted in": sum(bool(p.count_ins) for p in plans),
        "begun again": sum(len(p.parts) == 2 for p in plans),
        "rest": sum(any(not r.alone for r in p.rests) for p in plans),
        "rest of the mix": sum(any(r.alone for r in p.rests) for p in plans),
        "early end": sum(p.parts[-1].stop < FRAMES for p in plans),
    }
    assert min(happened.values()) > 0.08 * DRAWS, happened


def test_takes_grow_by_a_quarter_at_most(plans):
    assert max(plan.frames for plan in plans) <= (1 + MAX_GROWTH) * FRAMES
    assert np.mean([plan.frames for plan in plans]) < 1.1 * FRAMES


def test_nothing_overlaps_and_nothing_is_played_in_gaps(plans):
    for plan in plans:
        stretches = [(part.at, _end(part)) for part in plan.parts]
        stretches += [(gap.start, gap.stop) for gap in plan.gaps]
        stretches.sort()
        assert stretches[0][0] >= 0
        assert stretches[-1][1] == plan.frames
        for before, after in pairwise(stretches):
            assert before[1] <= after[0]
        for part in plan.parts:
            assert 0 <= part.start < part.stop <= part.stop + part.fade_out <= FRAMES


def test_a_song_that_breaks_off_goes_on_from_there(plans):
    for plan in plans:
        if len(plan.parts) == 2:
            first, second = plan.parts
            assert np.abs(BARS - LEAD - second.start).min() < 1
            assert first.stop >= second.start
            assert len(plan.gaps) > 0


def test_count_ins_lead_evenly_into_a_bar_line(plans):
    for plan in plans:
        for count_in in plan.count_ins:
            part = plan.parts[count_in.part]
            line = part.at + LEAD  # LEAD frames before it the music begins
            beats = [*count_in.beats, line]
            assert len(beats) == 1 + 3
            np.testing.assert_allclose(np.diff(beats), 0.6 * SAMPLE_RATE, atol=1)
            assert count_in.beats[0] >= 0
            for gap in plan.gaps:
                assert gap.stop <= count_in.beats[0] or gap.start > line


def test_rests_are_whole_bars_amid_the_music(plans):
    bar = 3 * 0.6 * SAMPLE_RATE
    for plan in plans:
        for rest in plan.rests:
            bars = (rest.stop - rest.start) / bar
            assert bars == pytest.approx(round(bars), abs=1e-3)
            assert 1 <= round(bars) <= (4 if rest.alone else 8)
            assert np.abs(BARS - LEAD - rest.start).min() < 1
            around = LEAST_BARS * bar - 2
            assert any(
                part.start + around <= rest.start and rest.stop + around <= part.stop
                for part in plan.parts
            )


@pytest.mark.parametrize("bars", [None, BARS[:3]], ids=["unknown", "few"])
def test_without_bars_the_band_only_begins_and_ends(bars):
    beats = None if bars is None else BEATS
    for seed in range(100):
        plan = draw_plan(Random(seed), FRAMES, bars, beats)
        assert (plan.rests, plan.count_ins, len(plan.parts)) == ((), (), 1)
        (part,) = plan.parts
        assert part == PlayedPart(0, FRAMES, part.at, 0, 0)
        assert plan.frames <= (1 + MAX_GROWTH) * FRAMES


def test_short_songs_stay_short():
    for seed in range(200):
        plan = draw_plan(Random(seed), 2 * SAMPLE_RATE, None, None)
        assert plan.frames <= 2.5 * SAMPLE_RATE
