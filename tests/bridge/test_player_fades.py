"""Tests of players' fades: soft on join and leave, none at the start of a take."""

import numpy as np
import pytest

from bridge.stream.player_fades import PlayerFades
from bridge.stream.resample import make_resamplers

HOP = 2400
FADE = 240


@pytest.fixture
def voices():
    _, to_host = make_resamplers(48000, 48000)
    made = PlayerFades(to_host, HOP)
    made.reset((1, 3))
    return made


def ones(count):
    return np.ones((count, HOP), np.float32)


def step(out, before=0.0):
    return float(np.abs(np.diff(out, prepend=np.float32(before))).max())


def test_a_take_begins_as_it_is(voices):
    players, out = voices.step(ones(2))
    assert players == (1, 3)
    np.testing.assert_array_equal(out, 1.0)


def test_who_joins_fades_in_and_the_others_go_on(voices):
    voices.step(ones(2))
    voices.join(2)
    players, out = voices.step(ones(3))
    assert players == voices.players == (1, 2, 3)
    np.testing.assert_array_equal(out[[0, 2]], 1.0)
    assert step(out[1]) <= 1.01 / FADE
    np.testing.assert_array_equal(out[1, FADE:], 1.0)
    np.testing.assert_array_equal(voices.step(ones(3))[1], 1.0)


def test_who_leaves_decays_within_the_next_hop_and_is_gone(voices):
    voices.step(ones(2))
    voices.leave(3)
    players, out = voices.step(ones(1))
    assert players == (1, 3)
    assert step(out[1], 1.0) <= 1.01 / FADE
    assert not out[1, FADE:].any()
    players, _ = voices.step(ones(1))
    assert players == (1,)


def test_who_leaves_and_is_back_for_the_next_hop_makes_no_step(voices):
    voices.step(ones(2))
    voices.leave(3)
    voices.join(3)
    _, out = voices.step(ones(2))
    assert step(out[1], 1.0) <= 1.01 / FADE
    np.testing.assert_allclose(out[1], 1.0, atol=1e-6)


def test_who_was_silent_leaves_no_trace(voices):
    voices.step(np.zeros((2, HOP), np.float32))
    voices.leave(3)
    players, _ = voices.step(ones(1))
    assert players == (1,)
