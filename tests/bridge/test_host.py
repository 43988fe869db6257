"""The native callback, driven by hand: every change of the sound is exact or a ramp."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.host import Host
from bridge.share import AudioShare

RATE, HOP, BLOCK = 48_000, 2400, 256
RAMP = 480  # 10 ms: gains, mute, bypass, listening
DECAY = 240  # 5 ms: missing and returning stem


class Stage:
    """A share with its host, and a clock that is turned by hand."""

    def __init__(self, share, host):
        self.share, self.host = share, host

    def run(self, frames, *, left=None, right=None, block=BLOCK, freewheel=False):
        """Process ``frames`` in blocks; return both outputs, shape ``(2, frames)``."""
        left = np.zeros(frames, np.float32) if left is None else left
        right = left if right is None else right
        parts = []
        for start in range(0, frames, block):
            piece = slice(start, min(start + block, frames))
            parts.append(self.host.process(left[piece], right[piece], freewheel=freewheel))
        return np.concatenate([np.stack(part) for part in parts], axis=1)

    def play(self, position, stem):
        """Write stem of the host's generation."""
        if self.share.stem_written == 0:
            self.share.begin_generation(self.share.generation)
        self.share.write_stem(position, np.asarray(stem, np.float32))


@pytest.fixture
def stage():
    with AudioShare.create(RATE, HOP) as share, Host(share) as host:
        share.engine_live = True
        yield Stage(share, host)


@pytest.fixture
def steady(stage):
    """A stage on which a stem of constant 1 has faded in."""
    stage.play(0, np.ones(100_000))
    assert stage.run(1024)[0, -1] == 1.0
    return stage


def noise(frames, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, frames).astype(np.float32)


def largest_step(out, before=0.0):
    return float(np.abs(np.diff(out, prepend=np.float32(before))).max())


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
            share.gain_in, share.gain_out, share.bypass = 0.5, 2.0, True
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
        "from bridge.share import AudioShare\n"
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


# -- controls ----------------------------------------------------------------------------------


def test_the_output_gain_moves_in_a_straight_line_for_10_ms(steady):
    steady.share.gain_out = 0.25
    out = steady.run(1024)[0]
    np.testing.assert_allclose(out[:RAMP], 1 - 0.75 * np.arange(1, RAMP + 1) / RAMP, atol=1e-5)
    np.testing.assert_array_equal(out[RAMP:], 0.25)


def test_mute_takes_10_ms_either_way(steady):
    steady.share.mute = True
    down = steady.run(1024)
    steady.share.mute = False
    up = steady.run(1024)
    np.testing.assert_allclose(down[0, :RAMP], 1 - np.arange(1, RAMP + 1) / RAMP, atol=1e-5)
    assert not down[:, RAMP:].any()
    np.testing.assert_allclose(up[1, :RAMP], np.arange(1, RAMP + 1) / RAMP, atol=1e-5)
    np.testing.assert_array_equal(up[:, RAMP:], 1)


@pytest.mark.parametrize("fade", [1, 100, 5000])
def test_enabling_takes_the_fade(steady, fade):
    steady.share.fade_frames = fade
    steady.share.enabled = False
    out = steady.run(6000)[0]
    np.testing.assert_allclose(out[:fade], 1 - np.arange(1, fade + 1) / fade, atol=1e-4)
    assert out[fade - 1] == 0
    assert not out[fade:].any()


def test_a_ramp_turned_round_half_way_makes_no_step(steady):
    parts = []
    for turn in range(20):
        steady.share.mute = turn % 2 == 0
        parts.append(steady.run(200)[0])
    assert largest_step(np.concatenate(parts), 1.0) <= 1.01 / RAMP


@pytest.mark.parametrize("latency", [0, 777])
def test_bypass_is_the_input_late_by_the_musical_latency(stage, latency):
    left, right = noise(8000, 1), noise(8000, 2)
    stage.share.gain_in = stage.share.gain_out = 0.1  # neither touches the dry sound
    stage.share.musical_latency = latency
    stage.play(0, np.ones(20_000))
    stage.run(1000, left=left[:1000], right=right[:1000])
    stage.share.bypass = True
    rest = stage.run(7000, left=left[1000:], right=right[1000:])
    for heard, put_in in zip(rest, (left, right), strict=True):
        np.testing.assert_array_equal(
            heard[RAMP:], put_in[1000 + RAMP - latency : 8000 - latency]
        )


def test_bypass_crosses_over_in_10_ms(steady):
    steady.share.bypass = True
    out = steady.run(1024, left=np.full(1024, -1, np.float32))[0]
    np.testing.assert_allclose(out[:RAMP], 1 - 2 * np.arange(1, RAMP + 1) / RAMP, atol=1e-5)
    np.testing.assert_array_equal(out[RAMP:], -1)


@pytest.mark.parametrize("bypass", [False, True])
def test_a_new_latency_crosses_over_from_one_place_to_the_other(stage, bypass):
    fade, frames = 1000, 4000
    ramp = np.linspace(0, 1, 20_000, dtype=np.float32)
    stage.share.bypass, stage.share.fade_frames = bypass, fade
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
        stage = Stage(share, host)
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
                setattr(share, name, value)
            heard.append(stage.run(frames, left=np.ones(frames, np.float32))[0])
    assert largest_step(np.concatenate(heard)) <= 1.05 * (2 / DECAY + 4 / RAMP)


