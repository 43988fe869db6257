"""Causal spectra of audio: windows that end on the newest frame."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from model.layers.convnext import PastState
from model.streaming import Streaming

__all__ = ["Spectrum", "asymmetric_window", "mel_filters"]


def asymmetric_window(length: int, fall: int) -> Tensor:
    """Return an analysis window that rises slowly and falls over its last ``fall`` frames.

    A symmetric window hides the newest frames, which a causal analysis needs most.

    Args:
        length: Frames in the window.
        fall: Frames of the falling slope, 1..``length - 1``.

    Returns:
        Float64 tensor ``(length,)`` in 0..1.
    """
    rise = torch.arange(length - fall, dtype=torch.float64) + 0.5
    down = torch.arange(fall, dtype=torch.float64) + 0.5
    return torch.cat(
        [
            torch.sin(0.5 * math.pi * rise / (length - fall)) ** 2,
            torch.cos(0.5 * math.pi * down / fall) ** 2,
        ]
    )


def mel_filters(sample_rate: int, n_fft: int, bands: int, *, low_hz: float = 30.0) -> Tensor:
    """Return triangular mel filters of unit peak, ``(n_fft // 2 + 1, bands)``, float64.

    Args:
        sample_rate: Frames per second.
        n_fft: Length of the transform.
        bands: Number of filters, from ``low_hz`` to half the sample rate.
        low_hz: Lower edge of the lowest filter.

    Source:
        Mel scale of O'Shaughnessy 1987: 2595 log10(1 + f / 700).
    """

    def mel(hz: float) -> float:
        return 2595 * math.log10(1 + hz / 700)

    edges = torch.linspace(mel(low_hz), mel(sample_rate / 2), bands + 2, dtype=torch.float64)
    edges_hz = 700 * (10 ** (edges / 2595) - 1)
    bin_hz = sample_rate / n_fft
    bins_hz = torch.arange(n_fft // 2 + 1, dtype=torch.float64)[:, None] * bin_hz
    # A band narrower than a bin would fall between two bins and hear nothing.
    left = torch.minimum(edges_hz[:-2], edges_hz[1:-1] - bin_hz)
    right = torch.maximum(edges_hz[2:], edges_hz[1:-1] + bin_hz)
    rising = (bins_hz - left) / (edges_hz[1:-1] - left)
    falling = (right - bins_hz) / (right - edges_hz[1:-1])
    return torch.minimum(rising, falling).clamp(min=0)


class Spectrum(Streaming[PastState]):
    """Short-time spectrum whose windows end on the newest frame of each hop.

    Args:
        n_fft: Frames in the window and the transform.
        hop: Frames between windows.
        fall: Frames over which the window falls to zero at its newest end.
    """

    window: Tensor

    def __init__(self, n_fft: int, hop: int, *, fall: int) -> None:
        super().__init__()
        self.n_fft = n_fft
        self.hop = hop
        window = asymmetric_window(n_fft, fall)
        self.register_buffer("window", (window / window.sum() * 2).float(), persistent=False)

    def init_state(self, batch: int) -> PastState:
        """Return silence: ``n_fft - hop`` frames of zeros, ``(B, n_fft - hop, 1)``."""
        return PastState(self.window.new_zeros(batch, self.n_fft - self.hop, 1))

    def step(self, x_BTC: Tensor, state: PastState) -> Tensor:
        """Return complex spectra; ``(B, T, 1) -> (B, T / hop, n_fft // 2 + 1)``.

        A full-scale sine has magnitude near 1.
        """
        heard_BTC = torch.cat([state.past, x_BTC], dim=1)
        state.past = heard_BTC[:, heard_BTC.shape[1] - (self.n_fft - self.hop) :]
        frames = heard_BTC[..., 0].unfold(1, self.n_fft, self.hop)
        spectrum: Tensor = torch.fft.rfft(frames * self.window)
        return spectrum
