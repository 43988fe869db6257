"""Tests of gains, mute, bypass, panic and latency: ramps of the declared length."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from tests.bridge.host_stage import (
    DECAY,
    HOP,
    RAMP,
    RATE,
    HostStage,
    broken,
    largest_step,
    noise,
)


def test_the_output_gain_moves_in_a_straight_line_for_10_ms(steady):
    steady.share.strip(1).gain_out = 0.25
    out = steady.run(1024)[0]
    np.testing.assert_allclose(out[:RAMP], 1 - 0.75 * np.arange(1, RAMP + 1) / RAMP, atol=1e-5)
    np.testing.assert_array_equal(out[RAMP:], 0.25)


def test_mute_takes_10_ms_either_way(steady):
    steady.share.strip(1).mute = True
    down = steady.run(1024)
    steady.share.strip(1).mute = False
    up = steady.run(1024)
    np.testing.assert_allclose(down[0, :RAMP], 1 - np.arange(1, RAMP + 1) / RAMP, atol=1e-5)
    assert not down[:, RAMP:].any()
    np.testing.assert_allclose(up[1, :RAMP], np.arange(1, RAMP + 1) / RAMP, atol=1e-5)
    np.testing.assert_array_equal(up[:, RAMP:], 1)


@pytest.mark.parametrize("fade", [1, 100, 5000])
def test_enabling_takes_the_fade(steady, fade):
    steady.share.fade_frames = fade
    steady.share.strip(1).enabled = False
    out = steady.run(6000)[0]
    np.testing.assert_allclose(out[:fade], 1 - np.arange(1, fade + 1) / fade, atol=1e-4)
    assert out[fade - 1] == 0
    assert not out[fade:].any()


def test_a_ramp_turned_round_half_way_makes_no_step(steady):
    parts = []
    for turn in range(20):
        steady.share.strip(1).mute = turn % 2 == 0
        parts.append(steady.run(200)[0])
    assert largest_step(np.concatenate(parts), 1.0) <= 1.01 / RAMP


@pytest.mark.parametrize("latency", [0, 777])
def test_bypass_is_the_input_late_by_the_musical_latency(stage, latency):
    left, right = noise(8000, 1), noise(8000, 2)
    stage.share.gain_in = stage.share.strip(1).gain_out = 0.1  # neither touches the dry sound
    stage.share.musical_latency = latency
    stage.play(0, np.ones(20_000))
    stage.run(1000, left=left[:1000], right=right[:1000])
    stage.share.strip(1).bypass = True
    rest = stage.run(7000, left=left[1000:], right=right[1000:])
    for heard, put_in in zip(rest, (left, right), strict=True):
        np.testing.assert_array_equal(
            heard[RAMP:], put_in[1000 + RAMP - latency : 8000 - latency]
        )


def test_bypass_passes_on_no_sample_that_is_no_number(stage):
    dry = noise(5000, 1)
    spoilt, whole = broken(dry)
    stage.share.strip(1).bypass = True
    stage.run(1024)
    out = stage.run(5000, left=spoilt)[0]
    np.testing.assert_array_equal(out[whole], dry[whole])
    assert np.isfinite(out).all()
    assert np.isfinite(stage.share.meters().out_rms).all()


def test_bypass_crosses_over_in_10_ms(steady):
    steady.share.strip(1).bypass = True
    out = steady.run(1024, left=np.full(1024, -1, np.float32))[0]
    np.testing.assert_allclose(out[:RAMP], 1 - 2 * np.arange(1, RAMP + 1) / RAMP, atol=1e-5)
    np.testing.assert_array_equal(out[RAMP:], -1)


@pytest.mark.parametrize("bypass", [False, True])
def test_a_new_latency_crosses_over_from_one_place_to_the_other(stage, bypass):
    fade, frames = 1000, 4000
    ramp = np.linspace(0, 1, 20_000, dtype=np.float32)
    stage.share.strip(1).bypass, stage.share.fade_frames = bypass, fade
    stage.play(0, ramp)
    stage.run(2000, left=ramp[:2000])
    stage.share.musical_latency = 1500
    out = stage.run(frames, left=ramp[2000 : 2000 + frames])[0]
    weights = np.minimum(np.arange(1, frames + 1) / fade, 1)
    early, late = ramp[2000 : 2000 + frames], ramp[500 : 500 + frames]
    np.testing.assert_allclose(out, early * (1 - weights) + late * weights, atol=1e-6)
    np.testing.assert_array_equal(out[fade:], late[fade:])


def test_a_latency_changed_again_while_crossing_over_makes_no_step(stage):
    ramp = np.linspace(0, 1, 60_000, dtype=np.float32)
    stage.play(0, ramp)
    out = [stage.run(4000)[0]]
    for latency in (3000, 0, 2000, 1000):
        stage.share.musical_latency = latency
        out.append(stage.run(700)[0])
    out.append(stage.run(8000)[0])
    heard = np.concatenate(out)
    assert largest_step(heard) <= 1 / DECAY
    np.testing.assert_array_equal(heard[-100:], ramp[len(heard) - 1100 : len(heard) - 1000])


def test_nobody_waits_for_a_new_latency_in_silence(stage):
    stage.run(1024)
    stage.share.musical_latency = 500
    stage.play(1024, np.ones(5000))
    out = stage.run(2048)[0]
    np.testing.assert_array_equal(out[:500], 0)
    np.testing.assert_array_equal(out[500 + DECAY :], 1)


def test_panic_ramps_out_in_5_ms_and_drops_what_was_written(steady):
    written = steady.share.stem_written
    steady.share.panic()
    out = steady.run(1024)[0]
    assert largest_step(out, 1.0) <= 1.01 / DECAY
    np.testing.assert_array_equal(out[DECAY:], 0)
    steady.play(written, np.ones(4000))
    rest = steady.run(written + 1024 - steady.share.frame)[0]
    np.testing.assert_array_equal(rest[:-1024], 0)
    assert largest_step(rest) <= 1.01 / DECAY
    np.testing.assert_array_equal(rest[-1024 + DECAY :], 1)
    assert steady.share.snapshot().underruns == 0


def test_after_a_panic_a_new_take_may_sound_at_once(steady):
    steady.share.panic()
    steady.run(1024)
    steady.share.begin_generation(steady.share.generation)
    steady.share.write_stem(steady.share.frame, np.ones(4000, np.float32))
    assert steady.run(1024)[0, -1] == 1.0


def test_what_changes_costs_the_callback_no_more_than_a_small_multiple(stage):
    """Every fade at once, against nothing at all, in turns, in medians."""
    ones = np.ones(64, np.float32)
    share, strip = stage.share, stage.share.strip(1)
    share.begin_generation(1)
    share.write_stem(0, np.ones(200_000, np.float32))
    share.fade_frames = 64
    stage.run(48_000, left=np.ones(48_000, np.float32))
    steady, changing = [], []
    for turn in range(100):
        stage.host.process(ones, ones)
        steady.append(share.cycle_times()[-1])
        strip.bypass, strip.mute = turn % 2 == 0, False
        strip.gain_out = 0.5 + 0.5 * (turn % 2)
        share.musical_latency, share.gain_in = 100 * (turn % 2), 0.5 + 0.5 * (turn % 2)
        stage.host.process(ones, ones)
        changing.append(share.cycle_times()[-1])
        strip.bypass, strip.gain_out = False, 1.0
        stage.run(1024, left=np.ones(1024, np.float32))
    assert np.median(changing) < 5.0 * np.median(steady)


SWITCHES = ("mute", "bypass", "enabled")
ACTIONS = st.one_of(
    st.tuples(st.sampled_from(SWITCHES), st.booleans()),
    st.tuples(st.just("gain_out"), st.floats(0, 1)),
    st.tuples(st.just("musical_latency"), st.integers(0, 3000)),
    st.tuples(st.sampled_from(("panic", "stall", "new take", "write")), st.none()),
)


@settings(max_examples=60, deadline=None)
@given(script=st.lists(st.tuples(ACTIONS, st.integers(1, 1500)), max_size=25))
def test_nothing_that_happens_makes_a_step(script):
    with AudioShare.create(RATE, HOP) as share, Host(share) as host:
        stage = HostStage(share, host)
        share.engine_live, share.fade_frames = True, RAMP
        stage.play(0, np.ones(4000))
        heard = [stage.run(5000, left=np.ones(5000, np.float32))[0]]  # runs dry at its end
        for (name, value), frames in script:
            if name == "panic":
                share.panic()
            elif name == "new take":
                share.begin_generation(1)
                share.write_stem(share.frame, np.ones(2000, np.float32))
            elif name == "write":
                stage.play(max(share.stem_written, share.frame), np.ones(1000))
            elif name != "stall":
                setattr(share if name == "musical_latency" else share.strip(1), name, value)
            heard.append(stage.run(frames, left=np.ones(frames, np.float32))[0])
    assert largest_step(np.concatenate(heard)) <= 1.05 * (2 / DECAY + 4 / RAMP)
