"""ONNX Runtime plays what torch plays through every change of the band."""

from dataclasses import replace

import numpy as np
import pytest

from model.accompanists.players import load as load_torch
from model.formats.conditions import Conditions, Phase
from model.networks.annotation import TRUSTED_FROM
from model.onnx.accompanist import load as load_onnx
from tests.model.bands import WINDOW, mix_hops, save_small

SWING = Conditions(stem="bass", groove="swing", seed=7)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_small(tmp_path_factory.mktemp("checkpoints") / "small")


@pytest.fixture(scope="module")
def trusting(tmp_path_factory):
    """A checkpoint that was trained on how sure the given beat is; its phases are locked."""
    where = tmp_path_factory.mktemp("checkpoints") / "trusting"
    save_small(where, phase_lock=0.3, confidence=True)
    return load_torch(where), load_onnx(where, "float32")


@pytest.fixture
def both(folder):
    return load_torch(folder), load_onnx(folder, "float32")


@pytest.fixture(scope="module")
def mix():
    return mix_hops(80)


def _go_on(players, mix):
    """Return what each engine plays to some hops of the mix."""
    heard = [[], []]
    for hop in mix:
        for player, hops in zip(players, heard, strict=True):
            player.listen(hop)
            hops.append(player.play())
    return [np.stack(hops) for hops in heard]


def _apart_db(pair):
    """Return the level of the difference of two engines below what they play."""
    reference, other = pair
    difference = np.mean(np.square(reference - other), dtype=np.float64)
    return 10 * np.log10(difference / np.mean(np.square(reference), dtype=np.float64) + 1e-20)


def _do(players, name, *arguments):
    for player in players:
        getattr(player, name)(*arguments)


def test_one_player_far_beyond_the_rings(both, mix):
    _do(both, "condition", 1, SWING)
    assert _apart_db([np.stack([p.play() for _ in range(3)]) for p in both]) < -80
    played = _go_on(both, np.concatenate([mix] * 4))
    assert len(played[0]) > 10 * 3 * WINDOW
    assert played[0].std() > 1e-4
    assert _apart_db(played) < -80


def test_players_come_and_go(both, mix):
    for player, seed in ((3, 1), (1, 2), (2, 3)):
        _do(both, "condition", player, replace(SWING, seed=seed, stem="drums"))
        assert _apart_db(_go_on(both, mix[:5])) < -80
        assert both[0].players == both[1].players
    _do(both, "dismiss", 1)
    played = _go_on(both, mix)
    assert played[1].shape == (len(mix), 2, 2400)
    assert _apart_db(played) < -80
    _do(both, "condition", 1, replace(SWING, seed=2))
    assert _apart_db(_go_on(both, mix[:20])) < -80


@pytest.mark.parametrize(
    "changed",
    [
        replace(SWING, stem="drums"),
        replace(SWING, groove="any"),
        replace(SWING, noise=0.3),
        replace(SWING, seed=9),
        replace(SWING, anticipation_hops=0),
        replace(SWING, anticipation_hops=20),
    ],
    ids=str,
)
def test_conditions_change_while_it_plays(both, mix, changed):
    _do(both, "condition", 1, SWING)
    before = _go_on(both, mix[:12])
    _do(both, "condition", 1, changed)
    after = _go_on(both, mix[:12])
    assert not np.array_equal(before[1], after[1])
    assert _apart_db(after) < -80


def test_the_transport_is_followed_for_one_hop(both, mix):
    _do(both, "condition", 1, SWING)
    _do(both, "follow", Phase(0.25, 0.5, 140.0))
    assert _apart_db(_go_on(both, mix[:30])) < -80
    _do(both, "follow", Phase(0.25, 0.5, 140.0))
    _do(both, "follow", None)
    assert _apart_db(_go_on(both, mix[:5])) < -80


def _told(players, hop, confidence):
    """Return what each engine plays once the beat is told with this confidence."""
    _do(players, "restart")
    _do(players, "condition", 1, replace(SWING, anticipation_hops=0))
    _do(players, "follow", Phase(0.25, 0.5, 140.0, confidence))
    return _go_on(players, [hop])


def test_a_beat_is_followed_as_far_as_it_is_sure(trusting, both, mix):
    played = {sure: _told(trusting, mix[0], sure) for sure in (0.0, 0.02, 0.04, 1.0)}
    for sure, pair in played.items():
        assert _apart_db(pair) < -80
        assert all(
            _apart_db((pair[0], played[other][0])) > -60 for other in played if other != sure
        )
    certain, trusted = (_told(trusting, mix[0], sure) for sure in (1.0, TRUSTED_FROM))
    assert np.array_equal(certain[0], trusted[0])
    assert np.array_equal(certain[1], trusted[1])
    whole, half = (_told(both, mix[0], sure) for sure in (1.0, 0.4))
    assert np.array_equal(whole[0], half[0]), "these weights know a beat or none"
    assert np.array_equal(whole[1], half[1])


@pytest.mark.parametrize("act", [("reset",), ("restart",), ("skip", 3), ("skip", 400)], ids=str)
def test_what_interrupts_a_take(both, mix, act):
    _do(both, "condition", 1, SWING)
    _do(both, "condition", 2, replace(SWING, seed=8))
    _go_on(both, mix[:20])
    _do(both, *act)
    assert _apart_db(_go_on(both, mix)) < -80


def test_a_memory_brings_back_what_was_heard(both, mix):
    _do(both, "condition", 1, SWING)
    _go_on(both, mix[:20])
    memories = [player.state() for player in both]
    _do(both, "condition", 2, replace(SWING, seed=8))
    _go_on(both, mix[20:40])
    for player, memory in zip(both, memories, strict=True):
        player.restore(memory)
    assert _apart_db(_go_on(both, mix[:20])) < -80


def test_a_memory_of_one_engine_is_the_others_too(both, mix):
    torch_player, onnx_player = both
    _do(both, "condition", 1, SWING)
    _do(both, "condition", 2, replace(SWING, seed=8))
    _go_on(both, mix[:20])
    kept = [player.packed(player.state()) for player in both]
    assert {name: array.shape for name, array in kept[0].items()} == {
        name: array.shape for name, array in kept[1].items()
    }
    _go_on(both, mix[20:40])
    torch_player.restore(torch_player.unpacked(kept[1]))
    onnx_player.restore(onnx_player.unpacked(kept[0]))
    assert _apart_db(_go_on(both, mix[:20])) < -80


def test_eight_bits_play_nearly_the_same(folder, both, mix):
    small = load_onnx(folder, "int8")
    pair = both[1], small
    for player in pair:
        player.condition(1, SWING)
    latents = [], []
    for hop in mix:
        for player, made in zip(pair, latents, strict=True):
            player.listen(hop)
            made.append(player.parts()["generate"]())
    assert -80 < _apart_db([np.stack(made) for made in latents]) < -25