# -- freewheel ---------------------------------------------------------------------------------


def test_freewheel_begins_a_fresh_take_that_is_exact_from_its_first_frame(stage):
    stage.play(0, np.ones(50_000))
    stage.share.mute = True
    stage.run(1000)
    stage.share.mute = False
    stem, mix = noise(9600, 1), noise(9600, 2)

    def engine():
        while stage.share.generation == 1:
            time.sleep(0.001)
        assert stage.share.epoch == (2, 1000)
        stage.share.begin_generation(2)
        for k in range(4):
            assert k == 0 or stage.share.wait_mix(1000 + k * HOP, 60.0)
            stage.share.write_stem(1000 + k * HOP, stem[k * HOP : (k + 1) * HOP])

    thread = threading.Thread(target=engine)
    thread.start()
    out = stage.run(9600, left=mix, block=100, freewheel=True)
    thread.join()
    np.testing.assert_array_equal(out[0], stem)
    np.testing.assert_array_equal(stage.share.read_mix(1000, 9600), mix)
    assert stage.share.snapshot().underruns == 0


@pytest.mark.parametrize("event", ["starts", "jumps"])
def test_the_transport_anchors_the_grid_only_while_freewheeling(stage, event):
    frame = 5000 if event == "jumps" else 0
    stage.share.engine_live = False

    def cycle(freewheel, rolling, at):
        stage.host.set_transport(rolling=rolling, frame=at)
        stage.run(BLOCK, freewheel=freewheel)
        return stage.share.generation

    assert cycle(False, False, 0) == 1
    assert cycle(False, event == "starts", frame) == 1
    assert cycle(True, False, 0) == 2
    assert cycle(True, False, 0) == 2
    assert cycle(True, event == "starts", frame) == 3
    assert cycle(True, event == "starts", frame + BLOCK * (event == "starts")) == 3
    assert stage.share.epoch_frame == 4 * BLOCK
    assert stage.share.transport.rolling == (event == "starts")


def test_freewheel_does_not_wait_without_an_engine_or_when_it_dies(stage):
    stage.share.engine_live = False
    began = time.monotonic()
    stage.run(10 * BLOCK, freewheel=True)
    stage.share.engine_live = True
    death = threading.Timer(0.1, setattr, (stage.share, "engine_live", False))
    death.start()
    stage.run(10 * BLOCK, freewheel=True)
    death.join()
    assert time.monotonic() - began < 8.0, "waited for the dead"


# -- meters, floats, MIDI ----------------------------------------------------------------------


def test_meters_show_peak_and_rms_and_fall_by_20_db_a_second(stage):
    sine = np.sin(2 * np.pi * 480 * np.arange(RATE) / RATE).astype(np.float32)
    stage.play(0, 0.5 * sine)
    stage.run(RATE, left=sine, right=0.1 * sine)
    meters = stage.share.meters()
    assert meters.in_peak == pytest.approx((1.0, 0.1), rel=1e-3)
    assert meters.in_rms == pytest.approx((0.7071, 0.07071), rel=0.03)
    assert meters.out_peak == pytest.approx((0.5, 0.5), rel=1e-3)
    stage.run(RATE)
    assert stage.share.meters().in_peak == pytest.approx((0.1, 0.01), rel=0.01)


def test_denormals_are_flushed_and_the_callers_float_mode_is_kept(stage):
    tiny = np.full(BLOCK, 1e-40, np.float32)
    stage.run(BLOCK, left=tiny)
    np.testing.assert_array_equal(stage.share.read_mix(0, BLOCK), 0)
    assert np.float32(1e-40) * np.float32(0.5) > 0


def test_midi_in_is_stamped_with_its_absolute_frame(stage):
    stage.run(1000)
    assert stage.host.receive_midi(3, b"\x90\x40\x7f")
    assert stage.host.receive_midi(200, b"\xf8")
    assert not stage.host.receive_midi(201, b"\xf0\x01\x02\xf7")
    assert stage.share.midi_events() == [(1003, b"\x90\x40\x7f"), (1200, b"\xf8")]
    assert stage.share.midi_events() == []
    assert stage.share.snapshot().sysex_dropped == 1


def test_midi_out_leaves_in_order_at_its_frame(stage):
    stage.share.send_midi(b"\x90\x01\x01", frame=100)
    stage.share.send_midi(b"\x90\x02\x02")  # queued later: not before the first
    stage.share.send_midi(b"\x90\x03\x03", frame=BLOCK + 5)
    assert stage.host.due_midi(BLOCK) == [(100, b"\x90\x01\x01"), (100, b"\x90\x02\x02")]
    stage.run(BLOCK)
    assert stage.host.due_midi(BLOCK) == [(5, b"\x90\x03\x03")]


def test_a_full_midi_input_queue_drops_and_counts(stage):
    taken = [stage.host.receive_midi(0, b"\xf8") for _ in range(1030)]
    assert taken == [True] * 1024 + [False] * 6
    assert stage.share.snapshot().midi_in_dropped == 6
