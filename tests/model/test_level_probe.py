"""The level probe: it hears what a decoder makes of latents, blends of them too."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from model.training.distribution_distance import DistributionDistance
from model.training.level_probe import BANDS, LEVELS, LevelProbe, fit_level_probe

CHANNELS, HOP = 6, 2400


class Siren(nn.Module):
    """Decoder whose tone grows with the first channel, above a threshold: half is not heard."""

    def forward(self, stem_BTC):
        level_db = torch.where(stem_BTC[..., 0] > 0.6, -40 + 20 * stem_BTC[..., 0], -150)
        wave = torch.sin(torch.arange(HOP) * (2 * torch.pi * 1000 / 48000))
        return (10 ** (level_db / 20)[..., None] * wave).flatten(1)[..., None]


CODEC = SimpleNamespace(decoder=Siren())


def _pairs(songs=6, hops=200):
    random = np.random.default_rng(0)
    pairs = []
    for _ in range(songs):
        stem = random.standard_normal((hops, CHANNELS)).astype(np.float16)
        stem[:, 0] = random.integers(0, 2, hops) * (1 + 0.2 * stem[:, 0])
        pairs.append(SimpleNamespace(stem=stem, stem_db=np.full(hops, -25.0, np.float16)))
    return pairs


@pytest.fixture(scope="module")
def probe():
    return fit_level_probe(CODEC, _pairs(), stretches=40, steps=500)


@pytest.mark.parametrize("first", [0.0, 0.3, 1.0, 1.1])
def test_it_tells_the_level_of_what_is_decoded(probe, first):
    stem_BTC = torch.randn(4, 20, CHANNELS, generator=torch.Generator().manual_seed(1))
    stem_BTC[..., 0] = first
    told_db = 10 * probe(stem_BTC)[..., 0].mean().item()
    if first > 0.6:
        assert told_db == pytest.approx(-43 + 20 * first, abs=4)
    else:
        assert told_db < -58


def test_the_level_of_a_hop_is_told_from_nothing_later(probe):
    stem_BTC = torch.randn(1, 20, CHANNELS)
    changed_BTC = stem_BTC.clone()
    changed_BTC[:, 10:] += 1
    same = probe(stem_BTC)[:, :10] == probe(changed_BTC)[:, :10]
    assert same.all()


def test_it_is_the_same_each_time_and_leaves_the_random_numbers_alone(probe):
    torch.manual_seed(3)
    again = fit_level_probe(CODEC, _pairs(), stretches=40, steps=500)
    drawn = torch.rand(1)
    torch.manual_seed(3)
    assert torch.equal(drawn, torch.rand(1))
    for name, value in probe.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name
    assert not any(weight.requires_grad for weight in probe.parameters())


def test_stems_half_way_between_sound_and_silence_are_told_from_both(probe):
    """Their channels lie within those of real stems; what is decoded does not."""
    sounds_BT = torch.randint(0, 2, (2, 400), generator=torch.Generator().manual_seed(0))
    real_BTC = torch.zeros(2, 400, CHANNELS)
    real_BTC[..., 0] = sounds_BT.float()
    made_BTC = torch.zeros_like(real_BTC)
    made_BTC[..., 0] = 0.5
    low_1, high_1 = (torch.tensor([end]) for end in LEVELS)
    along = DistributionDistance(1, low_1, high_1, torch.ones(1), memory=8)
    made_BTC.requires_grad_()
    distance = along(probe(made_BTC)[..., :1], probe(real_BTC)[..., :1], torch.zeros(2).long())
    distance.backward()
    assert distance > 1
    assert made_BTC.grad[..., 0].abs().sum() > 0


def test_levels_are_told_of_stems_of_any_length():
    assert LevelProbe(CHANNELS)(torch.zeros(2, 1, CHANNELS)).shape == (2, 1, 1 + BANDS)
