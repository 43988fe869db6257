"""Metrics of how much the output varies with mix, seed and noise during training."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from model.data.batches import Batch
from model.networks.annotation import COUNT

__all__ = ["groove_entropy", "jitter", "variety"]

PLACES = 16
"""Positions in a bar at which a groove plays or rests."""


@torch.no_grad()
def variety(take: Callable[[Batch, int], Tensor], batch: Batch) -> dict[str, float]:
    """Return metrics for the log: sensitivity to noise and mix, and diversity of grooves.

    Args:
        take: Returns the stems generated for a batch with the seed and noise of that number;
            all other conditions are the same each time.
        batch: Mixes and real stems.

    Returns:
        Half the mean squared difference, as a share of the variance of the real stems, of two
        takes with other noise and seed (``noise_gain``), of two takes with another mix
        (``condition_gain``), and of real stems of one class and groove (``song_gain``, if
        there are any); ``groove_entropy``, and ``groove_entropy_real`` of the real stems.
    """
    swapped = replace(
        batch,
        mix_BTC=batch.other_mix_BTC,
        annotation_BTC=batch.other_annotation_BTC,
        other_mix_BTC=batch.mix_BTC,
        other_annotation_BTC=batch.annotation_BTC,
    )
    one, other_take, other_mix = (
        take(heard, seed) for heard, seed in ((batch, 1), (batch, 2), (swapped, 1))
    )
    variance = batch.stem_BTC.var().item()
    metrics = {
        "noise_gain": (one - other_take).square().mean().item() / 2 / variance,
        "condition_gain": (one - other_mix).square().mean().item() / 2 / variance,
        "groove_entropy": groove_entropy(one, batch.annotation_BTC),
        "groove_entropy_real": groove_entropy(batch.stem_BTC, batch.annotation_BTC),
    }
    songs = _between_songs(batch)
    return metrics if songs is None else {**metrics, "song_gain": songs / variance}


def _between_songs(batch: Batch) -> float | None:
    """Return half the mean squared difference of true stems of one class and groove."""
    style_B = batch.stem_B * (1 + int(batch.groove_B.max())) + batch.groove_B
    one_N, other_N = torch.nonzero((style_B[:, None] == style_B).triu(1), as_tuple=True)
    if not len(one_N):
        return None
    apart = batch.stem_BTC[one_N] - batch.stem_BTC[other_N]
    return apart.square().mean().item() / 2


def jitter(made_BTC: Tensor, real_BTC: Tensor) -> Tensor:
    """Return how much generated latents change from hop to hop; 1 is as much as real ones.

    Args:
        made_BTC: Generated stems, ``(B, T, latent)``.
        real_BTC: Real stems.

    Returns:
        Ratio of the standard deviations of the differences, averaged over the first eight
        channels, which carry most of the sound.
    """
    made_C, real_C = (
        stem_BTC[..., :8].diff(dim=1).std((0, 1)) for stem_BTC in (made_BTC, real_BTC)
    )
    return (made_C / real_C).mean()


def groove_entropy(stem_BTC: Tensor, annotation_BTC: Tensor) -> float:
    """Return how much the grooves of a batch differ, in bits per position of the bar, 0..1.

    At each position a stem plays if it is louder than its average; 0 means that all agree
    everywhere, 1 that half of them play at any position. Latent channel 0 stands for level.

    Args:
        stem_BTC: Stem latents, ``(B, T, latent)``.
        annotation_BTC: Annotation with the position in the bar, ``(B, T, ANNOTATION)``; hops
            without a count are ignored. With fewer than two counted streams the result is 0.
    """
    sine_BT, cosine_BT = annotation_BTC[..., 2], annotation_BTC[..., 3]
    known_BT = annotation_BTC[..., COUNT]
    turn_BT = torch.atan2(sine_BT, cosine_BT) / (2 * math.pi) % 1
    place_BT = (turn_BT * PLACES).long().clamp(max=PLACES - 1)
    count_BP = torch.zeros(len(stem_BTC), PLACES).to(stem_BTC)
    level_BP = count_BP.scatter_add(1, place_BT, stem_BTC[..., 0] * known_BT)
    count_BP = count_BP.scatter_add(1, place_BT, known_BT)
    counted_B = (count_BP > 0).all(1)
    if int(counted_B.sum()) < 2:
        return 0.0
    mean_BP = (level_BP / count_BP.clamp(min=1))[counted_B]
    share_P = (mean_BP > mean_BP.mean(1, keepdim=True)).float().mean(0)
    entropy_P = -torch.special.xlogy(share_P, share_P)
    entropy_P = entropy_P - torch.special.xlogy(1 - share_P, 1 - share_P)
    bits: float = entropy_P.mean().item() / math.log(2)
    return bits
