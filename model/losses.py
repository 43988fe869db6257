"""Training losses: spectral distances for the autoencoder, adversarial ones for the band."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.layers.spectrum import mel_filters

__all__ = ["SpectralDistance", "energy_distance", "log_mel_distance", "relativistic"]


class SpectralDistance(nn.Module):
    """Distance of two sounds in log-mel and linear spectra at several resolutions.

    Args:
        sample_rate: Frames per second.
        sizes: ``(n_fft, mel bands)`` of each resolution.

    Source:
        Multi-resolution mel distance as in Kumar et al. 2023 (DAC), arXiv:2306.06546.
    """

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

    def forward(self, made_BT: Tensor, real_BT: Tensor) -> tuple[Tensor, Tensor]:
        """Return the mean L1 distance of log-mels (natural log) and of magnitudes.

        Args:
            made_BT: Decoded audio, ``(B, T)``.
            real_BT: The audio it should be, ``(B, T)``.

        Returns:
            Log-mel distance, and magnitude distance relative to the real magnitude.
        """
        mel_sum = made_BT.new_zeros(())
        linear_sum = made_BT.new_zeros(())
        for n_fft, _ in self.sizes:
            filters = self.get_buffer(f"filters_{n_fft}")
            made, real = _magnitude(made_BT, n_fft), _magnitude(real_BT, n_fft)
            mel_sum = mel_sum + F.l1_loss(_log_mel(made, filters), _log_mel(real, filters))
            linear_sum = linear_sum + (made - real).abs().mean() / (real.mean() + 1e-4)
        return mel_sum / len(self.sizes), linear_sum / len(self.sizes)


def energy_distance(made_BT: Tensor, real_BT: Tensor, sample_rate: int) -> Tensor:
    """Return the mean L1 distance of log energies (natural log of amplitude), 24 mel bands.

    Energies are averaged over 85 ms first. The other distances compare magnitudes one by one,
    whose best guess for noise is the median, which lies 2 to 3 dB below its energy.

    Args:
        made_BT: Decoded audio, ``(B, T)``, at least 85 ms.
        real_BT: The audio it should be, ``(B, T)``.
        sample_rate: Frames per second.
    """
    filters = mel_filters(sample_rate, 1024, 24).float().to(made_BT.device)
    made, real = (
        _magnitude(x_BT, 1024).square().transpose(1, 2) @ filters for x_BT in (made_BT, real_BT)
    )
    return F.l1_loss(_log_energy(made), _log_energy(real))


def log_mel_distance(made_BT: Tensor, real_BT: Tensor, sample_rate: int) -> float:
    """Return the L1 distance of log-mels (natural log, 2048 window, 80 bands, hop 512)."""
    filters = mel_filters(sample_rate, 2048, 80).float()
    made, real = _magnitude(made_BT, 2048), _magnitude(real_BT, 2048)
    return float(F.l1_loss(_log_mel(made, filters), _log_mel(real, filters)))


def _magnitude(x_BT: Tensor, n_fft: int) -> Tensor:
    window = torch.hann_window(n_fft, device=x_BT.device, dtype=x_BT.dtype)
    spectrum = torch.stft(
        x_BT, n_fft, n_fft // 4, window=window / window.sum() * 2, return_complex=True
    )
    return (spectrum.real.square() + spectrum.imag.square() + 1e-10).sqrt()


def _log_energy(power_BTF: Tensor) -> Tensor:
    smooth_BFT = F.avg_pool1d(power_BTF.transpose(1, 2), 16, stride=8)
    return 0.5 * torch.log(smooth_BFT + 1e-8)


def _log_mel(magnitude: Tensor, filters: Tensor) -> Tensor:
    return torch.log(magnitude.transpose(1, 2) @ filters + 1e-4)


def relativistic(better_B: Tensor, worse_B: Tensor) -> Tensor:
    """Return the loss of a judge who should score ``better`` above ``worse``, pair by pair.

    Source:
        Paired relativistic GAN loss: Jolicoeur-Martineau 2018, arXiv:1807.00734; with
        gradient penalties on both sides: Huang et al. 2024 (R3GAN), arXiv:2501.05441.
    """
    return F.softplus(worse_B - better_B).mean()
