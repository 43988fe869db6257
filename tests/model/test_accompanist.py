"""The player on stage: same take, same sound; and equal to the parallel pass."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from model.accompanist import Accompanist
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
    noise: float = 1.0
    seed: int = 7


@pytest.fixture(scope="module")
def checkpoint():
    torch.manual_seed(3)
    codec = AutoencoderConfig(
        latent=6, encoder_inner=16, encoder_hop=24, decoder_hop=24, decoder_inner=16
    )
    band = GeneratorConfig(
        latent=6, channels=24, depth=2, heads=2, window=8, condition=8, stems=("drums", "bass")
    )
    generator = Generator(band)
    for parameter in generator.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return Checkpoint("small", Autoencoder(codec).eval(), generator.eval(), {})


@pytest.fixture(scope="module")
def mix():
    return 0.1 * np.random.default_rng(0).standard_normal(HOPS * 2400).astype(np.float32)


def _take(checkpoint, mix, asked):
    player = Accompanist(checkpoint)
    player.condition(asked)
    return player, _play(player, mix, asked.anticipation_hops)


def _play(player, mix, ahead):
    hops = [player.play() for _ in range(ahead + 1)]
    for start in range(0, len(mix), player.hop):
        player.listen(mix[start : start + player.hop])
        hops.append(player.play())
    return np.concatenate(hops)


@pytest.mark.parametrize(("index", "hops"), [(0, 0), (1, 2), (2, 20)])
def test_hop_by_hop_equals_the_parallel_pass(checkpoint, mix, index, hops):
    _, streamed = _take(checkpoint, mix, Asked(anticipation_hops=hops))
    config = checkpoint.generator.config
    total = HOPS + hops + 1
    noise = np.stack([hop_noise(7, k, config.noise) for k in range(total)])
    seed = torch.from_numpy(seed_noise(7, config.seed_noise))[None]
    with torch.no_grad():
        latent = checkpoint.autoencoder.encoder(torch.from_numpy(mix).view(1, -1, 1))
        latent = torch.cat([latent, torch.zeros(1, hops + 1, 6)], dim=1)
        condition = StreamCondition(torch.tensor([1]), torch.tensor([index]), seed)
        stem = checkpoint.generator.play(latent, torch.from_numpy(noise)[None], condition)
        whole = checkpoint.autoencoder.decoder(stem)[0, :, 0].numpy()
    assert np.abs(streamed - whole).max() < 1e-4 * np.abs(whole).max() + 1e-6


def test_same_seed_repeats_and_another_differs(checkpoint, mix):
    _, one = _take(checkpoint, mix, Asked())
    _, two = _take(checkpoint, mix, Asked())
    _, other = _take(checkpoint, mix, Asked(seed=8))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_reset_begins_the_take_anew(checkpoint, mix):
    player, first = _take(checkpoint, mix, Asked())
    player.reset()
    again = _play(player, mix, 2)
    rung_out = (OVERLAPS - 1) * player.overlap
    assert np.array_equal(again[rung_out:], first[rung_out:])
    assert not np.array_equal(again[:rung_out], first[:rung_out])


def test_restart_is_a_fresh_player(checkpoint, mix):
    player, first = _take(checkpoint, mix, Asked())
    player.restart()
    assert np.array_equal(_play(player, mix, 2), first)


def test_conditions_change_while_it_plays(checkpoint, mix):
    player, _ = _take(checkpoint, mix, Asked())
    same, _ = _take(checkpoint, mix, Asked())
    player.condition(Asked(stem="drums"))
    assert not np.array_equal(player.play(), same.play())


def test_skipping_goes_on(checkpoint, mix):
    player, _ = _take(checkpoint, mix, Asked())
    player.skip(5)
    player.listen(mix[:2400])
    assert np.isfinite(player.play()).all()


@pytest.mark.parametrize(
    ("asked", "words"),
    [(Asked(stem="kazoo"), "plays drums, bass"), (Asked(anticipation_hops=7), "known")],
)
def test_refuses_what_it_was_not_trained_for(checkpoint, asked, words):
    with pytest.raises(ConfigError, match=words):
        Accompanist(checkpoint).condition(asked)
