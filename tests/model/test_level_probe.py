"""The level probe: it hears what a decoder makes of latents, blends of them too."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from model.layers.spectrum import mel_filters
from model.networks.level_probe import BANDS, LEVELS, PART_BANDS, PARTS, TOLD, LevelProbe
from model.training.distribution_distance import DistributionDistance
from model.training.latent_distributions import LatentDistributions
from model.training.level_fit import fit_level_probe

CHANNELS, HOP = 6, 2400
LOW_HZ, HIGH_HZ = 1000, 4000


class Siren(nn.Module):
    """Decoder whose tone grows with the first channel, above a threshold: half is not heard.

    The tone is high where the second channel is above 0, else low. Where the third is above 1
    it begins half way through the hop.
    """

    def forward(self, stem_BTC):
        level_db = torch.where(stem_BTC[..., 0] > 0.6, -40 + 20 * stem_BTC[..., 0], -150)
        hz = torch.where(stem_BTC[..., 1] > 0, HIGH_HZ, LOW_HZ)
        wave = torch.sin(torch.arange(HOP) * (2 * torch.pi * hz[..., None] / 48000))
        late = (stem_BTC[..., 2:3] > 1) & (torch.arange(HOP) < HOP // 2)
        return (10 ** (level_db / 20)[..., None] * wave * ~late).flatten(1)[..., None]


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
    return fit_level_probe(CODEC, _pairs(), stretches=80, steps=900)


@pytest.mark.parametrize("first", [0.0, 0.3, 1.0, 1.1])
def test_it_tells_the_level_of_what_is_decoded(probe, first):
    stem_BTC = torch.randn(4, 20, CHANNELS, generator=torch.Generator().manual_seed(1))
    stem_BTC[..., 0] = first
    told_db = 10 * probe(stem_BTC)[..., 0].mean().item()
    if first > 0.6:
        assert told_db == pytest.approx(-43 + 20 * first, abs=4)
    else:
        assert told_db < -58


@pytest.mark.parametrize(("second", "hz"), [(-1.0, LOW_HZ), (1.0, HIGH_HZ)])
def test_it_tells_the_band_that_sounds(probe, second, hz):
    stem_BTC = torch.randn(4, 20, CHANNELS, generator=torch.Generator().manual_seed(1))
    stem_BTC[..., :2] = torch.tensor([1.0, second])
    band_M = probe(stem_BTC)[..., 1 : 1 + BANDS].mean((0, 1))
    filters_FM = mel_filters(48000, HOP, BANDS)
    assert band_M.argmax() == filters_FM[hz * HOP // 48000].argmax()
    assert 10 * band_M.max().item() == pytest.approx(-19, abs=8)


def test_it_tells_in_which_part_of_a_hop_a_tone_begins(probe):
    stem_BTC = torch.randn(4, 20, CHANNELS, generator=torch.Generator().manual_seed(1))
    stem_BTC[..., :2] = 1
    stem_BTC[..., 2] = torch.tensor([-1.0, 2.0])[:, None].repeat(2, 1)
    part_BTPM = probe(stem_BTC)[..., 1 + BANDS :].unflatten(-1, (PARTS, PART_BANDS))
    loudest_BP = 10 * part_BTPM.amax(-1).mean(1)
    at_once_P, late_P = loudest_BP.unflatten(0, (2, 2)).mean(0)
    assert at_once_P.amax() - at_once_P.amin() < 6
    assert late_P[2:].amin() - late_P[:2].amax() > 20


def test_stems_as_loud_as_others_and_duller_are_told_from_them(probe):
    """Each channel's values may be those of real stems while all are of one timbre."""
    real_BTC = torch.zeros(2, 400, CHANNELS)
    real_BTC[..., 0] = 1
    real_BTC[..., 1] = torch.tensor([-1.0, 1.0])[:, None]
    made_BTC = real_BTC.clone()
    made_BTC[..., 1] = -1
    made_BTC.requires_grad_()
    ends_C = torch.full((CHANNELS,), 4.0)
    found = LatentDistributions(1, 1, -ends_C, ends_C, probe)(
        made_BTC, real_BTC, torch.zeros(2).long(), torch.zeros(2).long()
    )
    assert found.bands > 5 * found.level
    found.bands.backward()
    assert made_BTC.grad[..., 1].abs().sum() > 0


def test_the_level_of_a_hop_is_told_from_nothing_later(probe):
    stem_BTC = torch.randn(1, 20, CHANNELS)
    changed_BTC = stem_BTC.clone()
    changed_BTC[:, 10:] += 1
    same = probe(stem_BTC)[:, :10] == probe(changed_BTC)[:, :10]
    assert same.all()


def test_it_is_the_same_each_time_and_leaves_the_random_numbers_alone():
    one, again = (_fitted_and_drawn(seed) for seed in (1, 2))
    assert not any(weight.requires_grad for weight in one.parameters())
    for name, value in one.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name


def _fitted_and_drawn(seed):
    torch.manual_seed(seed)
    probe = fit_level_probe(CODEC, _pairs(), stretches=10, steps=20)
    drawn = torch.rand(1)
    torch.manual_seed(seed)
    assert torch.equal(drawn, torch.rand(1))
    return probe


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
    assert LevelProbe(CHANNELS)(torch.zeros(2, 1, CHANNELS)).shape == (2, 1, TOLD)
