"""Losses of the vocoder's input: magnitudes and phase advances."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from model.layers.synthesis import PhaseVocoder, phase_likelihood, synthesis_window

__all__ = ["spectral_losses"]


def spectral_losses(
    vocoder: PhaseVocoder, spectra_BTC: Tensor, audio_BT: Tensor, warm_steps: int
) -> tuple[Tensor, Tensor]:
    """Compare the vocoder's input with the spectrum of the true audio.

    Args:
        vocoder: Defines hop and window.
        spectra_BTC: Magnitudes and tendencies, ``(B, T, channels)``.
        audio_BT: The true audio, ``(B, T * hop)``.
        warm_steps: First steps left out.

    Returns:
        Mean absolute difference of log magnitudes, and the negative log-likelihood of the
        true phase advances, weighted by how loud each bin is and, as pitch has few bins to
        an octave in the bass, by how low.
    """
    hop = vocoder.frames
    window = synthesis_window(hop).to(audio_BT)
    # Window t of the vocoder begins one hop before step t: the output trails by a hop.
    padded = F.pad(audio_BT, (hop, 0))
    frames = padded.unfold(1, vocoder.n_fft, hop)
    real_BTF = torch.fft.rfft(frames * window / window.sum() * 2)[:, warm_steps:]
    made_BTC = spectra_BTC[:, warm_steps : warm_steps + real_BTF.shape[1]]
    magnitude_BTF, tendency_BTF2 = vocoder.split(made_BTC)
    parts = torch.view_as_real(real_BTF)
    loud_BTF = (parts[..., 0].square() + parts[..., 1].square()).sqrt()
    level = F.l1_loss((magnitude_BTF + 1e-4).log(), (loud_BTF + 1e-4).log())
    tonal_BTF, centre = real_BTF[..., : vocoder.tonal], vocoder.centre[: vocoder.tonal]
    turn = torch.polar(torch.ones_like(centre), -centre)
    advance_BTF = (tonal_BTF[:, 1:] * tonal_BTF[:, :-1].conj() * turn).angle()
    likelihood = phase_likelihood(tendency_BTF2[:, 1:], advance_BTF)
    loud_BTF = loud_BTF[..., : vocoder.tonal]
    octaves = (torch.arange(vocoder.tonal, device=loud_BTF.device) + 1.0).rsqrt()
    weight_BTF = (loud_BTF[:, 1:] * loud_BTF[:, :-1] + 1e-12).pow(0.25) * octaves
    return level, -(likelihood * weight_BTF).sum() / weight_BTF.sum()
