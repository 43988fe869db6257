"""Losses of the context network's predictions of count, chord, onset and mix."""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.batches import Batch
from model.networks.annotation import ANNOTATION, COUNT
from model.networks.generator import Prediction

__all__ = ["PredictionLosses", "prediction_losses"]


@dataclass(frozen=True, slots=True)
class PredictionLosses:
    """Errors of a prediction, each averaged over the hops whose truth is known."""

    count: Tensor
    """Squared error of the count; 0.5 per channel means that the phase is unknown."""
    chord: Tensor
    """Cross entropy of the chord's flags, nats."""
    onset: Tensor
    """Cross entropy of the mix's onsets, nats."""
    mix: Tensor
    """Huber distance of the mix latent."""

    @property
    def total(self) -> Tensor:
        """Weighted sum that is minimised."""
        return self.count + self.chord + 0.5 * self.onset + 0.5 * self.mix

    def metrics(self) -> dict[str, Tensor]:
        """Return the losses for the log, detached; logs name them ``belief_...``."""
        names = [field.name for field in fields(self)]
        return {f"belief_{name}": getattr(self, name).detach() for name in names}


def prediction_losses(prediction: Prediction, batch: Batch) -> PredictionLosses:
    """Compare the prediction of each hop with the truth.

    Args:
        prediction: Output of the context network, made from the past only.
        batch: The truth. Hops without annotation do not count towards count and chord.
    """
    count_BTC, counted, chord_BTC, charted = batch.annotation_BTC.tensor_split(
        [COUNT, COUNT + 1, ANNOTATION - 1], dim=-1
    )
    return PredictionLosses(
        count=_known_mean((prediction.count_BTC.float() - count_BTC).square(), counted),
        chord=_known_mean(_cross_entropy(prediction.chord_BTC, chord_BTC), charted),
        onset=_cross_entropy(prediction.onset_BTC, batch.onset_BTC).mean(),
        mix=F.huber_loss(prediction.mix_BTC.float(), batch.mix_BTC),
    )


def _cross_entropy(logits: Tensor, truth: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits.float(), truth, reduction="none")


def _known_mean(loss_BTC: Tensor, known_BTC: Tensor) -> Tensor:
    per_hop = loss_BTC.mean(-1, keepdim=True)
    mean: Tensor = (per_hop * known_BTC).sum() / torch.clamp(known_BTC.sum(), min=1)
    return mean
