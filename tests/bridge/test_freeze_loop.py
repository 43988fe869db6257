"""Tests of the freeze loop: it repeats the mix exactly, and its seams do not click."""

import numpy as np
import pytest

from bridge.stream.freeze_loop import FreezeLoop, loop_frames
from bridge.tempo import TempoMap

RATE, HOP = 48000, 2400
SEAM = 480


def heard(loop, sound):
    return np.concatenate([loop.step(hop) for hop in sound.reshape(-1, HOP)])


def tone(seconds, hz=440.0, rate=RATE):
    """A tone that no loop of whole bars closes on."""
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate).astype(np.float32)


def largest_step(sound):
    return float(np.abs(np.diff(sound)).max())


def test_a_frozen_mix_goes_round_in_whole_bars():
    tempo = TempoMap(frame=0, beat=0, tempo_bpm=97, beats_per_bar=4, rate=RATE)
    length = loop_frames(tempo, RATE)
    assert length == round(8 * tempo.frames_per_beat)
    loop = FreezeLoop(RATE)
    sound = np.arange(20 * RATE, dtype=np.float32)
    heard(loop, sound[: 10 * RATE])
    loop.freeze(length)
    looped = heard(loop, sound[: 200 * HOP])
    bars = sound[10 * RATE - length : 10 * RATE]
    assert np.array_equal(looped[SEAM : length - SEAM], bars[SEAM : length - SEAM])
    assert np.array_equal(looped[length + SEAM : 2 * length], looped[SEAM:length])
    loop.release()
    assert np.array_equal(heard(loop, sound[:HOP])[SEAM:], sound[SEAM:HOP])
    assert np.array_equal(heard(loop, sound[:HOP]), sound[:HOP])


@pytest.mark.parametrize("seconds", [1.0, 4.0, 10.0])
def test_nothing_clicks_at_the_seam_nor_as_it_begins_and_ends(seconds):
    loop = FreezeLoop(RATE)
    sound = tone(20.0)
    length = round(seconds * RATE) + 37  # 0.34 periods of the tone too long
    out = [heard(loop, sound[: 11 * RATE])]
    loop.freeze(length)
    out.append(heard(loop, sound[-11 * RATE :]))
    loop.release()
    out.append(heard(loop, sound[: 2 * RATE]))
    assert np.abs(np.diff(np.concatenate([sound[-length:], sound[-length:]]))).max() > 0.3
    assert largest_step(np.concatenate(out)) < 1.2 * largest_step(sound)


def test_a_loop_that_reaches_back_to_the_first_frame_fades_into_it():
    loop = FreezeLoop(RATE)
    sound = 0.5 + tone(1.0)
    heard(loop, sound)
    loop.freeze(4 * RATE)
    looped = heard(loop, tone(4.0))
    ends = looped[2 * RATE - SEAM : 2 * RATE]
    assert abs(ends[-1]) < 1e-3
    assert np.array_equal(looped[2 * RATE : 3 * RATE - SEAM], sound[:-SEAM])


def test_the_longest_loop_is_whole():
    loop = FreezeLoop(RATE)
    sound = tone(14.0)
    heard(loop, sound)
    assert loop.heard == 12 * RATE
    loop.freeze(12 * RATE)
    looped = heard(loop, sound)
    assert np.array_equal(looped[SEAM : 12 * RATE - SEAM], sound[2 * RATE + SEAM : -SEAM])


def test_a_freeze_before_anything_was_heard_is_silence():
    loop = FreezeLoop(RATE)
    loop.freeze(1000)
    assert not loop.step(np.ones(HOP, np.float32)).any()


def test_what_was_heard_before_a_fresh_start_is_not_in_the_seam():
    loop = FreezeLoop(RATE)
    heard(loop, np.ones(RATE, np.float32))
    loop.clear()
    heard(loop, np.zeros(HOP, np.float32))
    loop.freeze(HOP)
    assert not heard(loop, np.zeros(4 * HOP, np.float32)).any()


def test_lost_hops_pass_in_the_loop_too():
    loop = FreezeLoop(1000)
    loop.step(np.arange(100, dtype=np.float32))
    loop.freeze(100)
    loop.skip(30)
    assert loop.step(np.zeros(5, np.float32)).tolist() == [30, 31, 32, 33, 34]
