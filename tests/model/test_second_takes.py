"""Second takes of one mix: batch, conditions, and the loss that drives them apart."""

from dataclasses import fields

import pytest
import torch

from model.data.batches import Batch
from model.networks.config import GeneratorConfig
from model.training.conditions import draw_condition
from model.training.second_takes import condition_alike, takes_loss, with_second_takes
from model.training.settings import LiveBandTraining

SIZE, HOPS, CHANNELS, TAKES = 8, 32, 5, 2
GENERATOR = GeneratorConfig(grooves=("pop", "rock", "waltz"))


@pytest.fixture
def batch():
    torch.manual_seed(0)
    tracks = {f.name: torch.randn(SIZE, HOPS, CHANNELS) for f in fields(Batch)}
    groove_B = torch.tensor([0, 1, 2, 3, 0, 0, 1, 2])
    whole = {"stem_B": torch.arange(SIZE) % 2, "groove_B": groove_B}
    return Batch(**{**tracks, **whole, "unheard_B": torch.zeros(SIZE)})


def test_second_takes_have_the_music_of_the_first(batch):
    twice = with_second_takes(batch, TAKES)
    for field in fields(Batch):
        before, after = getattr(batch, field.name), getattr(twice, field.name)
        assert torch.equal(after[:-TAKES], before[:-TAKES])
        assert torch.equal(after[-TAKES:], before[:TAKES])


def test_second_takes_have_the_conditions_of_the_first_and_another_seed(batch):
    twice = with_second_takes(batch, TAKES)
    condition = condition_alike(draw_condition(twice, LiveBandTraining(), GENERATOR), TAKES)
    for name in ("stem_B", "anticipation_B", "groove_B"):
        values = getattr(condition, name)
        assert torch.equal(values[-TAKES:], values[:TAKES])
    assert not torch.isclose(condition.seed_BC[-TAKES:], condition.seed_BC[:TAKES]).any()


def test_every_stream_has_a_definite_groove_and_known_ones_their_own(batch):
    torch.manual_seed(1)
    drawn = torch.stack(
        [draw_condition(batch, LiveBandTraining(), GENERATOR).groove_B for _ in range(50)]
    )
    known = batch.groove_B > 0
    assert (drawn[:, known] == batch.groove_B[known]).all()
    assert set(drawn[:, ~known].flatten().tolist()) == {1, 2, 3}


def test_equal_takes_cost_most_and_takes_apart_like_songs_nothing(batch):
    real_BTC = batch.stem_BTC

    def loss(second):
        made_BTC = torch.cat([real_BTC[:-TAKES], second])
        return takes_loss(made_BTC, real_BTC, batch.stem_B, TAKES, share=0.5)

    first, other = real_BTC[:TAKES], real_BTC[2 : 2 + TAKES]
    assert loss(first).item() == pytest.approx(1, abs=0.01)
    assert loss(other) == 0
    assert 0 < loss(first + 0.3 * (other - first)) < 1


def test_no_more_is_wanted_than_what_generated_songs_differ_by(batch):
    real_BTC = batch.stem_BTC
    made_BTC = torch.cat([0.1 * real_BTC[:-TAKES], 0.1 * real_BTC[2 : 2 + TAKES]])
    assert takes_loss(made_BTC, real_BTC, batch.stem_B, TAKES, share=0.5) == 0
    made_BTC[-TAKES:] = made_BTC[:TAKES]
    assert takes_loss(made_BTC, real_BTC, batch.stem_B, TAKES, share=0.5) > 0.9


def test_jitter_is_no_other_take(batch):
    slow_BTC = batch.stem_BTC.repeat_interleave(4, dim=1)
    sign_T = torch.tensor([1.0, -1.0]).repeat(slow_BTC.shape[1] // 2)
    made_BTC = torch.cat([slow_BTC[:-TAKES], slow_BTC[:TAKES] + 3 * sign_T[:, None]])
    loss = takes_loss(made_BTC, slow_BTC, batch.stem_B, TAKES, share=0.5)
    assert loss.item() == pytest.approx(1, abs=0.01)


def test_the_loss_drives_takes_apart(batch):
    made_BTC = batch.stem_BTC.clone()
    made_BTC[-TAKES:] = made_BTC[:TAKES] + 0.01
    made_BTC.requires_grad_()
    losses = []
    for _ in range(20):
        loss = takes_loss(made_BTC, batch.stem_BTC, batch.stem_B, TAKES, share=0.5)
        losses.append(loss.item())
        (slope,) = torch.autograd.grad(loss, made_BTC)
        made_BTC = (made_BTC - 20 * slope).detach().requires_grad_()
    assert losses[-1] < losses[0] - 0.1


def test_without_two_songs_of_a_class_nothing_is_wanted(batch):
    apart = takes_loss(batch.stem_BTC, batch.stem_BTC, torch.arange(SIZE), TAKES, share=0.5)
    assert apart == 0
