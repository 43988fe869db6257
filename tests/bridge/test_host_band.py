"""Tests of several players in one callback, each with its own ports and channel strip."""

import numpy as np
import pytest
from bridge._native import lib
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.common.errors import ConfigError
from bridge.controls.table import MAX_PLAYERS
from tests.bridge.host_stage import BLOCK, DECAY, HOP, RAMP, RATE, largest_step, noise


def run(stage, frames, players, *, left=None, block=BLOCK):
    """Return what comes out, shape ``(players, 2, frames)``."""
    left = np.zeros(frames, np.float32) if left is None else left
    parts = [
        stage.host.process_band(left[start : start + block], left[start : start + block],
                                players=players)
        for start in range(0, frames, block)
    ]  # fmt: skip
    return np.concatenate(parts, axis=1).reshape(players, 2, frames)


def play(stage, position, rows, players=None):
    if stage.share.stem_written == 0:
        stage.share.begin_generation(stage.share.generation)
    stage.share.write_stem(position, np.asarray(rows, np.float32), players)


@pytest.fixture
def four(stage):
    """A stage on which stems of the constants 1 to 4 have faded in."""
    play(stage, 0, np.arange(1, 5)[:, None] * np.ones((4, 100_000)))
    out = run(stage, 1024, 4)
    np.testing.assert_array_equal(out[:, :, -1], [[1, 1], [2, 2], [3, 3], [4, 4]])
    return stage


def test_there_are_as_many_rings_as_players():
    assert lib.LB_PLAYERS == MAX_PLAYERS


@pytest.mark.parametrize("players", [1, 2, MAX_PLAYERS])
def test_each_stem_sounds_on_its_own_ports(stage, players):
    stems = noise(players * 4800).reshape(players, 4800)
    play(stage, 0, stems)
    out = run(stage, 4800, players)
    np.testing.assert_array_equal(out[:, 0], out[:, 1])
    np.testing.assert_array_equal(out[:, 0, DECAY:], stems[:, DECAY:])


def test_who_has_no_row_is_silent_even_where_the_ring_held_something(stage):
    play(stage, 0, np.ones((3, 4000)))
    run(stage, lib.LB_RING, 3, block=8192)
    play(stage, lib.LB_RING, np.ones((2, 4000)), players=(1, 3))
    for player, level in ((1, 1.0), (2, 0.0), (3, 1.0)):
        np.testing.assert_array_equal(stage.share.read_stem(lib.LB_RING, 4000, player), level)
    assert not run(stage, 4000, 3)[1].any()


def test_rows_and_players_must_fit(stage):
    with pytest.raises(ValueError, match="a row for each of 2 players, got 3"):
        play(stage, 0, np.ones((3, 10)), players=(1, 2))
    with pytest.raises(ConfigError, match="players 1 to 8, got 9"):
        play(stage, 0, np.ones((1, 10)), players=(9,))
    with pytest.raises(ConfigError, match="got 0"):
        stage.share.strip(0)
    with pytest.raises(ConfigError, match=r"players must be 1\.\.8, got 9"):
        stage.share.players = 9


@pytest.mark.parametrize(
    ("name", "value", "silent"),
    [("gain_out", 0.5, False), ("mute", True, True), ("enabled", False, True)],
)
def test_a_strip_moves_its_own_player_only(four, name, value, silent):
    four.share.fade_frames = RAMP
    setattr(four.share.strip(3), name, value)
    out = run(four, 1024, 4)
    for row, level in ((0, 1), (1, 2), (3, 4)):
        np.testing.assert_array_equal(out[row], level)
    assert out[2, 0, -1] == (0 if silent else 1.5)
    assert largest_step(out[2, 0], 3.0) <= 3.03 / RAMP


def test_bypass_replaces_one_player_by_the_mix(four):
    four.share.strip(2).bypass = True
    out = run(four, 1024, 4, left=np.full(1024, -1, np.float32))
    np.testing.assert_array_equal(out[1, :, RAMP:], -1)
    for row, level in ((0, 1), (2, 3), (3, 4)):
        np.testing.assert_array_equal(out[row], level)


