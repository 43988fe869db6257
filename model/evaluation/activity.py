"""Figures of musical activity: silence, onsets, and change of latents."""

from __future__ import annotations

import numpy as np
import torch

from model.array_types import Audio, Float64Array
from model.evaluation.onsets import onset_times
from model.networks.autoencoder import Autoencoder

__all__ = ["latent_jitter", "onset_rate", "silent_share"]


SLICE_S = 0.1
SILENT_DB = -60.0
"""RMS level, relative to full scale, below which a slice is silent."""
WARM_HOPS = 10
"""First hops of a stretch, in which the encoder is still warming up: left out."""
CHANNELS = 8
"""First channels of a latent, which carry most of the sound."""


def silent_share(stem: Audio, rate: int) -> float:
    """Return the share of silent slices of 100 ms, 0..1.

    Args:
        stem: ``(frames,)``; a part of a slice at the end is left out.
        rate: Frames per second.
    """
    size = round(SLICE_S * rate)
    slices = stem[: len(stem) // size * size].reshape(-1, size)
    power = np.square(slices, dtype=np.float64).mean(1)
    return float(np.mean(power < 10 ** (SILENT_DB / 10)))


def onset_rate(heard: Float64Array, seconds: float) -> float:
    """Return clear onsets per second of a stem."""
    return len(onset_times(heard)) / seconds


@torch.inference_mode()
def latent_jitter(autoencoder: Autoencoder, stem: Audio, truth: Audio) -> float | None:
    """Return the change of a stem's latents from hop to hop, relative to the true stem's.

    Args:
        autoencoder: Whose latents.
        stem: What was played, ``(frames,)``.
        truth: The true stem, as long.

    Returns:
        Ratio of the deviations of the change, mean over the first eight channels; 1 where a
        stem moves as true ones do. None where the true stem does not move, or
        where there are less than a dozen hops.
    """
    hop = autoencoder.config.hop
    frames = len(truth) // hop * hop
    audio_BTC = torch.from_numpy(np.stack([stem[:frames], truth[:frames]]))[..., None]
    latent_BTC = autoencoder.encoder(audio_BTC)[:, WARM_HOPS:, :CHANNELS]
    changes_BTC = latent_BTC.diff(dim=1)
    made_C, true_C = changes_BTC.std(1)
    if not bool((true_C > 1e-6).all()):  # NaN of too few hops as well
        return None
    return float((made_C / true_C).mean())
