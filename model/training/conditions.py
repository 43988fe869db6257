"""Random conditions of a batch's streams: anticipation, groove, seed, and the beat told."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from model.annotation import COUNT
from model.data.batches import Batch
from model.generator import StreamCondition

__all__ = ["ConditionShares", "draw_condition", "told_beat"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ConditionShares:
    """How often each condition is practised."""

    anticipations: tuple[float, ...] = (0.2, 0.5, 0.3)
    """Share of each anticipation, in the order of the generator's."""
    groove: float = 0.5
    """Share of sequences that are told their groove label."""
    tracked: float = 0.65
    """Share of sequences told what the beat tracker said of their mix, errors included."""
    true: float = 0.1
    """Share of sequences told the true beat; the others are told none."""


def draw_condition(batch: Batch, shares: ConditionShares, seed_noise: int) -> StreamCondition:
    """Draw what every stream of a batch is asked to be.

    Args:
        batch: Gives stem classes and groove labels.
        shares: How often each condition is practised.
        seed_noise: Channels of the stream-constant noise.
    """
    size, device = len(batch.stem_B), batch.stem_B.device
    anticipation_B = torch.multinomial(
        torch.tensor(shares.anticipations), size, replacement=True
    )
    labelled_B = (torch.rand(size) < shares.groove).long().to(device)
    seed_BC = torch.randn(size, seed_noise).to(device)
    return StreamCondition(
        batch.stem_B, anticipation_B.to(device), batch.groove_B * labelled_B, seed_BC
    )


def told_beat(
    batch: Batch, condition: StreamCondition, shares: ConditionShares, *, confidence: bool
) -> Tensor:
    """Return the beat every stream is told: the tracker's, the true one, or none.

    Args:
        batch: What the tracker said, by anticipation, and the truth.
        condition: Gives the anticipation of each stream.
        shares: How often each is told.
        confidence: Whether the generator reads how sure the tracker is. One that does not is
            told a beat as certain where the tracker is more sure than not, and none elsewhere.

    Returns:
        ``(B, T, COUNT + 1)``; the last channel says how sure the beat is, 0..1.
    """
    size, device = len(batch.stem_B), batch.stem_B.device
    rows_B = torch.arange(size, device=device)
    tracked_BTC = batch.tracked_BATC[rows_B, condition.anticipation_B]
    if not confidence:
        sure_BT1 = (tracked_BTC[..., COUNT:] > 0.5).to(tracked_BTC.dtype)
        tracked_BTC = torch.cat([tracked_BTC[..., :COUNT] * sure_BT1, sure_BT1], dim=-1)
    true_BTC = batch.annotation_BTC[..., : COUNT + 1]
    draw_B11 = torch.rand(size).to(device)[:, None, None]
    told_BTC = torch.where(draw_B11 < shares.tracked, tracked_BTC, true_BTC)
    return told_BTC * (draw_B11 < shares.tracked + shares.true)