def test_a_new_latency_moves_all_at_once(stage):
    fade, frames = 1000, 3000
    ramps = np.stack([np.linspace(0, level, 20_000, dtype=np.float32) for level in (1, -2)])
    stage.share.fade_frames = fade
    play(stage, 0, ramps)
    run(stage, 2000, 2)
    stage.share.musical_latency = 700
    out = run(stage, frames, 2)
    weights = np.minimum(np.arange(1, frames + 1) / fade, 1)
    for row, ramp in zip(out[:, 0], ramps, strict=True):
        early, late = ramp[2000 : 2000 + frames], ramp[1300 : 1300 + frames]
        np.testing.assert_allclose(row, early * (1 - weights) + late * weights, atol=1e-6)


def test_ports_that_come_later_fade_in(stage):
    play(stage, 0, np.ones((2, 50_000)))
    run(stage, 3000, 1)
    out = run(stage, 1024, 2)
    np.testing.assert_array_equal(out[0], 1)
    np.testing.assert_allclose(out[1, 0, :DECAY], np.arange(1, DECAY + 1) / DECAY, atol=1e-6)
    np.testing.assert_array_equal(out[1, :, DECAY:], 1)


def test_each_player_has_meters_and_all_share_the_input(stage):
    sine = np.sin(2 * np.pi * 480 * np.arange(RATE) / RATE).astype(np.float32)
    play(stage, 0, [0.5 * sine, 0.25 * sine])
    run(stage, RATE, 2, left=sine)
    assert stage.share.meters(1).out_peak == pytest.approx((0.5, 0.5), rel=1e-3)
    assert stage.share.meters(2).out_peak == pytest.approx((0.25, 0.25), rel=1e-3)
    assert stage.share.meters(3).out_peak == (0.0, 0.0)
    assert stage.share.meters(2).in_peak == pytest.approx((1.0, 1.0), rel=1e-3)


def test_the_first_player_sounds_as_it_would_alone(stage):
    stems, mix = noise(3 * 20_000).reshape(3, 20_000), noise(20_000, 5)
    results = []
    for players in (1, 3):
        with AudioShare.create(RATE, HOP) as share, Host(share) as host:
            share.begin_generation(1)
            share.write_stem(0, stems[:players])
            parts = []
            for number, start in enumerate(range(0, 19_200, BLOCK)):
                share.strip(1).gain_out = 1.0 - 0.01 * (number % 7)
                share.musical_latency = 100 * (number // 30)
                piece = mix[start : start + BLOCK]
                parts.append(host.process_band(piece, piece, players=players)[:2])
            results.append(np.concatenate(parts, axis=1))
    np.testing.assert_array_equal(*results)


ACTIONS = st.one_of(
    st.tuples(st.sampled_from(("mute", "enabled", "bypass")), st.integers(1, 3), st.booleans()),
    st.tuples(st.just("gain_out"), st.integers(1, 3), st.floats(0, 1)),
    st.tuples(st.just("latency"), st.just(0), st.integers(0, 3000)),
)


@settings(max_examples=40, deadline=None)
@given(script=st.lists(st.tuples(ACTIONS, st.integers(1, 1500)), max_size=20))
def test_nothing_that_happens_to_one_makes_a_step_in_any(script):
    with AudioShare.create(RATE, HOP) as share, Host(share) as host:
        share.engine_live, share.fade_frames = True, RAMP
        share.begin_generation(1)
        share.write_stem(0, np.ones((3, 60_000), np.float32))
        ones = np.ones(1500, np.float32)
        heard = [host.process_band(ones, ones, players=3)]
        for (name, player, value), frames in script:
            if name == "latency":
                share.musical_latency = value
            else:
                setattr(share.strip(player), name, value)
            piece = ones[:frames]
            heard.append(host.process_band(piece, piece, players=3))
    for port in np.concatenate(heard, axis=1):
        assert largest_step(port) <= 1.05 * (2 / DECAY + 4 / RAMP)
