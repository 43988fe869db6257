"""Random conditions of a training batch: anticipation, groove, seed, beginning, beat."""

from __future__ import annotations

import torch
from torch import Tensor

from model.data.batches import Batch
from model.networks.annotation import COUNT, TRUSTED_FROM
from model.networks.config import GeneratorConfig
from model.networks.generator import StreamCondition
from model.training.cold_start import begun_anew
from model.training.settings import SequenceSettings

__all__ = ["draw_beat", "draw_cold", "draw_condition"]


def draw_condition(
    batch: Batch, shares: SequenceSettings, config: GeneratorConfig
) -> StreamCondition:
    """Draw the condition of every stream of a batch.

    A stream whose groove is unknown is given one at random: with no label for half of them, as
    was once done, a network learns to play the average of all styles.

    Args:
        batch: Gives stem classes and groove labels.
        shares: How often each condition occurs.
        config: Gives the number of grooves and the channels of the stream-constant noise.
    """
    size, device = len(batch.stem_B), batch.stem_B.device
    anticipation_B = torch.multinomial(
        torch.tensor(shares.anticipation_shares), size, replacement=True
    )
    labelled_B = (torch.rand(size) < shares.groove_share).long().to(device)
    seed_BC = torch.randn(size, config.seed_noise).to(device)
    groove_B = batch.groove_B
    if config.grooves:
        any_B = torch.randint(1, 1 + len(config.grooves), (size,)).to(device)
        groove_B = torch.where(groove_B > 0, groove_B, any_B)
    return StreamCondition(
        batch.stem_B, anticipation_B.to(device), groove_B * labelled_B, seed_BC
    )


def draw_cold(batch: Batch, shares: SequenceSettings) -> Tensor:
    """Draw which streams are takes that begin where they begin, bool ``(B,)``."""
    drawn_B = torch.rand(len(batch.stem_B)) < shares.cold_share
    return drawn_B.to(batch.stem_B.device)


def draw_beat(
    batch: Batch,
    condition: StreamCondition,
    shares: SequenceSettings,
    config: GeneratorConfig,
    cold_B: Tensor,
) -> Tensor:
    """Draw the beat input of every stream: the tracker's beat, the true one, or none.

    Args:
        batch: Gives the tracker's beat by anticipation, and the true one.
        condition: Gives the anticipation of each stream.
        shares: How often each of them is given.
        config: Gives the anticipations, and whether the generator reads how far the tracker's
            beat is to be trusted, see :data:`~model.networks.annotation.TRUSTED_FROM`.
            Otherwise a beat is given as certain where the confidence is above 0.5, and none
            elsewhere.
        cold_B: Whether each stream is a take that begins there, bool.

    Returns:
        ``(B, T, COUNT + 1)``; the last channel says how far the beat is to be trusted, 0..1.
    """
    size, device = len(batch.stem_B), batch.stem_B.device
    rows_B = torch.arange(size, device=device)
    tracked_BTC = batch.tracked_BATC[rows_B, condition.anticipation_B]
    late_B = 1 + torch.tensor(config.anticipations).to(device)[condition.anticipation_B]
    cold_B11 = cold_B[:, None, None]
    tracked_BTC = torch.where(cold_B11, begun_anew(tracked_BTC, late_B), tracked_BTC)
    count_BTC, confidence_BT1 = tracked_BTC.tensor_split([COUNT], dim=-1)
    if config.confidence:
        trust_BT1 = (confidence_BT1 / TRUSTED_FROM).clamp(max=1)
        tracked_BTC = torch.cat([count_BTC, trust_BT1], dim=-1)
    else:
        sure_BT1 = (confidence_BT1 > 0.5).to(tracked_BTC.dtype)
        tracked_BTC = torch.cat([count_BTC * sure_BT1, sure_BT1], dim=-1)
    true_BTC = batch.annotation_BTC[..., : COUNT + 1]
    draw_B11 = torch.rand(size).to(device)[:, None, None]
    beat_BTC = torch.where(draw_B11 < shares.tracked_share, tracked_BTC, true_BTC)
    return beat_BTC * (draw_B11 < shares.tracked_share + shares.true_share)
