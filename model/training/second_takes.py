"""Second takes of one mix in a batch, and a loss that wants the two to differ."""

from __future__ import annotations

from dataclasses import fields, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.batches import Batch
from model.networks.generator import StreamCondition

__all__ = ["condition_alike", "first_again", "takes_loss", "with_second_takes"]

_SMOOTHED_HOPS = 4
"""Hops averaged before takes are compared: jitter does not count as another take."""
_FAINT = 1e-6
"""Mean square below which the slope of a root fades out."""


def with_second_takes(batch: Batch, takes: int) -> Batch:
    """Return the batch with its last items replaced by copies of the first ones.

    Args:
        batch: ``B`` items.
        takes: Number of items that occur twice, at most ``B / 2``.
    """
    names = [field.name for field in fields(batch)]
    return Batch(**{name: first_again(getattr(batch, name), takes) for name in names})


def condition_alike(condition: StreamCondition, takes: int) -> StreamCondition:
    """Return conditions in which second takes have those of the first, but the seed."""
    return replace(
        condition,
        anticipation_B=first_again(condition.anticipation_B, takes),
        groove_B=first_again(condition.groove_B, takes),
    )


def takes_loss(
    made_BTC: Tensor, real_BTC: Tensor, stem_B: Tensor, takes: int, *, share: float
) -> Tensor:
    """Return by how much second takes differ too little, 0..1.

    Takes may differ as they like from ``share`` of what two songs differ by; below that the
    loss rises to 1 where they are the same. Two songs are two true ones or two generated ones,
    whichever differ less: a network that hardly hears the mix yet must not be driven to play by
    the seed alone.

    Args:
        made_BTC: Generated stems; the last ``takes`` are second takes of the first.
        real_BTC: Real stems.
        stem_B: Class of each item; only songs of one class are compared.
        takes: Number of second takes.
        share: Wanted share of the mean square, above 0.

    Source:
        Outputs driven apart with their noise: Mao et al. 2019 (MSGAN), arXiv:1903.05628. The
        bound by real songs and the smoothing are ours.
    """
    first_NTC, second_NTC = _smooth(made_BTC[:takes]), _smooth(made_BTC[-takes:])
    real_NTC, stem_N = _smooth(real_BTC[:-takes]), stem_B[:-takes]
    made_NTC = _smooth(made_BTC[:-takes].detach())
    one_P, other_P = torch.nonzero((stem_N[:, None] == stem_N).triu(1), as_tuple=True)
    if not len(one_P):
        return made_BTC.new_zeros(())
    songs = torch.minimum(
        _apart(real_NTC[one_P], real_NTC[other_P]).mean(),
        _apart(made_NTC[one_P], made_NTC[other_P]).mean(),
    )
    takes_N = _apart(first_NTC, second_NTC)
    return F.relu(1 - takes_N / (share**0.5 * songs)).mean()


def first_again(x_B: Tensor, takes: int) -> Tensor:
    """Return items with the last ones replaced by the first ones."""
    return torch.cat([x_B[: len(x_B) - takes], x_B[:takes]])


def _apart(one_NTC: Tensor, other_NTC: Tensor) -> Tensor:
    """Return the root of the mean square: what is nearly the same has as steep a slope."""
    return ((one_NTC - other_NTC).square().mean((1, 2)) + _FAINT).sqrt()


def _smooth(stem_BTC: Tensor) -> Tensor:
    return F.avg_pool1d(stem_BTC.transpose(1, 2), _SMOOTHED_HOPS).transpose(1, 2)
