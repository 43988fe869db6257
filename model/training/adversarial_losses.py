"""Adversarial losses for one batch of latents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.batches import Batch
from model.networks.discriminator import Discriminator
from model.networks.losses import relativistic
from model.training.precision import fast_matmul

__all__ = [
    "DiscriminatorLosses",
    "DiscriminatorTerm",
    "channel_weights",
    "discriminator_losses",
    "generator_loss",
]


@dataclass(frozen=True, slots=True)
class DiscriminatorLosses:
    """Losses and scores of the discriminator for one batch."""

    adversarial: Tensor
    """Relativistic loss: real stems should score above generated ones."""
    matching: Tensor | None
    """Loss on real stems beside a mismatched mix, to score lower; None if left out."""
    penalty: Tensor | None
    """Gradient penalty at real or at generated stems; None if left out."""
    real_B: Tensor
    """Scores of the real stems, without gradient."""
    gap: Tensor
    """Mean score of real stems minus that of generated ones; healthy from 0.5 to 3."""

    def metrics(self) -> dict[str, Tensor]:
        """Return the losses for the log, detached."""
        metrics = {"discriminator": self.adversarial, "gap": self.gap}
        if self.matching is not None:
            metrics["matching"] = self.matching
        if self.penalty is not None:
            metrics["penalty"] = self.penalty
        return {name: value.detach() for name, value in metrics.items()}


class DiscriminatorTerm(Enum):
    """Optional third term of a discriminator pass, beside real and generated stems."""

    MISMATCHED_MIX = auto()
    """Real stems beside another mix, as negatives."""
    PENALTY_AT_REAL = auto()
    """Gradient penalty at the real stems (R1)."""
    PENALTY_AT_GENERATED = auto()
    """Gradient penalty at the generated stems (R2)."""


def discriminator_losses(
    discriminator: Discriminator,
    batch: Batch,
    made_BTC: Tensor,
    *,
    mix_drop: float,
    term: DiscriminatorTerm | None,
    probe: float,
) -> DiscriminatorLosses:
    """Return the discriminator's losses for real and generated stems, in one pass.

    Args:
        discriminator: The only network that receives gradients.
        batch: Real stems and their mixes.
        made_BTC: Stems generated for those mixes, detached.
        mix_drop: Share of items scored without mix and annotation, on the stem alone.
        term: Third term of the pass, if any.
        probe: Standard deviation of the noise of the finite-difference penalty.

    Source:
        Finite-difference R1 and R2: Lin et al. 2025 (APT), arXiv:2501.08316. Mismatched
        conditions as negatives: Novack et al. 2025 (ARC), arXiv:2505.08175. Penalties at some
        of the steps only: Karras et al. 2020 (StyleGAN2), arXiv:1912.04958. One extra term at
        a time is ours: it costs three passes, where all terms at once cost five.
    """
    size = len(made_BTC)
    kept_B11 = (torch.rand(size, 1, 1, device=made_BTC.device) >= mix_drop).float()
    heard_B11 = 1 - batch.unheard_B[:, None, None]
    right = torch.cat([batch.mix_BTC * heard_B11, batch.annotation_BTC], dim=-1) * kept_B11
    mixes, stems = [right, right], [batch.stem_BTC, made_BTC]
    if term is DiscriminatorTerm.MISMATCHED_MIX:
        wrong_BTC = batch.other_mix_BTC * heard_B11
        mixes.append(torch.cat([wrong_BTC, batch.other_annotation_BTC], dim=-1) * kept_B11)
        stems.append(batch.stem_BTC)
    elif term is not None:
        probed_BTC = stems[term is DiscriminatorTerm.PENALTY_AT_GENERATED]
        mixes.append(right)
        stems.append(probed_BTC + probe * torch.randn_like(probed_BTC))
    groups = len(stems)
    with fast_matmul(made_BTC.device):
        scores = discriminator(
            torch.cat(mixes),
            torch.cat(stems),
            batch.stem_B.repeat(groups),
            batch.groove_B.repeat(groups),
            groups=groups,
        )
    real_B, made_B, *third = scores.chunk(groups)
    matching = penalty = None
    if term is DiscriminatorTerm.MISMATCHED_MIX:
        kept_B = kept_B11[:, 0, 0]
        matching = (F.softplus(third[0] - real_B) * kept_B).sum() / kept_B.sum().clamp(min=1)
    elif term is not None:
        probed_B = (real_B, made_B)[term is DiscriminatorTerm.PENALTY_AT_GENERATED]
        penalty = (third[0] - probed_B).square().mean() / probe**2
    gap = (real_B - made_B).mean().detach()
    return DiscriminatorLosses(
        relativistic(real_B, made_B), matching, penalty, real_B.detach(), gap
    )


def generator_loss(
    discriminator: Discriminator, batch: Batch, made_BTC: Tensor, real_B: Tensor
) -> Tensor:
    """Return the generator's relativistic loss: its stems should score above real ones.

    Args:
        discriminator: Its weights receive no gradients.
        batch: Mixes and annotations.
        made_BTC: Stems generated for those mixes.
        real_B: Scores of the real stems beside the same mixes.
    """
    mix_BTC = torch.cat([batch.mix_BTC, batch.annotation_BTC], dim=-1)
    discriminator.requires_grad_(False)
    with fast_matmul(made_BTC.device):
        made_B = discriminator(mix_BTC, made_BTC, batch.stem_B, batch.groove_B)
    discriminator.requires_grad_(True)
    return relativistic(made_B, real_B)


def channel_weights(stem_BTC: Tensor) -> Tensor:
    """Return the weight of each channel of latents in a distance, ``(C,)``, of sum 1.

    Early channels carry more of the sound's energy, the first its level, and weigh more.
    """
    weight_C = (torch.arange(stem_BTC.shape[-1], device=stem_BTC.device) + 1.0).rsqrt()
    return weight_C / weight_C.sum()
