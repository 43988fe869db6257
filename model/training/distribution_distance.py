"""Distance of generated values' distributions from those of real ones, over many batches."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["DistributionDistance"]

_BINS = 512
_ENDS = 1e-5
"""Ranks are kept this far from 0 and 1, so that each lies within a bin that holds something."""

_NARROWEST = 1e-6
"""Width of a bin where all real values are the same."""


class DistributionDistance(nn.Module):
    """Wasserstein-1 distance of every channel's values, group by group, which remembers.

    Generated and real values are counted in bins, and older items fade. Each value of a batch
    is asked to move to the real value of its own rank. Without a memory the ranks would be
    those of the one or two items that a batch has of a group, and the best for a network that
    cannot foretell how loud a stem is, or how bright, is then the median: stems became alike.

    Streams that are hard to predict, such as those of a long anticipation or of drums, would
    become silent, and the others louder to compensate, if all were one group.

    Args:
        groups: Number of groups.
        low_C: Smallest real value of each channel, ``(C,)``.
        high_C: Largest one.
        weight_C: Weight of each channel, of sum 1.
        memory: Items of a group after which older ones have faded to 1/e.

    Source:
        Sliced Wasserstein distance along fixed directions: Deshpande et al. 2018,
        arXiv:1803.11188. Groups, weights and the memory are ours.
    """

    made_GCK: Tensor
    real_GCK: Tensor
    low_C: Tensor
    width_C: Tensor
    weight_C: Tensor

    def __init__(
        self, groups: int, low_C: Tensor, high_C: Tensor, weight_C: Tensor, *, memory: float
    ) -> None:
        super().__init__()
        self._keep = 1 - 1 / memory
        counts_GCK = torch.zeros(groups, len(low_C), _BINS)
        self.register_buffer("made_GCK", counts_GCK)
        self.register_buffer("real_GCK", counts_GCK.clone())
        self.register_buffer("low_C", low_C.float())
        width_C = (high_C - low_C).float() / _BINS
        self.register_buffer("width_C", width_C.clamp(min=_NARROWEST))
        self.register_buffer("weight_C", weight_C.float(), persistent=False)

    def forward(self, made_BNC: Tensor, real_BNC: Tensor, group_B: Tensor) -> Tensor:
        """Return the distance of a batch, which is remembered.

        Args:
            made_BNC: Generated values.
            real_BNC: Real values.
            group_B: Group of each item, int64 ``(B,)``.

        Returns:
            Mean over items and values, weighted by channel, of how far a generated value is
            from the real one of its rank; 0 where, over what is remembered, the distributions
            are the same.
        """
        place_BNC = self._places(made_BNC.detach())
        self._remember(self.made_GCK, place_BNC, group_B)
        self._remember(self.real_GCK, self._places(real_BNC), group_B)
        wanted_BNC = self._wanted(place_BNC, group_B)
        return (made_BNC - wanted_BNC).abs().mean((0, 1)) @ self.weight_C

    def counts(self) -> Iterator[Tensor]:
        """Return what is remembered; averaged over processes, it is what all have met."""
        yield self.made_GCK
        yield self.real_GCK

    def _places(self, x_BNC: Tensor) -> Tensor:
        """Return positions of values on the scale of bins, 0 .. bins."""
        return ((x_BNC - self.low_C) / self.width_C).clamp(0, _BINS - 1e-3)

    def _remember(self, counts_GCK: Tensor, place_BNC: Tensor, group_B: Tensor) -> None:
        groups, channels, bins = counts_GCK.shape
        first_BC = (group_B[:, None] * channels + torch.arange(channels).to(group_B)) * bins
        cells_BNC = first_BC[:, None] + place_BNC.long()
        new_GCK = torch.bincount(cells_BNC.flatten(), minlength=counts_GCK.numel())
        items_G = torch.bincount(group_B, minlength=groups)
        counts_GCK *= (self._keep**items_G)[:, None, None]
        counts_GCK += new_GCK.view_as(counts_GCK)

    def _wanted(self, place_BNC: Tensor, group_B: Tensor) -> Tensor:
        """Return the real values of the ranks that these positions have."""
        present_P, row_B = torch.unique(group_B, return_inverse=True)
        made_PCE, real_PCE = (
            _cumulative(counts_GCK[present_P]) for counts_GCK in (self.made_GCK, self.real_GCK)
        )
        rank_PCE = made_PCE.clamp(_ENDS, 1 - _ENDS)
        above_PCE = torch.searchsorted(real_PCE, rank_PCE).clamp(1, _BINS)
        upper_PCE = real_PCE.gather(2, above_PCE)
        lower_PCE = real_PCE.gather(2, above_PCE - 1)
        edge_PCE = above_PCE - (upper_PCE - rank_PCE) / (upper_PCE - lower_PCE).clamp(min=1e-9)
        edge_BCE = edge_PCE[row_B]
        place_BCN = place_BNC.transpose(1, 2)
        below_BCN = place_BCN.long()
        wanted_BCN = edge_BCE.gather(2, below_BCN).lerp(
            edge_BCE.gather(2, below_BCN + 1), place_BCN - below_BCN
        )
        return self.low_C + self.width_C * wanted_BCN.transpose(1, 2)


def _cumulative(counts_PCK: Tensor) -> Tensor:
    """Return the share of values below each edge of the bins, ``(P, C, bins + 1)``."""
    sums_PCK = counts_PCK.cumsum(-1)
    return F.pad(sums_PCK / sums_PCK[..., -1:], (1, 0)).contiguous()
