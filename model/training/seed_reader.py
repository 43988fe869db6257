"""A network that reads a stream's seed back from what was played to it."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.layers.activation import gelu

__all__ = ["SeedReader", "seed_loss"]

HEARING_NOISE = 0.5
"""Deviation of the noise on what is read: a seed must show in the music, not in traces."""


class SeedReader(nn.Module):
    """Convolutions over time, pooled over the sequence.

    A generator that is rewarded for being read plays differently for every seed. One that is
    not finds out that the same answer to every seed is the safest.

    Args:
        latent: Channels of what was played.
        seed: Channels of the seed.
        channels: Width.

    Source:
        Chen et al. 2016 (InfoGAN), arXiv:1606.03657. The noise on what is read is ours.
    """

    def __init__(self, latent: int, seed: int, channels: int = 96) -> None:
        super().__init__()
        self.near = nn.Conv1d(latent, channels, 4, stride=2, padding=1)
        self.far = nn.Conv1d(channels, channels, 4, stride=2, padding=1)
        self.name = nn.Linear(2 * channels, seed)

    def forward(self, stem_BTC: Tensor) -> Tensor:
        """Return the seed guessed, ``(B, seed)``, of stem latents ``(B, T, latent)``."""
        noisy_BTC = stem_BTC + HEARING_NOISE * torch.randn_like(stem_BTC)
        h_BCT = gelu(self.far(gelu(self.near(noisy_BTC.transpose(1, 2)))))
        guess_BC: Tensor = self.name(torch.cat([h_BCT.mean(-1), h_BCT.amax(-1)], dim=-1))
        return guess_BC


def seed_loss(reader: SeedReader, stem_BTC: Tensor, seed_BC: Tensor) -> Tensor:
    """Return the mean squared error of the seed read; 1 where nothing can be read.

    Args:
        reader: Learns from it, as does who played.
        stem_BTC: What was played, ``(B, T, latent)``.
        seed_BC: The seeds it was played with, standard normal.
    """
    return F.mse_loss(reader(stem_BTC), seed_BC)
