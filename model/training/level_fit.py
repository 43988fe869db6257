"""Fits the level probe to what a codec's decoder makes of latents."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from random import Random

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.audiofile import SAMPLE_RATE
from model.data.latents import LatentPair
from model.data.pairing import draw_window, loudness_db
from model.layers.spectrum import mel_filters
from model.networks.autoencoder import Autoencoder
from model.networks.level_probe import (
    BANDS,
    PART_BANDS,
    PARTS,
    LevelProbe,
    lowest_and_highest,
)

__all__ = ["fit_level_probe"]

logger = logging.getLogger(__name__)

_HOPS = 64
"""Longest stretch that is learnt from."""
_SOUNDING = 0.75
"""Share of the stretches that are drawn where the stem sounds."""
_MOST_SMOOTHED = 6
_HELD_OUT = 0.1
_RATE, _DECAY, _BATCH = 3e-3, 1e-3, 16


def fit_level_probe(
    autoencoder: Autoencoder,
    pairs: Sequence[LatentPair],
    *,
    stretches: int,
    steps: int,
    seed: int = 0,
) -> LevelProbe:
    """Fit a probe to what a decoder makes of latents; the random state is left as it was.

    It learns from real stems and from what stands for generated ones: blends of two stems,
    smoothed stems, and stems that are scaled and noisy. A linear regression on real ones alone
    is misled: half way between silence and sound it expects sound, and hears silence.

    Args:
        autoencoder: Its decoder is listened to; on the CPU.
        pairs: Encoded stems, made by its encoder.
        stretches: Stretches of up to 64 hops of each of the four kinds, at least 10.
        steps: Steps of the fit.
        seed: Decides what is drawn.

    Returns:
        The probe; its weights receive no gradients.

    Source:
        Ours, and so are the kinds of stretches and how far each goes from real stems.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        stems_BTC = _kinds(pairs, stretches, Random(seed))
        level_BTL = _decoded_level(autoencoder, stems_BTC)
        probe = LevelProbe(stems_BTC.shape[-1])
        order_B = torch.randperm(len(stems_BTC))
        held, learnt = order_B.tensor_split([round(_HELD_OUT * len(order_B))])
        _fit(probe, stems_BTC[learnt], level_BTL[learnt], steps)
    probe.requires_grad_(requires_grad=False)
    missed = probe(stems_BTC[held]) - level_BTL[held]
    variance_L = level_BTL[held].var((0, 1)).clamp(min=1e-6)
    explained_L = 1 - missed.square().mean((0, 1)) / variance_L
    logger.info(
        "the level probe explains %.2f of the variance of the level, %.2f to %.2f of bands, "
        "%.2f to %.2f of those of parts of a hop",
        explained_L[0].item(),
        *(end.item() for end in explained_L[1 : 1 + BANDS].aminmax()),
        *(end.item() for end in explained_L[1 + BANDS :].aminmax()),
    )
    return probe


def _fit(probe: LevelProbe, stems_BTC: Tensor, level_BTL: Tensor, steps: int) -> None:
    optimiser = torch.optim.AdamW(probe.parameters(), _RATE, weight_decay=_DECAY)
    falling = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, total_iters=steps)
    for _ in range(steps):
        some = torch.randint(len(stems_BTC), (_BATCH,))
        optimiser.zero_grad(set_to_none=True)
        loss = F.huber_loss(probe(stems_BTC[some]), level_BTL[some])
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        falling.step()


def _kinds(pairs: Sequence[LatentPair], count: int, rng: Random) -> Tensor:
    """Return real stretches, blends, smoothed ones and noisy ones, ``(4 count, T, latent)``."""
    hops = min(_HOPS, *(len(pair.stem) for pair in pairs))
    real_BTC, other_BTC = (_stretches(pairs, count, hops, rng) for _ in range(2))
    share_B11, share_B1C = torch.rand(count, 1, 1), torch.rand(count, 1, real_BTC.shape[-1])
    blends_BTC = real_BTC.lerp(other_BTC, share_B11 * share_B1C)
    lengths = torch.randint(2, 1 + _MOST_SMOOTHED, (count,)).tolist()
    smooth_BTC = torch.cat(
        [
            _smoothed(stem_BTC, k)
            for stem_BTC, k in zip(torch.split(real_BTC, 1), lengths, strict=True)
        ]
    )
    smooth_BTC = real_BTC.lerp(smooth_BTC, torch.rand_like(share_B1C))
    scale_B11, noise_B11 = 0.4 + 0.8 * torch.rand(count, 1, 1), 0.6 * torch.rand(count, 1, 1)
    noisy_BTC = scale_B11 * real_BTC + noise_B11 * torch.randn_like(real_BTC)
    return torch.cat([real_BTC, blends_BTC, smooth_BTC, noisy_BTC])


def _stretches(pairs: Sequence[LatentPair], count: int, hops: int, rng: Random) -> Tensor:
    drawn = []
    for _ in range(count):
        pair = rng.choice(pairs)
        start = None
        if rng.random() < _SOUNDING:
            level = pair.stem_db.astype(np.float64)
            start = draw_window(rng, level, level, hops)
        if start is None:
            start = rng.randrange(len(pair.stem) - hops + 1)
        drawn.append(pair.stem[start : start + hops].astype(np.float32))
    return torch.from_numpy(np.stack(drawn))


def _smoothed(stem_BTC: Tensor, hops: int) -> Tensor:
    late_BCT = F.pad(stem_BTC.transpose(1, 2), (hops - 1, 0), mode="replicate")
    return F.avg_pool1d(late_BCT, hops, stride=1).transpose(1, 2)


@torch.inference_mode()
def _decoded_level(autoencoder: Autoencoder, stems_BTC: Tensor) -> Tensor:
    hops, levels = stems_BTC.shape[1], []
    for some_BTC in torch.split(stems_BTC, _BATCH):
        audio_BTF = autoencoder.decoder(some_BTC)[..., 0].unflatten(1, (hops, -1))
        whole = np.stack([loudness_db(audio) for audio in audio_BTF.flatten(1).numpy()])
        whole_BT1 = torch.from_numpy(whole).float()[..., None]
        parts_BTM = _band_levels_db(audio_BTF.unflatten(-1, (PARTS, -1)), PART_BANDS).flatten(2)
        told = (whole_BT1, _band_levels_db(audio_BTF, BANDS), parts_BTM)
        levels.append(torch.cat(told, dim=-1) / 10)
    low_L, high_L = lowest_and_highest()
    return torch.cat(levels).clamp(low_L, high_L)


def _band_levels_db(audio_F: Tensor, bands: int) -> Tensor:
    """Return the level of each band, ``(..., frames) -> (..., bands)``."""
    frames = audio_F.shape[-1]
    window_F = torch.hann_window(frames)
    power_F = torch.fft.rfft(audio_F * window_F).abs().div(window_F.sum() / 2).square()
    power_M = power_F @ mel_filters(SAMPLE_RATE, frames, bands).float()
    level_M: Tensor = 10 * power_M.clamp(min=1e-12).log10()
    return level_M
