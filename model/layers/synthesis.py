"""Phase vocoder: audio from magnitudes and the distributions of phase advances."""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.layers import tables
from model.layers.sampling import phase_noise, phase_starts
from model.layers.streaming import Streaming, StreamState
from model.layers.tables import FAINT, OVERLAPS

__all__ = ["OVERLAPS", "PhaseVocoder", "VocoderState", "phase_likelihood", "synthesis_window"]


def synthesis_window(hop: int) -> Tensor:
    """Return :func:`model.layers.tables.synthesis_window` as a float64 tensor."""
    return torch.from_numpy(tables.synthesis_window(hop))


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


def _mean(tendency_BTF2: Tensor) -> Tensor:
    """Return the mean direction of phase advances, complex, shorter than 1.

    As long as the mean of a von Mises distribution with the tendency's concentration, within
    one part in a hundred.
    """
    concentration = _length(tendency_BTF2)
    spread = concentration + 4 / (1 + 0.4 * concentration)
    scaled = tendency_BTF2 * (concentration.square() + spread).rsqrt()[..., None]
    return torch.view_as_complex(scaled)


def _on_circle(angle: Tensor) -> Tensor:
    return torch.polar(torch.ones_like(angle), angle)


def _length(tendency_BTF2: Tensor) -> Tensor:
    return (tendency_BTF2.square().sum(-1) + 1e-6).sqrt()


@dataclass(slots=True)
class VocoderState(StreamState):
    """Phases, overlap-add tail and number of steps."""

    phase: Tensor
    """As points of the unit circle, ``(B, tonal, 2)``."""
    tail: Tensor
    """``(B, (OVERLAPS - 1) * hop)``."""
    steps: int = 0


class PhaseVocoder(Streaming[VocoderState]):
    """Magnitudes and phase tendencies to audio, trailing them by one hop.

    Every bin carries a phase that advances at each step by the tendency's direction, and by
    noise whose spread grows as the tendency shortens. Tones keep their pitch although their
    phase is unknown; noise stays noise. Phases receive no gradient from the audio: they are
    trained by :func:`phase_likelihood`.

    With a lock above 0, every tonal phase is pulled at each step towards those of its two
    neighbours, rotated as if all three belonged to one sine, with weights by magnitude and
    steadiness. Otherwise neighbouring bins of a partial drift apart, and their sum is 2 dB too
    quiet and blurred. Steadiness to the fourth power keeps noise, whose neighbours may cancel,
    from amplifying differences of rounding between machines.

    The noise depends on the step only, and phases restart at regular intervals, so that
    machines with different rounding agree: see :func:`model.layers.sampling.phase_starts`.

    Args:
        hop: Frames between steps.
        tonal: Bins, from the lowest, that have a tendency; those above are noise.
        lock: Weight of each neighbour, relative to a bin's own phase, 0..1.

    Source:
        Frequency as phase advance: Flanagan & Golden 1966 ("Phase Vocoder", Bell System
        Technical Journal 45); as a network's output: Engel et al. 2019 (GANSynth),
        arXiv:1902.08710. Uniform noise turned by a Moebius map into a direction of given mean:
        McCullagh 1996, Annals of Statistics 24. Phases locked to neighbours: Puckette 1995
        ("Phase-locked vocoder", IEEE WASPAA). The weights of the lock, the tendency and the
        lopsided window are ours.
    """

    window: Tensor
    centre: Tensor
    turns_short: Tensor
    turns_long: Tensor

    def __init__(self, hop: int, *, tonal: int, lock: float = 0.0) -> None:
        super().__init__()
        self.frames, self.tonal, self.lock = hop, tonal, lock
        self._neighbour = cmath.rect(lock, tables.neighbour_turn(hop))
        self.n_fft = OVERLAPS * hop
        self.bins = self.n_fft // 2 + 1
        window = torch.from_numpy(tables.overlap_window(hop)).float()
        self.register_buffer("window", window, persistent=False)
        turns = torch.arange(self.bins) % OVERLAPS / OVERLAPS
        self.register_buffer("centre", 2 * math.pi * turns, persistent=False)
        short, long = phase_noise(self.bins)
        self.register_buffer("turns_short", torch.from_numpy(short), persistent=False)
        self.register_buffer("turns_long", torch.from_numpy(long), persistent=False)

    def init_state(self, batch: int) -> VocoderState:
        """Return silence with all phases at zero."""
        return VocoderState(
            self.window.new_tensor([1.0, 0.0]).expand(batch, self.tonal, 2).clone(),
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
        phase_BTF = self._phases(magnitude_BTF.detach(), tendency_BTF2.detach(), state)
        spectrum = magnitude_BTF * phase_BTF
        wave_BTN = torch.fft.irfft(spectrum, n=self.n_fft) * self.window
        return self._overlap(wave_BTN, state)[..., None]

    def _phases(
        self, magnitude_BTF: Tensor, tendency_BTF2: Tensor, state: VocoderState
    ) -> Tensor:
        """Return every phase of the next T steps, complex ``(B, T, bins)`` of length 1."""
        batch, steps = tendency_BTF2.shape[:2]
        rows = np.arange(state.steps, state.steps + steps)
        free_TF = _on_circle(2 * math.pi * self._turns(rows))
        begins_TF = torch.from_numpy(phase_starts(rows, self.tonal)).to(free_TF.device)
        noise_TF = free_TF[:, : self.tonal]
        mean_BTF = _mean(tendency_BTF2)
        sum_BTF = noise_TF + mean_BTF
        turn_TF = noise_TF.conj() * _on_circle(self.centre[: self.tonal])
        # Twice the angle of the sum, less that of the noise: a Moebius map of the circle.
        advance_BTF = turn_TF * (sum_BTF / sum_BTF.abs().clamp(min=1e-9)).square()
        phase_BF = torch.view_as_complex(state.phase)
        loud_BTF = magnitude_BTF[..., : self.tonal]
        steady_BTF = loud_BTF * mean_BTF.abs() ** 4
        phases = []
        for step in range(steps):
            turned_BF = phase_BF * advance_BTF[:, step]
            phase_BF = torch.where(begins_TF[step], noise_TF[step], turned_BF)
            if self.lock:
                phase_BF = self._locked(phase_BF, loud_BTF[:, step], steady_BTF[:, step])
            phases.append(phase_BF)
        state.phase = torch.view_as_real(phase_BF)
        state.steps += steps
        high_BTF = free_TF[:, self.tonal :].expand(batch, -1, -1)
        return torch.cat([torch.stack(phases, dim=1), high_BTF], dim=-1)

    def _locked(self, phase_BF: Tensor, loud_BF: Tensor, steady_BF: Tensor) -> Tensor:
        """Return phases pulled towards their neighbours'; all ``(B, tonal)``."""
        near_BF = phase_BF * steady_BF
        sum_BF = phase_BF * loud_BF
        below_BF, above_BF = near_BF[:, :-1], near_BF[:, 1:]
        sum_BF[:, 1:] += self._neighbour * below_BF
        sum_BF[:, :-1] += self._neighbour.conjugate() * above_BF
        length_BF = sum_BF.abs()
        return torch.where(length_BF > FAINT, sum_BF / length_BF.clamp(min=FAINT), phase_BF)

    def _turns(self, rows: NDArray[np.int64]) -> Tensor:
        both = self.turns_short, self.turns_long
        short_TF, long_TF = (table[torch.from_numpy(rows % len(table))] for table in both)
        return short_TF + long_TF

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
