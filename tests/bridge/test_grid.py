"""Tests of the hop grid: change of rate, a program in a loop, a day of hops."""

from itertools import pairwise

import numpy as np
import pytest

from bridge.audio.callback import Host
from bridge.common.errors import ConfigError
from bridge.common.latency import hop_frames
from bridge.stream.hop_scheduler import HopScheduler
from bridge.testing import PassThroughModel, ScriptedModel
from tests.bridge.test_engine import Stage, with_hops

DAY = 24 * 3600 * 20
"""Hops."""


def returned_after(stage, frames=40_000):
    """Play an impulse; return after how many frames it comes out, and its height."""
    blocks = [np.zeros(stage.block, np.float32) for _ in range(frames // stage.block)]
    at = 10_000 // stage.block  # a take that begins while we play leaves out its first hops
    blocks[at][0] = 1.0
    out = []
    for block in blocks:
        out.append(stage.cycle(block))
        stage.answer()
    sound = np.abs(np.concatenate(out))
    return int(sound.argmax()) - at * stage.block, float(sound.max())


def causal(stage):
    budget = stage.scheduler.budget(stage.block)
    return budget.causal


@pytest.mark.parametrize("rates", [(48_000, 44_100, 96_000), (44_100, 48_000)])
def test_a_server_that_comes_back_at_another_rate_is_played_for(rates):
    with Stage(PassThroughModel(), with_hops(2), rate=rates[0], block=512) as stage:
        for rate in rates:
            if rate != stage.share.rate:
                stage.share.fade_frames = stage.share.rate // 10
                with pytest.raises(RuntimeError, match="close the audio backend"):
                    stage.share.set_rate(rate, hop_frames(rate))
                stage.host.close()
                frame, generation = stage.share.frame, stage.share.generation
                stage.share.set_rate(rate, hop_frames(rate))
                assert stage.share.fade_frames == rate // 10
                stage.host = Host(stage.share)
                assert stage.share.frame == frame
                assert stage.share.generation > generation
            stage.answer()
            after, height = returned_after(stage)
            assert stage.scheduler.hop == hop_frames(rate)
            assert after == causal(stage)
            assert height > 0.4  # what lies above 24 kHz is lost


def test_a_rate_without_whole_hops_changes_nothing():
    with Stage(PassThroughModel(), with_hops(2)) as stage:
        stage.host.close()
        with pytest.raises(ConfigError, match="got 22050"):
            stage.share.set_rate(22_050, 1102)
        assert (stage.share.rate, stage.share.hop, stage.share.generation) == (48_000, 2400, 1)


@pytest.mark.parametrize("block", [64, 256, 1024])
@pytest.mark.parametrize("hops", [0, 2])
def test_where_the_output_returns_the_stem_is_a_block_earlier(block, hops):
    with Stage(PassThroughModel(), with_hops(hops), block=block) as stage:
        stage.share.loop = True
        stage.answer()
        after, _ = returned_after(stage)
        budget = stage.scheduler.budget(block, loop=block)
        assert after + block == budget.causal
        assert stage.share.musical_latency == budget.musical
        assert stage.share.stem_delay == budget.musical - block


def test_the_loop_may_be_switched_while_playing():
    with Stage(PassThroughModel(), with_hops(2), block=256) as stage:
        stage.answer()
        assert returned_after(stage)[0] == causal(stage) == 7200
        for loop, due in ((True, 7200 - 256), (False, 7200)):
            stage.share.loop = loop
            returned_after(stage)
            assert returned_after(stage) == (due, 1.0)


@pytest.mark.parametrize("hops", [0, 2, 20])
def test_switching_the_loop_leaves_no_gap(hops):
    """Of a steady sound, all that is heard is the same sound."""
    with Stage(PassThroughModel(), with_hops(hops), block=256) as stage:
        level = np.full(2 * 48_000 // 256 * 256, 0.5, np.float32)
        stage.play(level)
        for loop in (True, False):
            stage.share.loop = loop
            np.testing.assert_allclose(stage.play(level), 0.5, atol=1e-6)
        assert stage.share.snapshot().underruns == 0


@pytest.mark.parametrize("hops", [0, 2])
def test_with_the_loop_counted_the_dry_sound_is_no_later_than_it_must(hops):
    """As late as the stem, less the block; where that is ahead of time, it leaves at once."""
    with Stage(PassThroughModel(), with_hops(hops), block=64) as stage:
        stage.share.loop = stage.share.strip(1).bypass = True
        stage.answer()
        returned, _ = returned_after(stage)
        assert returned == max(0, stage.share.musical_latency - 64)
        assert (returned > 0) is (hops == 0)


@pytest.mark.parametrize("block", [300, 1024, 4096])
def test_blocks_may_grow_without_a_gap(block):
    """The engine promises more as soon as it sees the new block, a hop is too late."""
    level = np.full(block * (48_000 // block), 0.5, np.float32)
    with Stage(PassThroughModel(), with_hops(0), block=256) as stage:
        stage.play(np.full(256 * 200, 0.5, np.float32))
        stage.block = stage.share.block = block
        stage.answer()
        np.testing.assert_allclose(stage.play(level), 0.5, atol=1e-6)
        assert stage.share.snapshot().underruns == 0


def restart(stage, rate):
    """Have another host where one has gone, at a rate that may be another."""
    stage.host.close()
    if rate != stage.share.rate:
        stage.share.set_rate(rate, hop_frames(rate))
    stage.host = Host(stage.share)
    stage.answer()


@pytest.mark.parametrize("hops", [0, 2, 20])
def test_a_server_that_comes_back_finds_the_take_where_it_was(hops):
    """A model that remembers every hop plays what it would have played."""
    mix = np.random.default_rng(3).uniform(-0.5, 0.5, 256 * 800).astype(np.float32)
    broken_off = 256 * 401
    mix[broken_off - 1 : broken_off + 240] = 0.0  # nothing to cross over from
    heard = []
    for breaks in (False, True):
        with Stage(ScriptedModel(), with_hops(hops), block=256) as stage:
            stage.answer()
            out = [stage.play(mix[:broken_off])]
            if breaks:
                restart(stage, 48_000)
            heard.append(np.concatenate([*out, stage.play(mix[broken_off:])]))
            assert stage.share.generation == 1
            assert stage.share.snapshot().skipped_hops == 0
    whole, broken = heard
    np.testing.assert_array_equal(broken[:broken_off], whole[:broken_off])
    faded_in = broken_off + 240
    np.testing.assert_array_equal(broken[faded_in:], whole[faded_in:])


def test_at_another_rate_too_what_was_heard_is_remembered():
    """Of a mix that has fallen silent, this model plays less from hop to hop."""
    with Stage(ScriptedModel(overlap=0), with_hops(2, noise=0.0), block=256) as stage:
        stage.answer()
        stage.play(np.full(2400 * 32, 0.5, np.float32))
        restart(stage, 44_100)
        assert stage.scheduler.heard == 0
        out = stage.play(np.zeros(256 * 100, np.float32))
        late = 3 * 2205 - stage.scheduler.trail
        assert not out[:late].any(), "what was played ahead of the old rate is lost"
        levels = [float(out[late + k * 2205 + 1500]) for k in range(6)]
        assert levels[0] > 0.15
        assert all(0.6 < after / before < 0.75 for before, after in pairwise(levels))
        hops = np.arange(late + 2205, len(out), 2205)  # whose steps are the model's own
        steps = np.abs(np.diff(out))
        for hop in hops:
            steps[hop - 60 : hop + 160] = 0.0
        assert steps.max() <= 0.01
        assert stage.share.snapshot().underruns == 0


def test_after_a_day_a_take_is_what_it_is_at_its_beginning():
    """Positions move by a day, and nothing else does."""
    mix = np.random.default_rng(1).standard_normal((40, 2205)).astype(np.float32)

    def take(first):
        scheduler = HopScheduler(PassThroughModel(), 44_100, with_hops(2))
        stems = [*scheduler.start(first)]
        for hop in mix:
            stems += scheduler.feed(hop)
        return [
            (stem.position - first * scheduler.hop, stem.audio)
            for stem in stems
            if stem.position >= (first + 1) * scheduler.hop
        ]

    beginning, later = take(0), take(DAY)
    assert [at for at, _ in later] == [at for at, _ in beginning]
    for (_, one), (_, other) in zip(beginning, later, strict=True):
        np.testing.assert_array_equal(one, other)
