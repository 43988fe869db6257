"""Network that tells how loud latents sound, how bright, and how they rise within a hop."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = [
    "BANDS",
    "BAND_LEVELS",
    "LEVELS",
    "PARTS",
    "PART_BANDS",
    "TOLD",
    "LevelProbe",
    "lowest_and_highest",
]

LEVELS = (-7.2, 0.0)
"""Levels told apart, in bel (tens of dB) relative to full scale: below is silence."""
BANDS = 12
"""Bands of the spectrum whose levels are told too, evenly spaced in mel from 30 Hz on."""
BAND_LEVELS = (-9.0, 0.0)
"""Levels of a band told apart, in bel relative to a sine at full scale."""
PARTS, PART_BANDS = 4, 6
"""Parts of a hop, 12.5 ms each, and the wider bands whose levels are told in each."""
TOLD = 1 + BANDS + PARTS * PART_BANDS
"""Levels told of a hop."""

_HEARD_HOPS = 3
"""A hop and two before it, which still sound in it."""


class LevelProbe(nn.Module):
    """Estimates the levels that each hop of latents will be decoded to.

    Args:
        latent: Channels of the latents.
        channels: Width.
    """

    def __init__(self, latent: int, channels: int = 128) -> None:
        super().__init__()
        self.near = nn.Conv1d(latent, channels, _HEARD_HOPS)
        self.join = nn.Conv1d(channels, channels, 1)
        self.tell = nn.Conv1d(channels, TOLD, 1)
        with torch.no_grad():
            self.tell.bias.copy_(lowest_and_highest().mean(0))  # type: ignore[union-attr]

    def forward(self, stem_BTC: Tensor) -> Tensor:
        """Return levels in bel, ``(B, T, latent) -> (B, T, TOLD)``.

        The first is the A-weighted level of the hop, then come those of its bands, low ones
        first, then those of the wider bands of its first part, of its second, and so on.
        """
        late_BCT = F.pad(stem_BTC.transpose(1, 2), (_HEARD_HOPS - 1, 0))
        level_BLT: Tensor = self.tell(F.silu(self.join(F.silu(self.near(late_BCT)))))
        return level_BLT.transpose(1, 2)


def lowest_and_highest() -> Tensor:
    """Return the lowest and the highest levels told, ``(2, TOLD)``."""
    return torch.tensor([LEVELS, *[BAND_LEVELS] * (TOLD - 1)]).T
