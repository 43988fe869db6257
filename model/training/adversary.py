"""Adversarial losses of one batch of latents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.batches import Batch
from model.discriminator import Discriminator
from model.losses import relativistic
from model.training.precision import fast_products

__all__ = [
    "Question",
    "Verdict",
    "change",
    "judge_both",
    "judge_made",
    "quantile_distance",
    "random_lag",
]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the discriminator is trained on."""

    adversarial: Tensor
    """Real stems should score above played ones."""
    matching: Tensor | None
    """Real stems should score above the same stems beside a wrong mix, if that was asked."""
    penalty: Tensor | None
    """Mean squared slope of the score at real or at played stems, if that was asked."""
    real_B: Tensor
    """Scores of the real stems, without gradient."""
    gap: Tensor
    """Mean score of real stems minus that of played ones; healthy from 0.5 to 3."""

    def figures(self) -> dict[str, Tensor]:
        """Return them for the log."""
        figures = {"discriminator": self.adversarial, "gap": self.gap}
        if self.matching is not None:
            figures["matching"] = self.matching
        if self.penalty is not None:
            figures["penalty"] = self.penalty
        return {name: value.detach() for name, value in figures.items()}


class Question(Enum):
    """The third thing a discriminator is asked in one pass, beside real and played stems."""

    WRONG_MIX = auto()
    """The real stems beside another mix."""
    SLOPE_AT_REAL = auto()
    """How steep the score is at the real stems."""
    SLOPE_AT_PLAYED = auto()
    """How steep it is at the played ones."""


def judge_both(
    discriminator: Discriminator,
    batch: Batch,
    made_BTC: Tensor,
    *,
    mix_drop: float,
    question: Question | None,
    probe: float,
) -> Verdict:
    """Judge real and played stems, and one thing more, in one pass.

    Args:
        discriminator: The judge; gradients flow into it only.
        batch: Real stems and their mixes.
        made_BTC: What the generator played to those mixes.
        mix_drop: Share of items judged without mix and annotation: is it a stem at all?
        question: The one thing more, if any.
        probe: Deviation of the noise by which slopes are measured.

    Source:
        Finite-difference R1 and R2: Lin et al. 2025 (APT), arXiv:2501.08316. Mismatched
        conditions as negatives: Novack et al. 2025 (ARC), arXiv:2505.08175. Slopes at some of
        the steps only: Karras et al. 2020 (StyleGAN2), arXiv:1912.04958. Asking for one thing
        at a time is ours: it takes three passes where all at once take five.
    """
    size = len(made_BTC)
    kept_B11 = (torch.rand(size, 1, 1, device=made_BTC.device) >= mix_drop).float()
    heard_B11 = 1 - batch.unheard_B[:, None, None]
    right = torch.cat([batch.mix_BTC * heard_B11, batch.annotation_BTC], dim=-1) * kept_B11
    mixes, stems = [right, right], [batch.stem_BTC, made_BTC]
    if question is Question.WRONG_MIX:
        wrong_BTC = batch.other_mix_BTC * heard_B11
        mixes.append(torch.cat([wrong_BTC, batch.other_annotation_BTC], dim=-1) * kept_B11)
        stems.append(batch.stem_BTC)
    elif question is not None:
        probed_BTC = stems[question is Question.SLOPE_AT_PLAYED]
        mixes.append(right)
        stems.append(probed_BTC + probe * torch.randn_like(probed_BTC))
    groups = len(stems)
    with fast_products(made_BTC.device):
        scores = discriminator(
            torch.cat(mixes),
            torch.cat(stems),
            batch.stem_B.repeat(groups),
            batch.groove_B.repeat(groups),
            groups=groups,
        )
    real_B, made_B, *third = scores.chunk(groups)
    matching = penalty = None
    if question is Question.WRONG_MIX:
        kept_B = kept_B11[:, 0, 0]
        matching = (F.softplus(third[0] - real_B) * kept_B).sum() / kept_B.sum().clamp(min=1)
    elif question is not None:
        probed_B = (real_B, made_B)[question is Question.SLOPE_AT_PLAYED]
        penalty = (third[0] - probed_B).square().mean() / probe**2
    gap = (real_B - made_B).mean().detach()
    return Verdict(relativistic(real_B, made_B), matching, penalty, real_B.detach(), gap)


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
    with fast_products(made_BTC.device):
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
    channels = made_BTC.shape[-1]
    weight_C = (torch.arange(channels, device=made_BTC.device) + 1.0).rsqrt()
    weight_C = weight_C / weight_C.sum()
    made_CBT, real_CBT = (stem_BTC.permute(2, 0, 1) for stem_BTC in (made_BTC, real_BTC))
    distances = []
    for group in torch.unique(group_B):
        rows = torch.nonzero(group_B == group)[:, 0]
        made_CN, real_CN = (
            stem_CBT.index_select(1, rows).reshape(channels, -1)
            for stem_CBT in (made_CBT, real_CBT)
        )
        made_CN, real_CN = (x.gather(1, _order(x.detach())) for x in (made_CN, real_CN))
        distances.append((made_CN - real_CN).abs().mean(1) @ weight_C)
    return torch.stack(distances).mean()


def change(stem_BTC: Tensor, hops: int) -> Tensor:
    """Return by how much latents change over so many hops, ``(B, T - hops, C)``."""
    return stem_BTC[:, hops:] - stem_BTC[:, :-hops]


def random_lag() -> int:
    """Return 1, 2 or 4, drawn evenly."""
    return int(2 ** torch.randint(3, ()))


def _order(x_CN: Tensor) -> Tensor:
    """Return the indices that sort each row; NumPy's sort is vectorised, torch's is not."""
    if x_CN.device.type != "cpu":
        return x_CN.argsort(1)
    return torch.from_numpy(np.argsort(x_CN.numpy(), axis=1))
