"""One player on every backend: same take, same sound; equal to the parallel pass."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from model.checkpoint import load_checkpoint
from model.errors import ModelConfigError
from model.formats.conditions import Conditions, Phase
from model.layers.sampling import hop_noise, seed_noise
from model.layers.synthesis import OVERLAPS
from model.networks.annotation import COUNT, phase_count
from model.networks.generator import StreamCondition
from tests.model.bands import HOP, LOADERS, go_on, mix_hops, save_small, silence_tail

HOPS = 60
SWING = Conditions(stem="bass", groove="swing", seed=7)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_small(tmp_path_factory.mktemp("checkpoints") / "small")


@pytest.fixture(params=LOADERS)
def fresh(request, folder):
    """Return a function that makes another band of one player."""

    def load(conditions=SWING):
        band = LOADERS[request.param](folder)
        band.condition(1, conditions)
        return band

    return load


@pytest.fixture(scope="module")
def mix():
    return mix_hops(HOPS)


def _play(player, mix, ahead, phase_of=lambda hop: None):
    """Return what it plays from its first hop, which hears nothing yet, to the mix's last."""
    hops = []
    for number in range(-(ahead + 1), len(mix)):
        if number >= 0:
            player.listen(mix[number])
        player.follow(phase_of(len(hops)))
        hops.append(player.play()[0])
    return np.concatenate(hops)


def _take(fresh, mix, conditions=SWING):
    player = fresh(conditions)
    return player, _play(player, mix, conditions.anticipation_hops)


def _phase(hop):
    return Phase(hop / 10 % 1, hop / 40 % 1, 120.0) if hop >= 20 else None


@pytest.mark.parametrize(("index", "hops"), [(0, 0), (1, 2), (2, 20)])
def test_hop_by_hop_equals_the_parallel_pass(folder, fresh, mix, index, hops):
    player = fresh(replace(SWING, anticipation_hops=hops))
    streamed = _play(player, mix, hops, _phase)
    checkpoint = load_checkpoint(folder)
    config = checkpoint.generator.config
    total = HOPS + hops + 1
    noise = np.stack([hop_noise(7, k, config.noise) for k in range(total)])
    seed = torch.from_numpy(seed_noise(7, config.seed_noise))[None]
    with torch.no_grad():
        latent = checkpoint.autoencoder.encoder(torch.from_numpy(mix).view(1, -1, 1))
        latent = torch.cat([latent, torch.zeros(1, hops + 1, 6)], dim=1)
        one = torch.tensor([1])
        condition = StreamCondition(one, torch.tensor([index]), 2 * one, seed)
        transport = torch.zeros(1, total, COUNT + 1)
        for hop in range(20, total):
            transport[0, hop] = torch.tensor([*phase_count(_phase(hop)), 1.0])
        noise_BTC = torch.from_numpy(noise)[None]
        stem, _ = checkpoint.generator.play(latent, noise_BTC, transport, condition)
        whole = checkpoint.autoencoder.decoder(stem)[0, :, 0].numpy()
    assert np.abs(streamed - whole).max() < 1e-4 * np.abs(whole).max() + 1e-6


def test_same_seed_repeats_and_another_differs(fresh, mix):
    _, one = _take(fresh, mix)
    _, two = _take(fresh, mix)
    _, other = _take(fresh, mix, replace(SWING, seed=8))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_a_reset_forgets_everything_and_lets_it_ring_out(fresh, mix):
    takes = []
    for past in (mix, mix[::-1].copy()):
        player, _ = _take(fresh, past)
        player.reset()
        takes.append(go_on(player, mix[:20])[0])
    rung_out = (OVERLAPS - 1) * player.overlap
    assert np.array_equal(takes[0][rung_out:], takes[1][rung_out:])
    assert not np.array_equal(takes[0][:rung_out], takes[1][:rung_out])


@pytest.mark.parametrize("hops", [0, 2])
def test_after_a_reset_it_answers_as_promptly_as_before(fresh, mix, hops):
    takes = []
    for heard in (mix[:1], np.zeros((1, HOP), np.float32)):
        player, _ = _take(fresh, mix, replace(SWING, anticipation_hops=hops))
        player.reset()
        takes.append(go_on(player, heard))
    assert not np.array_equal(*takes), "the hop just heard counts in the next one played"


