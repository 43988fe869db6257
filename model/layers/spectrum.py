"""Causal short-time spectra: windows that end on the newest frame."""

from __future__ import annotations

import torch
from torch import Tensor

from model.layers import tables
from model.layers.convnext import PastState
from model.layers.streaming import Streaming

__all__ = ["Spectrum", "mel_filters"]


def mel_filters(sample_rate: int, n_fft: int, bands: int, *, low_hz: float = 30.0) -> Tensor:
    """Return :func:`model.layers.tables.mel_filters` as a float64 tensor."""
    return torch.from_numpy(tables.mel_filters(sample_rate, n_fft, bands, low_hz=low_hz))


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
        window = torch.from_numpy(tables.spectrum_window(n_fft, fall)).float()
        self.register_buffer("window", window, persistent=False)

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
