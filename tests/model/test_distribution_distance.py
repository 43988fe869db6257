"""The distance of distributions, where its value and its slope are known beforehand."""

import pytest
import torch

from model.training.adversarial_losses import channel_weights
from model.training.distribution_distance import DistributionDistance

ONE = torch.zeros(1).long()


def distance(channels=1, groups=1, *, reach=6.0, memory=8.0):
    ends_C = torch.full((channels,), reach)
    weight_C = channel_weights(ends_C)
    return DistributionDistance(groups, -ends_C, ends_C, weight_C, memory=memory)


def noise(*sizes, seed=0):
    return torch.randn(*sizes, generator=torch.Generator().manual_seed(seed))


def test_same_values_in_any_order_are_at_no_distance():
    real = noise(3, 40, 5)
    assert distance(5)(real[:, torch.randperm(40)], real, torch.zeros(3).long()) < 0.02


def test_every_channel_counts_as_far_as_it_is_moved():
    real = noise(4, 200, 3)
    weight = torch.tensor([1.0, 2.0, 3.0]).rsqrt()
    for channel in range(3):
        moved = real.clone()
        moved[..., channel] += 0.5
        expected = 0.5 * weight[channel] / weight.sum()
        found = distance(3)(moved, real, torch.zeros(4).long())
        assert found.item() == pytest.approx(expected.item(), rel=0.03)


def test_groups_are_compared_apart():
    real = noise(2, 400, 5)
    made = real + torch.tensor([-1.0, 1.0])[:, None, None]
    apart = distance(5, groups=2)(made, real, torch.tensor([0, 1]))
    together = distance(5)(made, real, torch.tensor([0, 0]))
    assert apart.item() == pytest.approx(1, abs=0.02)
    assert together < 0.7 * apart


def test_every_value_is_pulled_to_its_rank():
    made = torch.tensor([[[3.0], [1.0]]], requires_grad=True)
    distance()(made, torch.tensor([[[0.0], [2.0]]]), ONE).backward()
    assert made.grad.flatten().tolist() == [0.5, 0.5]


@pytest.mark.parametrize("outside", [-50.0, 50.0])
def test_values_beyond_all_real_ones_are_pulled_back(outside):
    made = torch.tensor([[[outside], [0.0]]], requires_grad=True)
    distance()(made, noise(1, 2, 1), ONE).backward()
    assert made.grad[0, 0, 0].sign() == (1 if outside > 0 else -1)


def test_a_channel_that_never_changes_is_at_no_distance():
    same = torch.full((1, 4, 1), 2.0)
    ends_C = torch.tensor([2.0])
    assert (
        DistributionDistance(1, ends_C, ends_C, torch.ones(1), memory=8)(same, same, ONE) < 1e-3
    )


def _trained_spread(memory):
    """Spread of the levels learnt for songs whose levels cannot be foretold, true spread 2."""
    random = torch.Generator().manual_seed(0)
    spread = torch.tensor(1.0, requires_grad=True)
    steps = torch.optim.Adam([spread], lr=0.02)
    match = distance(reach=12.0, memory=memory)
    late = []
    for step in range(400):
        made = spread * torch.randn(1, 1, 1, generator=random)
        real = 2 * torch.randn(1, 1, 1, generator=random)
        hops = torch.randn(2, 1, 16, 1, generator=random)
        steps.zero_grad()
        match(made + 0.3 * hops[0], real + 0.3 * hops[1], ONE).backward()
        steps.step()
        if step >= 200:
            late.append(spread.item())
    return sum(late) / len(late)


def test_what_cannot_be_foretold_varies_as_much_as_real_songs_do_and_is_not_averaged():
    assert _trained_spread(memory=64) == pytest.approx(2, abs=0.35)
    assert _trained_spread(memory=1.001) < 1


def test_what_was_heard_long_ago_fades():
    match = distance(memory=4)
    near, far = noise(1, 50, 1), noise(1, 50, 1) + 3
    match(near, near, ONE)
    before = match(near, far, ONE)
    for _ in range(40):
        last = match(near, far, ONE)
    assert before < 2
    assert last.item() == pytest.approx(3, abs=0.1)
