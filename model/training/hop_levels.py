"""Levels of decoded hops as a probe is to tell them: whole, by band, and how they rise."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.audiofile import SAMPLE_RATE
from model.data.pairing import loudness_db
from model.layers.spectrum import mel_filters

__all__ = [
    "BANDS",
    "BAND_LEVELS",
    "LEVELS",
    "RISES",
    "RISING",
    "TOLD",
    "hop_levels",
    "lowest_and_highest",
]

LEVELS = (-7.2, 0.0)
"""Levels told apart, in bel (tens of dB) relative to full scale: below is silence."""
BANDS = 12
"""Bands of the spectrum whose levels are told too, evenly spaced in mel from 30 Hz on."""
BAND_LEVELS = (-9.0, 0.0)
"""Levels of a band told apart, in bel relative to a sine at full scale."""
RISES = 6
"""Wider bands, spaced likewise, whose rises are told: where a note begins they are steep."""
RISING = (0.0, 8.0)
"""Rises told apart, in bel."""
TOLD = 1 + BANDS + RISES
"""Values of each hop."""

_SLICE, _WINDOW = 480, 960
"""Frames between the windows of rises and in each: 10 and 20 ms."""
_OVER = 2
"""Slices over which a level rises, so that windows do not overlap."""
_FAINT = 1e-8
"""Power of a band, relative to a sine at full scale, that rises begin at: -80 dB."""


def hop_levels(audio_BTF: Tensor) -> Tensor:
    """Return the levels of each hop in bel, ``(B, T, frames) -> (B, T, TOLD)``.

    The first is its A-weighted level; then come those of its bands, low ones first; then the
    steepest rise within 20 ms of each of the wider bands, in windows that end in the hop.
    """
    whole = np.stack([loudness_db(audio) for audio in audio_BTF.flatten(1).numpy()])
    whole_BT1 = torch.from_numpy(whole).float()[..., None]
    level_BTL = torch.cat([whole_BT1, _bands_db(audio_BTF), _rises_db(audio_BTF)], dim=-1) / 10
    low_L, high_L = lowest_and_highest()
    return level_BTL.clamp(low_L, high_L)


def lowest_and_highest() -> tuple[Tensor, Tensor]:
    """Return the ends of the values of :func:`hop_levels`, ``(TOLD,)`` each."""
    low_L, high_L = torch.tensor([LEVELS, *[BAND_LEVELS] * BANDS, *[RISING] * RISES]).T
    return low_L, high_L


def _bands_db(audio_BTF: Tensor) -> Tensor:
    power_BTM = _power(audio_BTF, BANDS)
    level_BTM: Tensor = 10 * power_BTM.clamp(min=1e-12).log10()
    return level_BTM


def _rises_db(audio_BTF: Tensor) -> Tensor:
    slices = audio_BTF.shape[-1] // _SLICE
    windows_BNF = F.pad(audio_BTF.flatten(1), (_WINDOW - _SLICE, 0)).unfold(1, _WINDOW, _SLICE)
    level_BNM = 10 * (_power(windows_BNF, RISES) + _FAINT).log10()
    rise_BNM = (level_BNM[:, _OVER:] - level_BNM[:, :-_OVER]).clamp(min=0)
    rise_BTSM = F.pad(rise_BNM, (0, 0, _OVER, 0)).view(*audio_BTF.shape[:2], slices, RISES)
    return rise_BTSM.amax(2)


def _power(audio_BTF: Tensor, bands: int) -> Tensor:
    """Return the power of bands, 1 for a sine at full scale."""
    frames = audio_BTF.shape[-1]
    window_F = torch.hann_window(frames)
    power_BTK = torch.fft.rfft(audio_BTF * window_F).abs().div(window_F.sum() / 2).square()
    power_BTM: Tensor = power_BTK @ mel_filters(SAMPLE_RATE, frames, bands).float()
    return power_BTM
