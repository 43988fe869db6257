"""Training losses: spectral distances of audio, and the relativistic adversarial loss."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.layers.magnitudes import hann_magnitudes
from model.layers.spectrum import mel_filters

__all__ = ["SpectralDistance", "SpectralDistances", "log_mel_distance", "relativistic"]

_ENERGY_WINDOW, _ENERGY_BANDS = 1024, 24


class SpectralDistances(NamedTuple):
    """Distances of the spectra of two sounds."""

    mel: Tensor
    """Mean L1 distance of log-mels (natural log of amplitude) over all resolutions."""
    linear: Tensor
    """Mean L1 distance of magnitudes over the true mean, over all resolutions."""
    energy: Tensor
    """Mean L1 distance of log energies (natural log of amplitude) in 24 bands, each averaged
    over 85 ms first. The other two compare magnitudes one by one, whose best guess for noise
    is the median, which lies 2 to 3 dB below its energy."""


class SpectralDistance(nn.Module):
    """Distances of two sounds in log-mel and linear spectra at several resolutions.

    Each spectrum is computed once, and that of the true sound without a gradient.

    Args:
        sample_rate: Frames per second.
        sizes: ``(n_fft, mel bands)`` of each resolution; 1024 must be among them.

    Source:
        Multi-resolution mel distance as in Kumar et al. 2023 (DAC), arXiv:2306.06546.
    """

    energy_filters: Tensor

    def __init__(
        self,
        sample_rate: int,
        sizes: tuple[tuple[int, int], ...] = (
            (4096, 96),
            (2048, 96),
            (1024, 80),
            (512, 48),
            (256, 24),
        ),
    ) -> None:
        super().__init__()
        self.sizes = sizes
        for n_fft, bands in sizes:
            filters = mel_filters(sample_rate, n_fft, bands).float()
            self.register_buffer(f"filters_{n_fft}", filters, persistent=False)
        energy_filters = mel_filters(sample_rate, _ENERGY_WINDOW, _ENERGY_BANDS).float()
        self.register_buffer("energy_filters", energy_filters, persistent=False)

    def forward(
        self, made_BT: Tensor, real_BT: Tensor, *, sampled: int | None = None
    ) -> SpectralDistances:
        """Return the distances.

        Args:
            made_BT: Decoded audio, ``(B, T)``, at least 100 ms.
            real_BT: True audio, ``(B, T)``; without gradient.
            sampled: How many resolutions beside 1024 are drawn at random, by torch's generator,
                and weighed so that the expected distances are those of all; all if None.
        """
        mel = linear = energy = made_BT.new_zeros(())
        weights = self._weights(sampled)
        # Two rows at a time stay in a processor's cache; measured 1.3 times as fast.
        count = 2 if made_BT.device.type == "cpu" else len(made_BT)
        rows = list(zip(torch.split(made_BT, count), torch.split(real_BT, count), strict=True))
        for n_fft, weight in weights.items():
            filters = self.get_buffer(f"filters_{n_fft}")
            apart, true = made_BT.new_zeros(()), made_BT.new_zeros(())
            for made, real in rows:
                with torch.no_grad():
                    real_BNF = hann_magnitudes(real, n_fft)
                    real_mel_BNM = _log_mel(real_BNF, filters)
                share = len(made) / len(made_BT)
                made_BNF = hann_magnitudes(made, n_fft)
                distance = F.l1_loss(_log_mel(made_BNF, filters), real_mel_BNM)
                mel = mel + weight * share * distance
                apart = apart + share * F.l1_loss(made_BNF, real_BNF)
                true = true + share * real_BNF.mean()
                if n_fft == _ENERGY_WINDOW:
                    energies = self._log_energy(made_BNF), self._log_energy(real_BNF)
                    energy = energy + share * F.l1_loss(*energies)
            linear = linear + weight * apart / (true + 1e-4)
        return SpectralDistances(mel, linear, energy)

    def _weights(self, sampled: int | None) -> dict[int, float]:
        """Return the resolutions to compare at and their weights, adding up to 1 on average."""
        each = 1 / len(self.sizes)
        others = [n_fft for n_fft, _ in self.sizes if n_fft != _ENERGY_WINDOW]
        if sampled is None or sampled >= len(others):
            return dict.fromkeys((n_fft for n_fft, _ in self.sizes), each)
        drawn = torch.randperm(len(others))[:sampled].tolist()
        scaled = each * len(others) / sampled
        return {_ENERGY_WINDOW: each} | {others[number]: scaled for number in drawn}

    def _log_energy(self, magnitude_BNF: Tensor) -> Tensor:
        power_BNM = magnitude_BNF.square() @ self.energy_filters
        smooth_BMN = F.avg_pool1d(power_BNM.transpose(1, 2), 16, stride=8)
        return 0.5 * torch.log(smooth_BMN + 1e-8)


def log_mel_distance(made_BT: Tensor, real_BT: Tensor, sample_rate: int) -> float:
    """Return the L1 distance of log-mels (natural log, 2048 window, 80 bands, hop 512)."""
    filters = mel_filters(sample_rate, 2048, 80).float()
    made, real = (_log_mel(hann_magnitudes(x_BT, 2048), filters) for x_BT in (made_BT, real_BT))
    return float(F.l1_loss(made, real))


def _log_mel(magnitude_BNF: Tensor, filters: Tensor) -> Tensor:
    return torch.log(magnitude_BNF @ filters + 1e-4)


def relativistic(better_B: Tensor, worse_B: Tensor) -> Tensor:
    """Return the relativistic loss for scoring ``better`` above ``worse``, pair by pair.

    Source:
        Paired relativistic GAN loss: Jolicoeur-Martineau 2018, arXiv:1807.00734; with
        gradient penalties on both sides: Huang et al. 2024 (R3GAN), arXiv:2501.05441.
    """
    return F.softplus(worse_B - better_B).mean()
