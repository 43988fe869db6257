"""Multi-resolution spectrogram discriminators for the decoder's adversarial training."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["SpectrogramDiscriminatorConfig", "SpectrogramDiscriminators"]

COMPRESSION = 0.3
"""Power to which magnitudes are raised, so that quiet partials count too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpectrogramDiscriminatorConfig:
    """Sizes of the discriminators."""

    sizes: tuple[int, ...] = (2048, 1024, 512)
    """Transform length of each discriminator, in frames."""
    channels: int = 24
    """Channels of every convolution."""
    depth: int = 4
    """Convolutions that halve the frequency axis, after the first."""


class _ResolutionDiscriminator(nn.Module):
    """Strided convolutions over one complex spectrogram."""

    window: Tensor

    def __init__(self, n_fft: int, channels: int, depth: int) -> None:
        super().__init__()
        self.n_fft = n_fft
        self.register_buffer("window", torch.hann_window(n_fft), persistent=False)
        widths = [2] + [channels] * (depth + 1)
        self.layers = nn.ModuleList(
            nn.utils.parametrizations.weight_norm(
                nn.Conv2d(a, b, (3, 7), stride=(1, 2 if number else 1), padding=(1, 3))
            )
            for number, (a, b) in enumerate(pairwise(widths))
        )
        self.verdict = nn.Conv2d(channels, 1, (3, 3), padding=(1, 1))

    def forward(self, audio_BT: Tensor) -> list[Tensor]:
        spectrum = torch.stft(
            audio_BT, self.n_fft, self.n_fft // 4, window=self.window, return_complex=True
        )
        parts = torch.view_as_real(spectrum.transpose(1, 2)).permute(0, 3, 1, 2)
        magnitude = (parts.square().sum(1, keepdim=True) + 1e-8).sqrt()
        h = parts * magnitude.pow(COMPRESSION - 1)
        maps = []
        for layer in self.layers:
            h = F.leaky_relu(layer(h), 0.1)
            maps.append(h)
        return [*maps, self.verdict(h)]


class SpectrogramDiscriminators(nn.Module):
    """One discriminator per resolution, each scoring patches of time and frequency.

    Args:
        config: Sizes.

    Source:
        Multi-resolution complex-spectrogram discriminators: Défossez et al. 2022 (EnCodec),
        arXiv:2210.13438.
    """

    def __init__(self, config: SpectrogramDiscriminatorConfig) -> None:
        super().__init__()
        self.config = config
        self.judges = nn.ModuleList(
            _ResolutionDiscriminator(n_fft, config.channels, config.depth)
            for n_fft in config.sizes
        )

    def forward(self, audio_BT: Tensor) -> list[list[Tensor]]:
        """Return each discriminator's feature maps and, last, its scores per patch.

        Args:
            audio_BT: Audio, ``(B, T)``, longer than the longest transform.
        """
        return [discriminator(audio_BT) for discriminator in self.judges]
