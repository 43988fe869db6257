"""The direction of the level: found from encoded stems, and what matching along it mends."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from model.training.distribution_distance import DistributionDistance
from model.training.level_direction import level_direction

CHANNELS = 6
TRUE_C = np.array([3.0, -2.0, 0.0, 0.0, 1.0, 0.0])


def _pairs(songs=5, hops=400, level_db=-30.0):
    random = np.random.default_rng(0)
    stems = [random.standard_normal((hops, CHANNELS)).astype(np.float16) for _ in range(songs)]
    return [
        SimpleNamespace(stem=stem, stem_db=(level_db + stem @ TRUE_C).astype(np.float16))
        for stem in stems
    ]


def test_projections_follow_the_level_with_deviation_1():
    direction_C = level_direction(_pairs())
    expected_C = TRUE_C / np.linalg.norm(TRUE_C)
    np.testing.assert_allclose(direction_C, expected_C, atol=0.04)
    stems_NC = torch.from_numpy(np.concatenate([pair.stem for pair in _pairs()])).float()
    assert float((stems_NC @ direction_C).std()) == pytest.approx(1.0, abs=0.02)


def test_silent_hops_say_nothing_of_the_direction():
    pairs = _pairs()
    for pair in pairs:
        pair.stem[::2], pair.stem_db[::2] = 9.0, -120.0
    direction_C = level_direction(pairs)
    cosine = direction_C @ torch.from_numpy(TRUE_C).float() / direction_C.norm()
    assert float(cosine) / np.linalg.norm(TRUE_C) > 0.99
    assert not level_direction(_pairs(level_db=-150.0)).any()


def test_channels_that_vary_apart_lack_the_loud_hops_and_the_level_tells():
    random = torch.Generator().manual_seed(0)
    both_BT1 = torch.randn(2, 4000, 1, generator=random)
    real_BTC = torch.cat([both_BT1, both_BT1], dim=-1)
    shuffled = both_BT1[:, torch.randperm(4000, generator=random)]
    made_BTC = torch.cat([both_BT1, shuffled], dim=-1)
    group_B, level_C = torch.zeros(2).long(), torch.tensor([0.5, 0.5])
    wide_C = torch.full((2,), 5.0)
    by_channel = DistributionDistance(1, -wide_C, wide_C, memory=8)
    assert by_channel(made_BTC, real_BTC, group_B) < 1e-3
    made, real = ((x @ level_C)[..., None] for x in (made_BTC, real_BTC))
    along = DistributionDistance(1, -wide_C[:1], wide_C[:1], memory=8)
    assert along(made, real, group_B) > 0.2
