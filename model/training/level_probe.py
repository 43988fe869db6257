"""Network that tells how loud latents sound, and how bright, for losses on generated stems."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from random import Random

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.data.audiofile import SAMPLE_RATE
from model.data.latents import LatentPair
from model.data.pairing import draw_window, loudness_db
from model.layers.spectrum import mel_filters
from model.networks.autoencoder import Autoencoder

__all__ = ["BANDS", "BAND_LEVELS", "LEVELS", "LevelProbe", "fit_level_probe"]

logger = logging.getLogger(__name__)

LEVELS = (-7.2, 0.0)
"""Levels told apart, in bel (tens of dB) relative to full scale: below is silence."""
BANDS = 12
"""Bands of the spectrum whose levels are told too, evenly spaced in mel from 30 Hz on."""
BAND_LEVELS = (-9.0, 0.0)
"""Levels of a band told apart, in bel relative to a sine at full scale."""

_HOPS = 64
"""Longest stretch that is learnt from."""
_HEARD_HOPS = 3
"""A hop and two before it, which still sound in it."""
_SOUNDING = 0.75
"""Share of the stretches that are drawn where the stem sounds."""
_MOST_SMOOTHED = 6
_HELD_OUT = 0.1
_RATE, _DECAY, _BATCH = 3e-3, 1e-3, 16


class LevelProbe(nn.Module):
    """Estimates the level that each hop of latents will be decoded to, and that of each band.

    Args:
        latent: Channels of the latents.
        channels: Width.
    """

    def __init__(self, latent: int, channels: int = 128) -> None:
        super().__init__()
        self.near = nn.Conv1d(latent, channels, _HEARD_HOPS)
        self.join = nn.Conv1d(channels, channels, 1)
        self.tell = nn.Conv1d(channels, 1 + BANDS, 1)
        with torch.no_grad():
            self.tell.bias.copy_(_low_and_high().mean(0))  # type: ignore[union-attr]

    def forward(self, stem_BTC: Tensor) -> Tensor:
        """Return levels in bel, ``(B, T, latent) -> (B, T, 1 + BANDS)``.

        The first is the A-weighted level of the hop, the others are those of its bands, low
        ones first.
        """
        late_BCT = F.pad(stem_BTC.transpose(1, 2), (_HEARD_HOPS - 1, 0))
        level_BLT: Tensor = self.tell(F.silu(self.join(F.silu(self.near(late_BCT)))))
        return level_BLT.transpose(1, 2)


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
        "the level probe explains %.2f of the variance of the level, %.2f to %.2f of bands",
        explained_L[0].item(),
        explained_L[1:].min().item(),
        explained_L[1:].max().item(),
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
        levels.append(torch.cat([whole_BT1, _band_levels_db(audio_BTF)], dim=-1) / 10)
    low_L, high_L = _low_and_high()
    return torch.cat(levels).clamp(low_L, high_L)


def _band_levels_db(audio_BTF: Tensor) -> Tensor:
    """Return the level of each band of each hop, ``(B, T, frames) -> (B, T, BANDS)``."""
    frames = audio_BTF.shape[-1]
    window_F = torch.hann_window(frames)
    power_BTF = torch.fft.rfft(audio_BTF * window_F).abs().div(window_F.sum() / 2).square()
    power_BTM = power_BTF @ mel_filters(SAMPLE_RATE, frames, BANDS).float()
    level_BTM: Tensor = 10 * power_BTM.clamp(min=1e-12).log10()
    return level_BTM


def _low_and_high() -> Tensor:
    """Return the lowest and the highest levels told, ``(2, 1 + BANDS)``."""
    return torch.tensor([LEVELS, *[BAND_LEVELS] * BANDS]).T
