"""Another rate, a way back into the same program, a day of hops: the stem stays on the grid."""

import numpy as np
import pytest

from bridge.errors import ConfigError
from bridge.host import Host
from bridge.latency import hop_frames
from bridge.music.session import Session
from bridge.testing import PassThroughModel
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
    budget = stage.session.budget(stage.block)
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
            assert stage.session.hop == hop_frames(rate)
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
        assert stage.session.budget(block).loop == block
        assert after + block == causal(stage)
        assert stage.share.musical_latency == stage.session.budget(block).musical


def test_the_loop_may_be_switched_while_playing():
    with Stage(PassThroughModel(), with_hops(2), block=256) as stage:
        stage.answer()
        assert returned_after(stage)[0] == causal(stage) == 7200
        for loop, due in ((True, 7200 - 256), (False, 7200)):
            stage.share.loop = loop
            returned_after(stage)
            assert returned_after(stage) == (due, 1.0)


def test_after_a_day_a_take_is_what_it_is_at_its_beginning():
    """Positions move by a day, and nothing else does."""
    mix = np.random.default_rng(1).standard_normal((40, 2205)).astype(np.float32)

    def take(first):
        session = Session(PassThroughModel(), 44_100, with_hops(2))
        stems = [*session.start(first)]
        for hop in mix:
            stems += session.feed(hop)
        return [
            (stem.position - first * session.hop, stem.audio)
            for stem in stems
            if stem.position >= (first + 1) * session.hop
        ]

    beginning, later = take(0), take(DAY)
    assert [at for at, _ in later] == [at for at, _ in beginning]
    for (_, one), (_, other) in zip(beginning, later, strict=True):
        np.testing.assert_array_equal(one, other)
