"""Tests of the callback's side work in a cycle: meters, floats, MIDI."""

import numpy as np
import pytest

from tests.bridge.host_stage import BLOCK, RATE, broken


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


def test_a_sample_that_is_no_number_does_not_stick_in_a_meter(stage):
    spoilt, _ = broken(np.zeros(RATE, np.float32))
    spoilt[2000:2100] = np.float32(1e30)  # its square is infinite
    stage.run(RATE, left=spoilt)
    stage.run(60 * RATE, block=8192)
    meters = stage.share.meters()
    assert max(*meters.in_peak, *meters.in_rms) < 1e-6


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
