"""From magnitudes and phase tendencies to audio: a vocoder that keeps its own phases."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from model.streaming import Streaming, StreamState

__all__ = ["OVERLAPS", "PhaseVocoder", "VocoderState", "phase_likelihood", "synthesis_window"]

OVERLAPS = 4
"""Windows that overlap at any frame; the transform is this many hops long."""
NOISE_WIDTH = 4.0
"""Radians of deviation at which a phase is as good as random."""
JITTER_STEPS = 251
"""Steps after which the table of phase jitter repeats: 2.5 s at 100 Hz, and prime."""


def synthesis_window(hop: int) -> Tensor:
    """Return the square root of a window that rises in one hop and falls in three.

    The fast rise keeps attacks sharp and the output early; the long fall gives tones enough
    length to have a pitch. Applied twice and added up every hop, it has unit gain only after
    division by the sum that :class:`PhaseVocoder` divides by.

    Args:
        hop: Frames between windows.

    Returns:
        Float64 tensor ``(OVERLAPS * hop,)``.
    """
    rise = (torch.arange(hop, dtype=torch.float64) + 0.5) / hop
    fall = (torch.arange((OVERLAPS - 1) * hop, dtype=torch.float64) + 0.5) / (
        (OVERLAPS - 1) * hop
    )
    return torch.cat([torch.sin(0.5 * math.pi * rise), torch.cos(0.5 * math.pi * fall)])


def phase_likelihood(tendency_BTF2: Tensor, advance_BTF: Tensor) -> Tensor:
    """Return the log-likelihood of phase advances under the tendencies.

    A tendency is the mean direction of a von Mises distribution scaled by its concentration:
    long for a steady tone, near zero for noise.

    Args:
        tendency_BTF2: ``(B, T, bins, 2)``.
        advance_BTF: Radians beyond the advance of the bin's centre, ``(B, T, bins)``.

    Returns:
        Log density up to a constant, ``(B, T, bins)``.
    """
    concentration = _length(tendency_BTF2)
    along = (
        tendency_BTF2[..., 0] * advance_BTF.cos() + tendency_BTF2[..., 1] * advance_BTF.sin()
    )
    return along - concentration - torch.log(torch.special.i0e(concentration))


def _length(tendency_BTF2: Tensor) -> Tensor:
    return (tendency_BTF2.square().sum(-1) + 1e-6).sqrt()


@dataclass(slots=True)
class VocoderState(StreamState):
    """Phases, windowed sound still to come, and the place in the jitter table."""

    phase: Tensor
    """Radians, ``(B, bins)``."""
    tail: Tensor
    """``(B, (OVERLAPS - 1) * hop)``."""
    steps: int = 0


class PhaseVocoder(Streaming[VocoderState]):
    """Magnitudes and phase tendencies to audio, trailing them by one hop.

    Every bin carries a phase that advances at each step by the tendency's direction, plus a
    jitter that is the wider the shorter the tendency. Tones keep their pitch without anyone
    having to know their phase; noise stays noise. Phases get no gradient from the sound:
    they learn from :func:`phase_likelihood`.

    Args:
        hop: Frames between steps.
        tonal: Bins, from the lowest, that have a tendency; those above are noise.

    Source:
        Frequency as phase advance: Flanagan & Golden 1966 ("Phase Vocoder", Bell System
        Technical Journal 45); as a network's output: Engel et al. 2019 (GANSynth),
        arXiv:1902.08710. The von Mises tendency, its jitter and the lopsided window are ours.
    """

    window: Tensor
    centre: Tensor
    jitter: Tensor

    def __init__(self, hop: int, *, tonal: int) -> None:
        super().__init__()
        self.frames, self.tonal = hop, tonal
        self.n_fft = OVERLAPS * hop
        self.bins = self.n_fft // 2 + 1
        root = synthesis_window(hop)
        gain = root.square().view(OVERLAPS, hop).sum(0).repeat(OVERLAPS)
        # The analysis window's sum is scaled to 2, so magnitudes are amplitudes of sines.
        scale = root.sum() / 2
        self.register_buffer("window", (root / gain * scale).float(), persistent=False)
        turns = torch.arange(self.bins) % OVERLAPS / OVERLAPS
        self.register_buffer("centre", 2 * math.pi * turns, persistent=False)
        random = torch.Generator().manual_seed(20)
        table = torch.randn(JITTER_STEPS, self.bins, generator=random)
        self.register_buffer("jitter", table, persistent=False)

    def init_state(self, batch: int) -> VocoderState:
        """Return silence with all phases at zero."""
        return VocoderState(
            self.window.new_zeros(batch, self.bins),
            self.window.new_zeros(batch, self.n_fft - self.frames),
        )

    @property
    def channels(self) -> int:
        """Channels of the input."""
        return self.bins + 2 * self.tonal

    def split(self, x_BTC: Tensor) -> tuple[Tensor, Tensor]:
        """Return an input's magnitudes ``(B, T, bins)`` and tendencies ``(B, T, tonal, 2)``."""
        cuts = [self.bins, self.bins + self.tonal]
        magnitude_BTF, *sides = x_BTC.tensor_split(cuts, dim=-1)
        return magnitude_BTF, torch.stack(sides, dim=-1)

    def step(self, x_BTC: Tensor, state: VocoderState) -> Tensor:
        """Return audio; ``(B, T, channels) -> (B, T * hop, 1)``; see :meth:`split`."""
        magnitude_BTF, tendency_BTF2 = self.split(x_BTC)
        phase_BTF = self._phases(tendency_BTF2.detach(), state)
        spectrum = torch.polar(magnitude_BTF, phase_BTF)
        wave_BTN = torch.fft.irfft(spectrum, n=self.n_fft) * self.window
        return self._overlap(wave_BTN, state)[..., None]

    def _phases(self, tendency_BTF2: Tensor, state: VocoderState) -> Tensor:
        steps = tendency_BTF2.shape[1]
        direction = torch.atan2(tendency_BTF2[..., 1], tendency_BTF2[..., 0])
        concentration = _length(tendency_BTF2)
        resultant = torch.special.i1e(concentration) / torch.special.i0e(concentration)
        width = (-2 * resultant.clamp(1e-3, 1 - 1e-6).log()).sqrt()
        rows = (torch.arange(steps, device=width.device) + state.steps) % JITTER_STEPS
        jitter = self.jitter[rows].expand(len(direction), -1, -1)
        low, high = jitter.tensor_split([self.tonal], dim=-1)
        advance = self.centre + torch.cat([direction + width * low, NOISE_WIDTH * high], dim=-1)
        phase_BTF = (state.phase[:, None] + advance.cumsum(1)) % (2 * math.pi)
        state.phase = phase_BTF[:, -1]
        state.steps += steps
        return phase_BTF

    def _overlap(self, wave_BTN: Tensor, state: VocoderState) -> Tensor:
        batch, steps, _ = wave_BTN.shape
        parts = wave_BTN.view(batch, steps, OVERLAPS, self.frames)
        sound = wave_BTN.new_zeros(batch, steps + OVERLAPS - 1, self.frames)
        for part in range(OVERLAPS):
            sound[:, part : part + steps] += parts[:, :, part]
        sound = sound.flatten(1)
        kept = state.tail.shape[1]
        sound = torch.cat([sound[:, :kept] + state.tail, sound[:, kept:]], dim=1)
        state.tail = sound[:, steps * self.frames :]
        return sound[:, : steps * self.frames]
