"""The player on stage: same take, same sound; and equal to the parallel pass."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch

from model.accompanist import Accompanist
from model.annotation import COUNT, TransportPhase
from model.autoencoder import Autoencoder
from model.checkpoint import Checkpoint
from model.config import AutoencoderConfig, GeneratorConfig
from model.errors import ConfigError
from model.generator import Generator, StreamCondition
from model.layers.synthesis import OVERLAPS
from model.sampling import hop_noise, seed_noise

HOPS = 60


@dataclass(frozen=True)
class Asked:
    stem: str = "bass"
    anticipation_hops: int = 2
    groove: str = "swing"
    noise: float = 1.0
    seed: int = 7


@pytest.fixture(scope="module")
def checkpoint():
    torch.manual_seed(3)
    codec = AutoencoderConfig(
        latent=6, encoder_inner=16, encoder_hop=24, decoder_hop=24, decoder_inner=16
    )
    band = GeneratorConfig(
        latent=6,
        channels=24,
        context_depth=1,
        depth=1,
        heads=2,
        window=8,
        condition=8,
        stems=("drums", "bass"),
        grooves=("polka", "swing"),
    )
    generator = Generator(band)
    for parameter in generator.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return Checkpoint("small", Autoencoder(codec).eval(), generator.eval(), {}, "5a")


@pytest.fixture(scope="module")
def mix():
    return 0.1 * np.random.default_rng(0).standard_normal(HOPS * 2400).astype(np.float32)


def _take(checkpoint, mix, asked):
    player = Accompanist(checkpoint)
    player.condition(1, asked)
    return player, _play(player, mix, asked.anticipation_hops)


def _play(player, mix, ahead, phase_of=lambda hop: None):
    hops = []
    for start in range(-(ahead + 1) * player.hop, len(mix), player.hop):
        if start >= 0:
            player.listen(mix[start : start + player.hop])
        player.follow(phase_of(len(hops)))
        hops.append(player.play()[0])
    return np.concatenate(hops)


def _phase(hop):
    return TransportPhase(hop / 10 % 1, hop / 40 % 1, 120.0) if hop >= 20 else None


@pytest.mark.parametrize(("index", "hops"), [(0, 0), (1, 2), (2, 20)])
def test_hop_by_hop_equals_the_parallel_pass(checkpoint, mix, index, hops):
    player = Accompanist(checkpoint)
    player.condition(1, Asked(anticipation_hops=hops))
    streamed = _play(player, mix, hops, _phase)
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
            transport[0, hop] = torch.tensor([*_phase(hop).count(), 1.0])
        noise_BTC = torch.from_numpy(noise)[None]
        stem, _ = checkpoint.generator.play(latent, noise_BTC, transport, condition)
        whole = checkpoint.autoencoder.decoder(stem)[0, :, 0].numpy()
    assert np.abs(streamed - whole).max() < 1e-4 * np.abs(whole).max() + 1e-6


def test_same_seed_repeats_and_another_differs(checkpoint, mix):
    _, one = _take(checkpoint, mix, Asked())
    _, two = _take(checkpoint, mix, Asked())
    _, other = _take(checkpoint, mix, Asked(seed=8))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_a_reset_forgets_everything_and_lets_it_ring_out(checkpoint, mix):
    takes = []
    for past in (mix, mix[::-1].copy()):
        player, _ = _take(checkpoint, past, Asked())
        player.reset()
        takes.append(_in_step(player, mix, 20))
    rung_out = (OVERLAPS - 1) * player.overlap
    assert np.array_equal(takes[0][rung_out:], takes[1][rung_out:])
    assert not np.array_equal(takes[0][:rung_out], takes[1][:rung_out])


@pytest.mark.parametrize("hops", [0, 2])
def test_after_a_reset_it_answers_as_promptly_as_before(checkpoint, mix, hops):
    hop = 2400
    takes = []
    for heard in (mix[:hop], np.zeros(hop, np.float32)):
        player, _ = _take(checkpoint, mix, Asked(anticipation_hops=hops))
        player.reset()
        takes.append(_in_step(player, heard, 1))
    assert not np.array_equal(*takes), "the hop just heard counts in the next one played"


def test_restart_is_a_fresh_player(checkpoint, mix):
    player, first = _take(checkpoint, mix, Asked())
    player.restart()
    assert np.array_equal(_play(player, mix, 2), first)


def test_conditions_change_while_it_plays(checkpoint, mix):
    player, _ = _take(checkpoint, mix, Asked())
    same, _ = _take(checkpoint, mix, Asked())
    player.condition(1, Asked(stem="drums"))
    assert not np.array_equal(player.play(), same.play())


def test_the_transport_moves_what_is_played(checkpoint, mix):
    player, _ = _take(checkpoint, mix, Asked())
    same, _ = _take(checkpoint, mix, Asked())
    player.follow(_phase(60))
    assert not np.array_equal(player.play(), same.play())


def _in_step(player, mix, hops):
    """Return what it plays as it hears further hops, one for one."""
    played = []
    for start in range(0, hops * player.hop, player.hop):
        player.listen(mix[start : start + player.hop])
        played.append(player.play()[0])
    return np.concatenate(played)


def test_a_memory_brings_back_what_was_heard(checkpoint, mix):
    player, _ = _take(checkpoint, mix, Asked(noise=0.0))
    memory = player.state()
    first = _go_on(player, mix)
    assert not np.array_equal(_go_on(player, mix), first)
    player.restore(memory)
    assert np.array_equal(_go_on(player, mix), first)


def _go_on(player, mix):
    """Return the next second of the stem, with nothing ringing on from before."""
    player._speaking = player._decoder.init_state(1)
    return _in_step(player, mix, 20)


def test_a_memory_of_another_checkpoint_is_refused(checkpoint, mix):
    player = Accompanist(checkpoint)
    stranger = replace(player.state(), identity="b7")
    with pytest.raises(ConfigError, match="weights b7"):
        player.restore(stranger)


def test_a_memory_survives_being_taken_apart(checkpoint, mix):
    player, _ = _take(checkpoint, mix, Asked(noise=0.0))
    player.skip(2)
    player.listen(mix[:2400])
    memory = player.state()
    arrays = player.packed(memory)
    first = _go_on(player, mix)
    other = Accompanist(checkpoint)
    other.condition(1, Asked(noise=0.0))
    other.skip(7)
    _ = [other.play() for _ in range(Asked().anticipation_hops)]  # as far ahead as the first
    other.restore(other.unpacked(arrays))
    assert np.array_equal(_go_on(other, mix), first)
    with pytest.raises(ConfigError, match=r"lacks .*blocks\.0"):
        other.unpacked({name: each for name, each in arrays.items() if "blocks.0" not in name})
    with pytest.raises(ConfigError, match="lacks heard, known, players"):
        other.unpacked({})


def test_skipping_goes_on(checkpoint, mix):
    player, _ = _take(checkpoint, mix, Asked())
    player.skip(5)
    player.listen(mix[:2400])
    assert np.isfinite(player.play()).all()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(stem="kazoo"), "plays drums, bass"),
        (Asked(anticipation_hops=7), "known"),
        (Asked(groove="techno"), "knows any, polka, swing"),
    ],
)
def test_refuses_what_it_was_not_trained_for(checkpoint, asked, words):
    with pytest.raises(ConfigError, match=words):
        Accompanist(checkpoint).condition(1, asked)
