"""Tests of switched-off players: not computed once faded out, and back at once."""

import threading

import numpy as np
import pytest

from bridge.engine.messages import Stop
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import accompany
from bridge.testing import PassThroughModel, ScriptedModel
from tests.bridge.test_engine import Stage

RATE, HOP, BLOCK = 48_000, 2400, 256
FADE = RATE // 25  # the share's own, until one is asked for
DECAY = 240  # frames over which a returning stem fades in
LEVEL = 0.25


class Steady(PassThroughModel):
    """Plays one level, whatever it hears, and counts."""

    plays = 0

    def play(self):
        self.plays += 1
        super().play()
        return np.full((len(self.players), self.hop), LEVEL, np.float32)


@pytest.fixture(params=[0, 2, 20])
def stage(request):
    """A stage on which the stem sounds."""
    conditions = Conditions(stem="drums", anticipation_hops=request.param)
    with Stage(Steady(), conditions, block=BLOCK) as stage:
        stage.answer()
        assert run(stage, RATE)[-1] == LEVEL
        yield stage


def run(stage, frames):
    return stage.play(np.zeros(-(-frames // BLOCK) * BLOCK, np.float32))


def losses(stage):
    counters = stage.share.snapshot()
    return counters.late_hops, counters.skipped_hops, counters.underruns


def plays(stage):
    return stage.scheduler._model.plays


def steps(out, before):
    return float(np.abs(np.diff(out, prepend=np.float32(before))).max())


def latest_return(stage):
    """Frames within which it must sound: the hop being heard, and what it is played for."""
    scheduler = stage.scheduler
    hops = 1 + scheduler.conditions.anticipation_hops
    return hops * HOP + scheduler.budget(BLOCK).musical + 2 * BLOCK


@pytest.mark.parametrize("fade", [1, 480, 20_000])
def test_it_fades_out_whole_and_then_the_model_rests(stage, fade):
    stage.share.fade_frames = fade
    stage.share.strip(1).enabled = False
    out = run(stage, fade + BLOCK)
    ramp = LEVEL * (1 - np.arange(1, fade + 1) / fade)
    np.testing.assert_allclose(out[:fade], ramp, atol=1e-4)
    run(stage, HOP)
    before = plays(stage)
    assert not run(stage, 5 * RATE).any()
    assert plays(stage) == before
    assert losses(stage) == (0, 0, 0)


def test_it_is_back_within_the_anticipation_without_a_loss(stage):
    stage.share.strip(1).enabled = False
    run(stage, 3 * RATE + 1234)
    stage.share.strip(1).enabled = True
    out = run(stage, 3 * RATE)
    first = int(np.flatnonzero(out)[0])
    assert first <= latest_return(stage)
    assert steps(out, 0.0) <= 1.01 * LEVEL / DECAY
    np.testing.assert_array_equal(out[first + DECAY :], np.float32(LEVEL))
    assert losses(stage) == (0, 0, 0)


def test_on_again_before_it_has_faded_out_it_has_never_stopped(stage):
    stage.share.fade_frames = RATE
    stage.share.strip(1).enabled = False
    first = run(stage, RATE // 2)
    stage.share.strip(1).enabled = True
    out = np.concatenate([first, run(stage, 2 * RATE)])
    assert out.min() > 0.4 * LEVEL
    assert steps(out, LEVEL) <= 1.01 * LEVEL / (RATE // 2)
    assert losses(stage) == (0, 0, 0)


@pytest.mark.parametrize("hops", [0, 2, 20])
def test_it_may_be_asked_for_another_anticipation_while_it_rests(stage, hops):
    stage.share.strip(1).enabled = False
    run(stage, 2 * RATE)
    stage.scheduler.condition(Conditions(stem="bass", anticipation_hops=hops))
    run(stage, RATE + 999)
    stage.share.strip(1).enabled = True
    out = run(stage, 3 * RATE)
    first = int(np.flatnonzero(out)[0])
    assert first <= latest_return(stage) + HOP
    assert steps(out, 0.0) <= 1.01 * LEVEL / DECAY
    np.testing.assert_array_equal(out[first + DECAY :], np.float32(LEVEL))
    assert losses(stage) == (0, 0, 0)
    assert stage.share.musical_latency == stage.scheduler.budget(BLOCK).musical


def test_a_stall_while_it_rests_is_no_loss(stage):
    stage.share.strip(1).enabled = False
    run(stage, RATE)
    stage.play(np.zeros(800 * BLOCK, np.float32), pause=700)
    stage.share.strip(1).enabled = True
    assert run(stage, 3 * RATE)[-1] == LEVEL
    assert losses(stage) == (0, 0, 0)


@pytest.mark.parametrize("hops", [0, 2])
def test_an_export_is_played_whole_though_it_is_off(hops):
    """Its host waits for every hop; what is switched on in the middle is there."""
    conditions = Conditions(stem="drums", anticipation_hops=hops, seed=3)
    mix = np.random.default_rng(2).uniform(-0.5, 0.5, 400 * BLOCK).astype(np.float32)
    with Stage(ScriptedModel(), conditions, block=BLOCK) as stage:
        stage.answer()
        stage.share.strip(1).enabled = False
        run(stage, RATE)
        thread = threading.Thread(target=stage.engine.run)
        thread.start()
        out = []
        for number, block in enumerate(mix.reshape(-1, BLOCK)):
            stage.share.strip(1).enabled = number >= 200
            out.append(stage.cycle(block, freewheel=True))
        late = stage.share.musical_latency
        stage.pipe.send(Stop())
        thread.join()
    out = np.concatenate(out)
    padded = np.concatenate([mix, np.zeros(-len(mix) % HOP, np.float32)]).reshape(-1, HOP)
    stems = accompany(HopScheduler(ScriptedModel(), RATE, conditions), padded, len(mix))
    stem = np.concatenate([hop.audio[0] for hop in stems])
    begin = 200 * BLOCK
    assert not out[:begin].any()
    begin += FADE
    np.testing.assert_array_equal(out[begin:], stem[begin - late : len(out) - late])
