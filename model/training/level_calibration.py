"""Calibration of a trained decoder's level, band by band."""

from __future__ import annotations

import random

import numpy as np
import torch
from torch import Tensor

from model.data.crops import TrainingAudio, crop_batch
from model.layers.magnitudes import hann_magnitudes
from model.layers.spectrum import mel_filters
from model.networks.autoencoder import Autoencoder

__all__ = ["calibrate_level"]

_WINDOW, _BANDS = 1024, 24
_BATCH = 8
_WARM_HOPS = 5
_LARGEST = 0.7
"""Largest error of a crop's band that counts, natural log of amplitude: 6 dB."""
_LEFT = 0.015
"""Error left in every band, 0.13 dB: the distance of log spectra grows with the level of what
cannot be foretold, by 0.017 where the whole error was mended."""


@torch.inference_mode()
def calibrate_level(
    autoencoder: Autoencoder, material: TrainingAudio, *, crops: int = 192, seconds: float = 3.0
) -> None:
    """Add to the decoder's log magnitudes most of what they lack, on average, in 24 mel bands.

    A decoder trained by distances of spectra plays too softly what it cannot foretell, since
    the best guess for an unknown magnitude is its median, and slices of differing phase add up
    to less than their magnitudes. Costs nothing when playing: the last layer's bias changes.

    Args:
        autoencoder: Fully trained, on the CPU.
        material: Audio to measure on.
        crops: Number of crops, rounded down to a multiple of 8, at least 8.
        seconds: Length of each crop; its first five hops are left out.
    """
    config, decoder = autoencoder.config, autoencoder.decoder
    hops = int(seconds * config.hop_rate_hz)
    rng, errors, shares = random.Random(1), [], []
    filters = mel_filters(config.sample_rate, _WINDOW, _BANDS).float()
    for _ in range(crops // _BATCH):
        audio_BT = torch.from_numpy(crop_batch(material, _BATCH, hops * config.hop, rng))
        made_BT = decoder(autoencoder.encoder(audio_BT[..., None]))[..., 0]
        warm, late = _WARM_HOPS * config.hop, config.inner
        true_BM = _energies(audio_BT[:, warm:-late], filters)
        made_BM = _energies(made_BT[:, warm + late :], filters)
        error_BM = 0.5 * torch.log((true_BM + 1e-9) / (made_BM + 1e-9))
        errors.append(error_BM.clamp(-_LARGEST, _LARGEST))
        shares.append(true_BM / true_BM.sum(1, keepdim=True).clamp(min=1e-9))
    error_NM, share_NM = torch.cat(errors), torch.cat(shares)
    gain_M = (share_NM * error_NM).sum(0) / share_NM.sum(0).clamp(min=1e-9)
    gain_M = gain_M.sign() * (gain_M.abs() - _LEFT).clamp(min=0)
    bins = decoder.vocoder.bins
    decoder.head.bias[:bins] += _between_bands(gain_M, filters, bins)


def _energies(audio_BT: Tensor, filters: Tensor) -> Tensor:
    """Return the mean energy in each band, ``(B, bands)``."""
    return (hann_magnitudes(audio_BT, _WINDOW).square() @ filters).mean(1)


def _between_bands(gain_M: Tensor, filters: Tensor, bins: int) -> Tensor:
    """Return a gain for each bin of the vocoder, interpolated between the bands' centres."""
    places = np.linspace(0, 1, len(filters))
    centres = (places[:, None] * filters.numpy()).sum(0) / filters.numpy().sum(0)
    return torch.from_numpy(np.interp(np.linspace(0, 1, bins), centres, gain_M.numpy())).float()
