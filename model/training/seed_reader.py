"""Network that estimates a stream's seed from its generated stem, against mode collapse."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.layers.activation import gelu

__all__ = ["SeedReader", "seed_loss"]

INPUT_NOISE = 0.5
"""Standard deviation of the noise on the input, against seeds hidden in faint details."""


class SeedReader(nn.Module):
    """Convolutions over time, pooled over the sequence.

    A generator that minimises its error plays differently for every seed; without it the seed
    loses its effect.

    Args:
        latent: Channels of the stem latents.
        seed: Channels of the seed.
        channels: Width.

    Source:
        Chen et al. 2016 (InfoGAN), arXiv:1606.03657. The input noise is ours.
    """

    def __init__(self, latent: int, seed: int, channels: int = 96) -> None:
        super().__init__()
        self.near = nn.Conv1d(latent, channels, 4, stride=2, padding=1)
        self.far = nn.Conv1d(channels, channels, 4, stride=2, padding=1)
        self.name = nn.Linear(2 * channels, seed)

    def forward(self, stem_BTC: Tensor) -> Tensor:
        """Return the estimated seed, ``(B, seed)``, of stem latents ``(B, T, latent)``."""
        noisy_BTC = stem_BTC + INPUT_NOISE * torch.randn_like(stem_BTC)
        h_BCT = gelu(self.far(gelu(self.near(noisy_BTC.transpose(1, 2)))))
        guess_BC: Tensor = self.name(torch.cat([h_BCT.mean(-1), h_BCT.amax(-1)], dim=-1))
        return guess_BC


def seed_loss(reader: SeedReader, stem_BTC: Tensor, seed_BC: Tensor) -> Tensor:
    """Return the mean squared error of the estimated seed; 1 means that nothing is known.

    Args:
        reader: The network; it is trained by this loss together with the generator.
        stem_BTC: Generated stems, ``(B, T, latent)``.
        seed_BC: The seeds they were generated with, standard normal.
    """
    return F.mse_loss(reader(stem_BTC), seed_BC)
