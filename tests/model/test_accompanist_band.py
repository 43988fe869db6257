"""Several players on every backend: each plays as it would alone; none hears another."""

from dataclasses import replace

import numpy as np
import pytest

from model.formats.conditions import Conditions
from model.layers.synthesis import OVERLAPS
from tests.model.bands import HOP, LOADERS, WINDOW, go_on, save_small, silence_tail
from tests.model.bands import mix_hops as mix

CLOSE = 1e-4
"""Relative: a batch is multiplied in another order than a single stream."""
BASS = Conditions(stem="bass", seed=7)
DRUMS, OTHER = replace(BASS, stem="drums", seed=8), replace(BASS, seed=9, noise=0.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_small(tmp_path_factory.mktemp("checkpoints") / "small")


@pytest.fixture(params=LOADERS)
def band_of(request, folder):
    """Return a function that makes another band of some players."""

    def load(players):
        band = LOADERS[request.param](folder)
        for player, conditions in players.items():
            band.condition(player, conditions)
        for _ in range(3):
            band.play()
        return band

    return load


def assert_close(one, other):
    assert np.abs(one - other).max() <= CLOSE * np.abs(other).max()


def test_each_plays_what_it_would_play_alone(band_of):
    hops = mix(3 * WINDOW)
    asked = {1: BASS, 2: DRUMS, 5: OTHER}
    together = go_on(band_of(asked), hops)
    assert together.shape == (3, len(hops) * HOP)
    for row, (player, conditions) in zip(together, asked.items(), strict=True):
        alone = go_on(band_of({player: conditions}), hops)
        assert_close(row, alone[0])


def test_the_rows_follow_the_numbers_whoever_came_first(band_of):
    one, other = (
        band_of({2: DRUMS, 1: BASS}),
        band_of({1: BASS, 2: DRUMS}),
    )
    assert one.players == other.players == (1, 2)
    assert np.array_equal(go_on(one, mix(4)), go_on(other, mix(4)))


@pytest.mark.parametrize("before", [3, 2 * WINDOW])
def test_who_joins_begins_afresh_and_disturbs_nobody(band_of, before):
    early, late = mix(before), mix(2 * WINDOW, seed=1)
    band, alone = band_of({1: BASS}), band_of({1: BASS})
    go_on(band, early)
    go_on(alone, early)
    band.condition(2, DRUMS)
    together = go_on(band, late)
    assert_close(together[0], go_on(alone, late)[0])
    assert np.abs(together[1]).max() > 0
    twin = band_of({1: OTHER})  # another first player, so the second owes it nothing
    go_on(twin, early)
    twin.condition(2, DRUMS)
    assert_close(together[1], go_on(twin, late)[1])


def test_who_joins_sounds_from_silence(band_of):
    band = band_of({1: BASS})
    go_on(band, mix(10))
    band.condition(2, DRUMS)
    first = go_on(band, mix(1))[1]
    assert np.abs(first[:20]).max() < 0.1 * np.abs(first).max()


def test_who_leaves_is_not_missed_and_comes_back_afresh(band_of):
    hops, later = mix(6), mix(12, seed=2)
    band, alone = band_of({1: BASS, 2: DRUMS}), band_of({1: BASS})
    go_on(band, hops)
    go_on(alone, hops)
    band.dismiss(2)
    band.dismiss(2)
    assert band.players == (1,)
    assert_close(go_on(band, later)[0], go_on(alone, later)[0])
    for other in (band, alone):
        other.condition(2, DRUMS)
    assert_close(go_on(band, later), go_on(alone, later))


def test_a_lone_player_is_the_same_to_the_bit_whatever_its_number(band_of):
    hops = mix(2 * WINDOW)
    one = go_on(band_of({1: BASS}), hops)
    assert np.array_equal(one, go_on(band_of({8: BASS}), hops))


def test_a_memory_holds_everyone_and_who_was_not_there_begins_afresh(band_of):
    band = band_of({1: BASS, 2: DRUMS})
    go_on(band, mix(6))
    memory = band.state()
    quiet = [replace(each, noise=0.0, seed=7) for each in (BASS, DRUMS)]

    def from_memory(player_three):
        band.restore(memory)
        band.dismiss(3)
        for player, conditions in enumerate(quiet, 1):
            band.condition(player, conditions)
        if player_three:
            band.condition(3, OTHER)
            band.restore(memory)
        silence_tail(band)
        return go_on(band, mix(5, seed=4))

    first = from_memory(False)
    go_on(band, mix(9, seed=5))
    again = from_memory(False)
    # The decoder's own jitter goes on with its count of steps.
    rung_out = (OVERLAPS - 1) * band.overlap
    assert_close(again[:, rung_out:], first[:, rung_out:])
    three = from_memory(True)
    assert three.shape[0] == 3
    assert_close(three[:2, rung_out:], first[:, rung_out:])


def test_restart_and_reset_keep_the_players(band_of):
    band = band_of({1: BASS, 2: DRUMS})
    fresh = go_on(band, mix(5))
    band.restart()
    for _ in range(3):
        band.play()
    assert np.array_equal(go_on(band, mix(5)), fresh)
    band.reset()
    assert band.play().shape == (2, HOP)


def test_a_band_of_nobody_hears_on_and_plays_no_row(band_of):
    later, takes = mix(12, seed=2), []
    for seed in (0, 0, 1):
        band = band_of({1: BASS})
        band.dismiss(1)
        assert band.players == ()
        assert go_on(band, mix(6, seed)).shape == (0, 6 * HOP)
        band.condition(2, BASS)
        takes.append(go_on(band, later))
    assert takes[0].shape == (1, len(later) * HOP)
    assert np.array_equal(takes[0], takes[1])
    assert not np.array_equal(takes[0], takes[2]), "the context heard what came before"


@pytest.mark.parametrize("backend", ["torch", "onnx"])
def test_parts_step_everyone(folder, backend):
    band = LOADERS[backend](folder)
    assert band.parts()["generate"]().shape[0] == 1
    assert band.players == (1,)
    band.condition(2, DRUMS)
    parts = band.parts()
    assert parts.keys() == band.part_bytes().keys()
    assert parts["generate"]().shape[0] == 2
    assert parts["decode"]().shape == (2, HOP)


def test_without_inference_mode_torch_plays_the_same_and_measures_no_part(folder):
    played = []
    for backend in ("torch", "torch without inference mode"):
        band = LOADERS[backend](folder)
        for player, conditions in ((1, DRUMS), (2, BASS)):
            band.condition(player, conditions)
        both = go_on(band, mix(6))
        band.dismiss(1)
        played.append(np.concatenate([*both, go_on(band, mix(3))[0]]))
    assert np.array_equal(*played)
    assert band.parts() == {}
