"""Distances of generated from real stems in the distributions of their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from model.data.latents import LatentPair
from model.networks.level_probe import BAND_LEVELS, BANDS, LEVELS, LevelProbe
from model.training.adversarial_losses import channel_weights
from model.training.distribution_distance import DistributionDistance

__all__ = ["DistributionLosses", "LatentDistributions"]

_VALUES, _MEANS = 24.0, 64.0
"""Items remembered of values, of which each has hundreds, and of means, of which it has one."""
_LAGS = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class DistributionLosses:
    """Distances of the distributions of one batch."""

    values: Tensor
    """Of every channel's values, by anticipation and by stem."""
    means: Tensor
    """Of every channel's mean over a sequence, by stem."""
    changes: Tensor
    """Of differences over 1, 2 or 4 hops, by stem."""
    level: Tensor
    """Of the level, by anticipation and by stem, and of its change from hop to hop."""
    bands: Tensor
    """Of the levels of bands and of what neighbours differ by: their values, their means over
    a sequence, and their changes from hop to hop, by stem."""

    def metrics(self) -> dict[str, Tensor]:
        """Return the distances for the log, detached."""
        return {
            "quantiles": self.values.detach(),
            "means": self.means.detach(),
            "changes": self.changes.detach(),
            "level": self.level.detach(),
            "bands": self.bands.detach(),
        }


class LatentDistributions(nn.Module):
    """Distances of generated from real stems in the distributions of all their values.

    Args:
        stems: Number of stem classes.
        anticipations: Number of anticipations.
        low_C: Smallest value of each channel of real stems, ``(C,)``.
        high_C: Largest one.
        probe: Tells the level of stems and of their bands.
    """

    def __init__(
        self,
        stems: int,
        anticipations: int,
        low_C: Tensor,
        high_C: Tensor,
        probe: LevelProbe,
    ) -> None:
        super().__init__()
        self.probe = probe
        weight_C = channel_weights(low_C)
        far_C = high_C - low_C
        self.values_by_stem, self.values_by_anticipation = (
            DistributionDistance(groups, low_C, high_C, weight_C, memory=_VALUES)
            for groups in (stems, anticipations)
        )
        self.means_by_stem = DistributionDistance(stems, low_C, high_C, weight_C, memory=_MEANS)
        self.changes_by_stem = nn.ModuleList(
            DistributionDistance(stems, -far_C, far_C, weight_C, memory=_VALUES) for _ in _LAGS
        )
        low_1, high_1, one_1 = (torch.tensor([end]) for end in (*LEVELS, 1.0))
        far_1 = high_1 - low_1
        self.level_by_stem, self.level_by_anticipation = (
            DistributionDistance(groups, low_1, high_1, one_1, memory=_VALUES)
            for groups in (stems, anticipations)
        )
        self.level_changes_by_stem = DistributionDistance(
            stems, -far_1, far_1, one_1, memory=_VALUES
        )
        low_L, high_L = _shape_ends()
        far_L, even_L = high_L - low_L, torch.full_like(low_L, 1 / len(low_L))
        self.bands_by_stem = DistributionDistance(stems, low_L, high_L, even_L, memory=_VALUES)
        self.band_means_by_stem = DistributionDistance(
            stems, low_L, high_L, even_L, memory=_MEANS
        )
        self.band_changes_by_stem = DistributionDistance(
            stems, -far_L, far_L, even_L, memory=_VALUES
        )

    @classmethod
    def of(
        cls, pairs: Sequence[LatentPair], probe: LevelProbe, *, stems: int, anticipations: int
    ) -> LatentDistributions:
        """Return distances whose ranges are those of encoded stems."""
        low_C = np.min([pair.stem.min(0) for pair in pairs], axis=0)
        high_C = np.max([pair.stem.max(0) for pair in pairs], axis=0)
        return cls(
            stems,
            anticipations,
            torch.from_numpy(low_C.astype(np.float32)),
            torch.from_numpy(high_C.astype(np.float32)),
            probe,
        )

    def forward(
        self, made_BTC: Tensor, real_BTC: Tensor, stem_B: Tensor, anticipation_B: Tensor
    ) -> DistributionLosses:
        """Return the distances of a batch, which is remembered.

        Args:
            made_BTC: Generated stems, ``(B, T, latent)``, with more than 4 hops.
            real_BTC: Real stems.
            stem_B: Class of each.
            anticipation_B: Anticipation of each.
        """
        values = self.values_by_stem(made_BTC, real_BTC, stem_B)
        values = values + self.values_by_anticipation(made_BTC, real_BTC, anticipation_B)
        means = self.means_by_stem(
            made_BTC.mean(1, keepdim=True), real_BTC.mean(1, keepdim=True), stem_B
        )
        number = int(torch.randint(len(_LAGS), ()))
        lag = _LAGS[number]
        changes = self.changes_by_stem[number](
            made_BTC[:, lag:] - made_BTC[:, :-lag],
            real_BTC[:, lag:] - real_BTC[:, :-lag],
            stem_B,
        )
        made_BTL, real_BTL = (self.probe(x_BTC) for x_BTC in (made_BTC, real_BTC))
        level = self._level(made_BTL[..., :1], real_BTL[..., :1], stem_B, anticipation_B)
        bands = self._bands(_shape(made_BTL), _shape(real_BTL), stem_B)
        return DistributionLosses(values, means, changes, level, bands)

    def _level(
        self, made_BT1: Tensor, real_BT1: Tensor, stem_B: Tensor, anticipation_B: Tensor
    ) -> Tensor:
        level = self.level_by_stem(made_BT1, real_BT1, stem_B)
        level = level + self.level_by_anticipation(made_BT1, real_BT1, anticipation_B)
        level = level + self.level_changes_by_stem(
            made_BT1.diff(dim=1), real_BT1.diff(dim=1), stem_B
        )
        total: Tensor = level
        return total

    def _bands(self, made_BTL: Tensor, real_BTL: Tensor, stem_B: Tensor) -> Tensor:
        bands = self.bands_by_stem(made_BTL, real_BTL, stem_B)
        bands = bands + self.band_means_by_stem(
            made_BTL.mean(1, keepdim=True), real_BTL.mean(1, keepdim=True), stem_B
        )
        bands = bands + self.band_changes_by_stem(
            made_BTL.diff(dim=1), real_BTL.diff(dim=1), stem_B
        )
        total: Tensor = bands
        return total

    def counts(self) -> Iterator[Tensor]:
        """Return what is remembered of all values, to be averaged over processes."""
        for part in self.modules():
            if isinstance(part, DistributionDistance):
                yield from part.counts()


def _shape(level_BTL: Tensor) -> Tensor:
    """Return the levels of a hop's bands, and by how much each exceeds the one below."""
    level_BTM = level_BTL[..., 1 : 1 + BANDS]
    return torch.cat([level_BTM, level_BTM.diff(dim=-1)], dim=-1)


def _shape_ends() -> tuple[Tensor, Tensor]:
    """Return the lowest and the highest values of :func:`_shape`."""
    low, high = BAND_LEVELS
    low_L = torch.tensor([low] * BANDS + [low - high] * (BANDS - 1))
    return low_L, torch.tensor([high] * BANDS + [high - low] * (BANDS - 1))
