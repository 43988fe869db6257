"""Adversarial losses of one batch of latents."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.batches import Batch
from model.discriminator import Discriminator
from model.losses import relativistic

__all__ = ["Verdict", "judge_both", "judge_made", "quantile_distance"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the discriminator is trained on."""

    adversarial: Tensor
    """Real stems should score above played ones."""
    matching: Tensor
    """Real stems should score above the same stems beside a wrong mix."""
    penalty: Tensor
    """Mean squared slope of the score at real and at played stems; 0 if not probed."""
    real_B: Tensor
    """Scores of the real stems, without gradient."""
    gap: Tensor
    """Mean score of real stems minus that of played ones; healthy from 0.5 to 3."""

    def figures(self) -> dict[str, Tensor]:
        """Return them for the log."""
        names = {"adversarial": "discriminator", "matching": "matching", "gap": "gap"}
        return {label: getattr(self, name).detach() for name, label in names.items()}


def judge_both(
    discriminator: Discriminator,
    batch: Batch,
    made_BTC: Tensor,
    *,
    mix_drop: float,
    probe: float | None,
) -> Verdict:
    """Judge real and played stems, right and wrong mixes, in one pass.

    Args:
        discriminator: The judge; gradients flow into it only.
        batch: Real stems and their mixes.
        made_BTC: What the generator played to those mixes.
        mix_drop: Share of items judged without mix and annotation: is it a stem at all?
        probe: Deviation of the noise by which slopes are measured; None to leave that out.

    Source:
        Finite-difference R1 and R2: Lin et al. 2025 (APT), arXiv:2501.08316. Mismatched
        conditions as negatives: Novack et al. 2025 (ARC), arXiv:2505.08175.
    """
    size = len(made_BTC)
    kept_B11 = (torch.rand(size, 1, 1, device=made_BTC.device) >= mix_drop).float()
    heard_B11 = 1 - batch.unheard_B[:, None, None]
    right = torch.cat([batch.mix_BTC * heard_B11, batch.annotation_BTC], dim=-1) * kept_B11
    wrong_mix_BTC = batch.other_mix_BTC * heard_B11
    wrong = torch.cat([wrong_mix_BTC, batch.other_annotation_BTC], dim=-1) * kept_B11
    cases = [(right, batch.stem_BTC), (right, made_BTC), (wrong, batch.stem_BTC)]
    if probe is not None:
        shake_BTC = probe * torch.randn_like(made_BTC)
        cases += [(right, batch.stem_BTC + shake_BTC), (right, made_BTC + shake_BTC)]
    mixes, stems = (torch.cat(side) for side in zip(*cases, strict=True))
    count = len(cases)
    with torch.autocast(mixes.device.type, dtype=torch.bfloat16):
        scores = discriminator(
            mixes, stems, batch.stem_B.repeat(count), batch.groove_B.repeat(count), groups=count
        )
    real_B, made_B, strange_B, *shaken = scores.chunk(count)
    penalty = scores.new_zeros(())
    if probe is not None:
        slopes = [(a - b).square() for a, b in zip(shaken, (real_B, made_B), strict=True)]
        penalty = torch.cat(slopes).mean() * 2 / probe**2
    kept_B = kept_B11[:, 0, 0]
    matching = (F.softplus(strange_B - real_B) * kept_B).sum() / kept_B.sum().clamp(min=1)
    gap = (real_B - made_B).mean().detach()
    adversarial = relativistic(real_B, made_B)
    return Verdict(adversarial, matching, penalty, real_B.detach(), gap)


def judge_made(
    discriminator: Discriminator, batch: Batch, made_BTC: Tensor, real_B: Tensor
) -> Tensor:
    """Return the generator's loss: played stems should score above real ones.

    Args:
        discriminator: The judge; no gradients flow into its weights.
        batch: The mixes played to.
        made_BTC: What the generator played.
        real_B: Scores of the real stems beside the same mixes.
    """
    mix_BTC = torch.cat([batch.mix_BTC, batch.annotation_BTC], dim=-1)
    discriminator.requires_grad_(False)
    with torch.autocast(made_BTC.device.type, dtype=torch.bfloat16):
        made_B = discriminator(mix_BTC, made_BTC, batch.stem_B, batch.groove_B)
    discriminator.requires_grad_(True)
    return relativistic(made_B, real_B)


def quantile_distance(made_BTC: Tensor, real_BTC: Tensor, group_B: Tensor) -> Tensor:
    """Return how far the values of every channel are distributed apart, group by group.

    Groups that cannot know much, such as a long anticipation or drums, would otherwise fall
    silent rather than be caught wrong, and the others would play louder to make up for it.
    Early channels carry more of the sound's energy, the first its level, and weigh more.

    Args:
        made_BTC: Stems played.
        real_BTC: Stems as they were, over the same hops.
        group_B: Group of each item, int64 ``(B,)``.

    Returns:
        Mean over the groups of the weighted mean over the channels of the Wasserstein-1
        distance; 0 where the values are the same in any order.

    Source:
        Sliced Wasserstein distance along fixed directions: Deshpande et al. 2018,
        arXiv:1803.11188. The groups and weights are ours.
    """
    weight_C = (torch.arange(made_BTC.shape[-1], device=made_BTC.device) + 1.0).rsqrt()
    weight_C = weight_C / weight_C.sum()
    distances = []
    for group in torch.unique(group_B):
        made_CN, real_CN = (
            stem_BTC[group_B == group].flatten(0, 1).T.contiguous().sort().values
            for stem_BTC in (made_BTC, real_BTC)
        )
        distances.append((made_CN - real_CN).abs().mean(1) @ weight_C)
    return torch.stack(distances).mean()