def test_restart_is_a_fresh_player(fresh, mix):
    player, first = _take(fresh, mix)
    player.restart()
    assert np.array_equal(_play(player, mix, 2), first)


def test_conditions_change_while_it_plays(fresh, mix):
    player, _ = _take(fresh, mix)
    same, _ = _take(fresh, mix)
    player.condition(1, replace(SWING, stem="drums"))
    assert not np.array_equal(player.play(), same.play())


def test_the_transport_moves_what_is_played(fresh, mix):
    player, _ = _take(fresh, mix)
    same, _ = _take(fresh, mix)
    player.follow(_phase(60))
    assert not np.array_equal(player.play(), same.play())


def test_a_memory_brings_back_what_was_heard(fresh, mix):
    player, _ = _take(fresh, mix, replace(SWING, noise=0.0))
    memory = player.state()
    first = _go_on_from_silence(player, mix)
    assert not np.array_equal(_go_on_from_silence(player, mix), first)
    player.restore(memory)
    assert np.array_equal(_go_on_from_silence(player, mix), first)


def _go_on_from_silence(player, mix):
    """Return the next second of the stem, with nothing ringing on from before."""
    silence_tail(player)
    return go_on(player, mix[:20])


def test_a_memory_of_another_checkpoint_is_refused(fresh):
    player = fresh()
    stranger = replace(player.state(), identity="b7")
    with pytest.raises(ModelConfigError, match="weights b7"):
        player.restore(stranger)


def test_a_memory_survives_being_taken_apart(fresh, mix):
    quiet = replace(SWING, noise=0.0)
    player, _ = _take(fresh, mix, quiet)
    player.skip(2)
    player.listen(mix[0])
    arrays = player.packed(player.state())
    first = _go_on_from_silence(player, mix)
    other = fresh(quiet)
    other.skip(7)
    _ = [other.play() for _ in range(quiet.anticipation_hops)]  # as far ahead as the first
    other.restore(other.unpacked(arrays))
    assert np.array_equal(_go_on_from_silence(other, mix), first)


def test_memories_that_do_not_fit_are_refused(fresh):
    player = fresh()
    kept = player.packed(player.state())
    with pytest.raises(ModelConfigError, match="lacks heard, known, players"):
        player.unpacked({})
    with pytest.raises(ModelConfigError, match="lacks players"):
        player.unpacked({name: kept[name] for name in kept if name != "players"})
    with pytest.raises(ModelConfigError, match=r"lacks .*blocks\.0"):
        player.unpacked({name: kept[name] for name in kept if "blocks.0" not in name})
    for name in ("hearing.long.past", "thinking.blocks.0.ring.keys", "heard"):
        with pytest.raises(
            ModelConfigError, match=f"{name} of this memory.*another checkpoint"
        ):
            player.unpacked({**kept, name: kept[name][..., None]})
    for name in ("hearing.long.past", "thinking.blocks.1.ring.values"):
        with pytest.raises(
            ModelConfigError, match=f"{name} of this memory.*another checkpoint"
        ):
            player.unpacked({**kept, name: kept[name][:, 1:]})


def test_skipping_goes_on(fresh, mix):
    player, _ = _take(fresh, mix)
    player.skip(5)
    player.listen(mix[0])
    assert np.isfinite(player.play()).all()


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        (Conditions(stem="kazoo"), "plays drums, bass"),
        (replace(SWING, anticipation_hops=7), "0.35 s: this model plays with 0, 0.1, 1 s"),
        (replace(SWING, groove="techno"), "plays any, polka, swing"),
        (replace(SWING, noise=-1.0), "noise must be 0 or more"),
        (replace(SWING, seed=-1), "seed must lie in 0"),
    ],
)
def test_conditions_it_cannot_meet_are_refused_and_change_nothing(fresh, conditions, words):
    player = fresh()
    for number in (1, 2):
        with pytest.raises(ModelConfigError, match=words):
            player.condition(number, conditions)
    assert player.players == (1,)
    assert np.array_equal(player.play(), fresh().play())
