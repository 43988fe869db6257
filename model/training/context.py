"""Losses of the context network's predictions: the mix, the beat, the chord, the onset."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from model.annotation import ANNOTATION, COUNT
from model.data.batches import Batch
from model.generator import Prediction

__all__ = ["BeliefLosses", "belief_losses"]


@dataclass(frozen=True, slots=True)
class BeliefLosses:
    """How wrong a belief was, each averaged over what is known."""

    count: Tensor
    """Squared error of the count; 0.5 a channel means no idea of the phase."""
    chord: Tensor
    """Cross entropy of the chord's flags, nats."""
    onset: Tensor
    """Cross entropy of the mix's onsets, nats."""
    mix: Tensor
    """Huber distance of the mix latent expected."""

    @property
    def total(self) -> Tensor:
        """What training descends."""
        return self.count + self.chord + 0.5 * self.onset + 0.5 * self.mix

    def figures(self) -> dict[str, Tensor]:
        """Return them for the log."""
        return {f"belief_{name}": getattr(self, name).detach() for name in self.__slots__}


def belief_losses(belief: Prediction, batch: Batch) -> BeliefLosses:
    """Compare what was believed of each hop with what came.

    Args:
        belief: What the context network said, knowing the past only.
        batch: What came. Hops without an annotation do not count towards count and chord.
    """
    count_BTC, counted, chord_BTC, charted = batch.annotation_BTC.tensor_split(
        [COUNT, COUNT + 1, ANNOTATION - 1], dim=-1
    )
    return BeliefLosses(
        count=_known_mean((belief.count_BTC.float() - count_BTC).square(), counted),
        chord=_known_mean(_cross_entropy(belief.chord_BTC, chord_BTC), charted),
        onset=_cross_entropy(belief.onset_BTC, batch.onset_BTC).mean(),
        mix=F.huber_loss(belief.mix_BTC.float(), batch.mix_BTC),
    )


def _cross_entropy(logits: Tensor, truth: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits.float(), truth, reduction="none")


def _known_mean(loss_BTC: Tensor, known_BTC: Tensor) -> Tensor:
    per_hop = loss_BTC.mean(-1, keepdim=True)
    mean: Tensor = (per_hop * known_BTC).sum() / torch.clamp(known_BTC.sum(), min=1)
    return mean
