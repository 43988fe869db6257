"""Figures that show a player going deaf or running out of ideas."""

import pytest
import torch

from model.data.batches import Batch
from model.networks.annotation import ANNOTATION, COUNT
from model.training.seed_reader import SeedReader, seed_loss
from model.training.variety import groove_entropy, jitter, variety

BARS = 4
HOPS = 16 * BARS


def annotated(streams: int) -> torch.Tensor:
    """Bars of 16 hops, one place each."""
    angle = 2 * torch.pi * (torch.arange(HOPS) % 16 + 0.5) / 16
    annotation = torch.zeros(streams, HOPS, ANNOTATION)
    annotation[..., 2], annotation[..., 3] = angle.sin(), angle.cos()
    annotation[..., COUNT] = 1
    return annotation


def grooves(*patterns: str) -> torch.Tensor:
    """One bar per pattern, repeated; ``x`` plays."""
    bars = [torch.tensor([float(sign == "x") for sign in pattern]) for pattern in patterns]
    return torch.stack(bars).repeat(1, BARS)[..., None]


def test_all_alike_have_no_entropy() -> None:
    stems = grooves("x...x...x...x...", "x...x...x...x...")
    assert groove_entropy(stems, annotated(2)) == pytest.approx(0)


def test_opposites_have_one_bit_a_place() -> None:
    stems = grooves("x.x.x.x.x.x.x.x.", ".x.x.x.x.x.x.x.x")
    assert groove_entropy(stems, annotated(2)) == pytest.approx(1)


def test_uncounted_streams_do_not_matter() -> None:
    stems = grooves("x...x...x...x...", "x...x...x...x...", ".x.x.x.x.x.x.x.x")
    annotation = annotated(3)
    annotation[2] = 0
    assert groove_entropy(stems, annotation) == pytest.approx(0)


def test_gains_tell_noise_from_mix() -> None:
    mix, other = torch.zeros(4, HOPS, 2), torch.ones(4, HOPS, 2)
    stem = torch.randn(4, HOPS, 2, generator=torch.Generator().manual_seed(0))
    zeros = torch.zeros(4)
    batch = Batch(
        mix_BTC=mix,
        annotation_BTC=annotated(4),
        tracked_BATC=zeros,
        onset_BTC=zeros,
        stem_BTC=stem,
        other_mix_BTC=other,
        other_annotation_BTC=annotated(4),
        unheard_B=zeros,
        stem_B=zeros.long(),
        groove_B=zeros.long(),
    )

    def deaf_take(heard, seed):
        noise = torch.Generator().manual_seed(seed)
        return torch.randn(heard.mix_BTC.shape, generator=noise)

    deaf = variety(deaf_take, batch)
    strict = variety(lambda heard, _: heard.mix_BTC, batch)
    assert deaf["noise_gain"] == pytest.approx(1, abs=0.2)
    assert deaf["condition_gain"] == pytest.approx(0)
    assert strict["noise_gain"] == 0
    assert strict["condition_gain"] == pytest.approx(0.5, abs=0.1)
    assert deaf["song_gain"] == pytest.approx(1, abs=0.2)


def test_jitter_is_one_where_latents_change_as_much() -> None:
    real = torch.randn(4, HOPS, 12, generator=torch.Generator().manual_seed(0)).cumsum(1)
    assert jitter(real.flip(0), real) == pytest.approx(1)
    assert jitter(2 * real, real) == pytest.approx(2)
    loud = real.clone()
    loud[..., 8:] *= 10
    assert jitter(loud, real) == pytest.approx(1)


def test_a_seed_can_be_read_from_what_it_moves_only() -> None:
    torch.manual_seed(0)
    reader = SeedReader(4, 2)
    optimiser = torch.optim.Adam(reader.parameters(), lr=1e-2)
    losses = {}
    for moved in (0.0, 2.0):
        for _ in range(120):
            seed = torch.randn(16, 2)
            stem = torch.randn(16, 32, 4)
            stem[:, :, :2] += moved * seed[:, None]
            loss = seed_loss(reader, stem, seed)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        losses[moved] = loss.item()
    assert losses[0.0] > 0.7
    assert losses[2.0] < 0.4
