"""Tests of the native callback: every change of the sound is exact or a ramp."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.stream.offline import mix_down
from tests.bridge.host_stage import BLOCK, DECAY, HOP, RAMP, RATE, broken, largest_step, noise

# -- blocks ------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    blocks=st.lists(st.integers(1, 8192), min_size=1, max_size=12),
    latency=st.integers(0, 5000),
    gap=st.integers(0, 3000),
)
def test_the_sound_does_not_depend_on_the_blocks(blocks, latency, gap):
    frames = sum(blocks)
    left, right, stem = (noise(frames, seed) for seed in range(3))
    results = []
    for sizes in (blocks, [frames]):
        with AudioShare.create(RATE, HOP) as share, Host(share) as host:
            share.gain_in, share.strip(1).gain_out = 0.5, 2.0
            share.strip(1).bypass = True
            share.musical_latency = latency
            share.begin_generation(1)
            share.write_stem(gap, stem)
            start, parts = 0, []
            for size in sizes:
                piece = slice(start, start + size)
                parts.append(np.stack(host.process(left[piece], right[piece])))
                start += size
            results.append((np.concatenate(parts, axis=1), share.read_mix(0, frames)))
    np.testing.assert_array_equal(results[0][0], results[1][0])
    np.testing.assert_array_equal(results[0][1], results[1][1])


def test_a_block_of_any_length_counts_as_one_cycle(stage):
    for frames in (1, 7, 100, 8192, 20_000):
        stage.run(frames, block=frames)
    counters = stage.share.snapshot()
    assert (counters.cycles, counters.frames) == (5, 28_300)


# -- mix ---------------------------------------------------------------------------------------


def test_the_mix_is_the_mean_of_both_inputs(stage):
    left, right = noise(5000, 1), noise(5000, 2)
    stage.run(5000, left=left, right=right)
    np.testing.assert_array_equal(
        stage.share.read_mix(0, 5000), np.float32(0.5) * (left + right)
    )


@pytest.mark.parametrize(
    ("gain", "listening"), [(1.0, True), (4.0, True), (0.0, True), (1.0, False)]
)
def test_what_is_no_number_is_silence_in_the_mix(stage, gain, listening):
    left, right = noise(5000, 1), noise(5000, 2)
    spoilt, whole = broken(left)
    stage.share.gain_in, stage.share.listening = gain, listening
    stage.run(1024)  # both at rest
    stage.run(5000, left=spoilt, right=right)
    heard = np.float32(0.5) * (left + right) * np.float32(gain if listening else 0)
    mix = stage.share.read_mix(1024, 5000)
    np.testing.assert_array_equal(mix[whole], heard[whole])
    assert np.isfinite(mix).all()
    assert not mix[[3, 700, 1500]].any()


def test_what_is_no_number_is_silence_as_it_is_offline(stage):
    spoilt, _ = broken(noise(5000, 1))
    right = noise(5000, 2)
    stage.run(5000, left=spoilt, right=right)
    offline = mix_down(np.stack([spoilt, right], axis=1))
    np.testing.assert_array_equal(stage.share.read_mix(0, 5000), offline)


def test_the_input_gain_moves_in_a_straight_line_for_10_ms(stage):
    ones = np.ones(2048, np.float32)
    stage.run(1024, left=ones[:1024])
    stage.share.gain_in = 3.0
    stage.run(1024, left=ones[:1024])
    mix = stage.share.read_mix(0, 2048)
    np.testing.assert_array_equal(mix[:1024], 1.0)
    np.testing.assert_allclose(
        mix[1024 : 1024 + RAMP], 1 + 2 * np.arange(1, RAMP + 1) / RAMP, rtol=1e-5
    )
    np.testing.assert_array_equal(mix[1024 + RAMP :], 3.0)


def test_a_player_who_does_not_listen_hears_silence_and_still_plays(steady):
    steady.share.listening = False
    out = steady.run(2048, left=np.ones(2048, np.float32))
    mix = steady.share.read_mix(1024, 2048)
    assert largest_step(mix[1:], mix[0]) < 1.01 / RAMP
    np.testing.assert_array_equal(mix[RAMP:], 0.0)
    np.testing.assert_array_equal(out, 1.0)


# -- stem --------------------------------------------------------------------------------------


def test_the_stem_sounds_at_its_position_on_both_ports(stage):
    stem = noise(4800)
    stage.play(0, stem)
    out = stage.run(4800)
    np.testing.assert_array_equal(out[0], out[1])
    np.testing.assert_array_equal(out[0, DECAY:], stem[DECAY:])


@pytest.mark.parametrize("latency", [1, 255, 256, 3000])
def test_the_stem_sounds_late_by_the_musical_latency(stage, latency):
    stem = noise(4800)
    stage.share.musical_latency = latency
    stage.play(0, stem)
    out = stage.run(9600)[0]
    np.testing.assert_array_equal(out[:latency], 0)
    np.testing.assert_array_equal(out[latency + DECAY : latency + 4800], stem[DECAY:])


def test_a_missing_stem_decays_and_its_return_fades_in(stage):
    stage.play(0, np.ones(3000))
    out = stage.run(5120)[0]
    np.testing.assert_allclose(
        out[3000 : 3000 + DECAY], 1 - np.arange(1, DECAY + 1) / DECAY, atol=1e-6
    )
    np.testing.assert_array_equal(out[3000 + DECAY :], 0)
    stage.play(3000, np.ones(9000))  # the part already past is never heard
    back = stage.run(1024)[0]
    np.testing.assert_allclose(back[:DECAY], np.arange(1, DECAY + 1) / DECAY, atol=1e-6)
    np.testing.assert_array_equal(back[DECAY:], 1)


@pytest.mark.parametrize("late", [0, 4])
def test_underruns_are_counted_once_per_block_that_lacked_frames(stage, late):
    stage.share.musical_latency = late * BLOCK
    stage.run(10 * BLOCK)
    assert stage.share.snapshot().underruns == 0, "no stem was ever written"
    stage.play(20 * BLOCK, np.ones(4 * BLOCK + 1))
    stage.run((14 + late) * BLOCK)
    assert stage.share.snapshot().underruns == 0
    stage.run(3 * BLOCK)
    assert stage.share.snapshot().underruns == 3
    stage.share.engine_live = False
    stage.run(3 * BLOCK)
    assert stage.share.snapshot().underruns == 3, "no engine plays"


def test_a_gap_between_two_runs_of_stem_is_an_underrun(stage):
    stage.play(0, np.ones(BLOCK))
    stage.run(BLOCK)
    stage.play(3 * BLOCK, np.ones(4 * BLOCK))
    out = stage.run(4 * BLOCK)[0]
    assert stage.share.snapshot().underruns == 2
    assert largest_step(out, 1.0) <= 1.01 / DECAY
    assert out[-1] == 1.0


def test_a_short_gap_makes_no_step_though_decay_and_return_overlap(stage):
    stage.play(0, np.ones(1000))
    first = stage.run(1060)[0]
    stage.play(1000, np.ones(5000))
    out = np.concatenate([first, stage.run(2000)[0]])
    assert largest_step(out) <= 2.02 / DECAY
    assert out.max() <= 1.0 + 1e-6
    assert out[-1] == 1.0


def test_stem_of_another_generation_is_not_played(stage):
    stage.share.begin_generation(7)
    stage.share.write_stem(0, np.ones(5000, np.float32))
    assert not stage.run(1024).any()
    assert stage.share.snapshot().underruns == 0


def test_a_new_take_over_a_sounding_one_makes_no_step(steady):
    steady.share.begin_generation(steady.share.generation)
    steady.share.write_stem(steady.share.frame, -np.ones(5000, np.float32))
    out = steady.run(1024)[0]
    assert largest_step(out, 1.0) <= 2.02 / DECAY
    assert out[-1] == -1.0


def test_an_engine_killed_while_writing_leaves_the_host_playing(stage):
    code = (
        "import sys, numpy as np\n"
        "from bridge.audio.shared.share import AudioShare\n"
        "share = AudioShare.attach(sys.argv[1])\n"
        "share.begin_generation(1)\n"
        "print('live', flush=True)\n"
        "while True:\n"
        "    share.begin_generation(1)\n"
        "    for k in range(3):\n"
        "        share.write_stem(share.frame + 4000 * k, np.ones(2400, np.float32))\n"
    )
    for _ in range(3):
        engine = subprocess.Popen(
            [sys.executable, "-c", code, stage.share.name], stdout=subprocess.PIPE
        )
        with engine:
            engine.stdout.readline()
            stage.run(64 * BLOCK)
            os.kill(engine.pid, signal.SIGKILL)
        stage.share.engine_live = False
        tail = stage.run(12_000)[0]
        assert np.isfinite(tail).all()
        np.testing.assert_array_equal(tail[-BLOCK:], 0)
        stage.share.begin_generation(stage.share.generation)
        stage.share.engine_live = True
        stage.play(stage.share.frame, np.ones(2 * BLOCK))
        assert stage.run(2 * BLOCK)[0, -1] == 1.0
