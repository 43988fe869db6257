"""Distances and scores that training descends, where their value is known beforehand."""

import math

import pytest
import torch

from model.networks.losses import SpectralDistance, relativistic

RATE = 48_000


@pytest.fixture
def noise_BT() -> torch.Tensor:
    return 0.1 * torch.randn(2, RATE // 2, generator=torch.Generator().manual_seed(3))


def test_energy_distance_is_the_difference_of_levels(noise_BT: torch.Tensor) -> None:
    halved = SpectralDistance(RATE)(0.5 * noise_BT, noise_BT)
    assert halved.energy == pytest.approx(math.log(2), rel=1e-3)


def test_energy_distance_forgives_what_noise_looks_like(noise_BT: torch.Tensor) -> None:
    other = 0.1 * torch.randn(noise_BT.shape, generator=torch.Generator().manual_seed(4))
    distances = SpectralDistance(RATE)(other, noise_BT)
    assert distances.energy < 0.3 * distances.mel


def test_relativistic_loss_falls_as_the_better_pulls_ahead() -> None:
    even = relativistic(torch.zeros(2), torch.zeros(2))
    ahead = relativistic(torch.full((2,), 3.0), torch.zeros(2))
    assert even == pytest.approx(math.log(2))
    assert ahead < 0.1 * even


def test_sampled_resolutions_expect_the_distance_of_all(noise_BT: torch.Tensor) -> None:
    other = 0.1 * torch.randn(noise_BT.shape, generator=torch.Generator().manual_seed(5))
    distance = SpectralDistance(RATE)
    torch.manual_seed(0)
    drawn = [distance(other, noise_BT, sampled=2) for _ in range(60)]
    assert len({round(float(each.mel), 5) for each in drawn}) == 6, "two of four: six pairs"
    whole = distance(other, noise_BT)
    for name in ("mel", "linear"):
        mean = sum(float(getattr(each, name)) for each in drawn) / len(drawn)
        assert mean == pytest.approx(float(getattr(whole, name)), rel=0.1)
    assert drawn[0].energy == pytest.approx(float(whole.energy))
