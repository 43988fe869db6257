"""Sequence discriminator of the generator's training: scores pairs of mix and stem."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.layers.activation import gelu
from model.networks.annotation import ANNOTATION
from model.networks.level_probe import BAND_LEVELS, TOLD, LevelProbe

__all__ = ["Discriminator", "DiscriminatorConfig"]

_MIDDLE, _SPREAD = sum(BAND_LEVELS) / 2, 2.0
"""Middle of the levels of a band, and about how far true ones lie from it, in bel."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DiscriminatorConfig:
    """Sizes of the discriminator."""

    latent: int = 64
    """Channels of mix and stem latents."""
    channels: int = 192
    """Width of the transformer."""
    depth: int = 4
    """Blocks."""
    heads: int = 3
    """Attention heads."""
    patch: int = 2
    """Hops seen as one token."""
    stems: int = 7
    """Number of stem classes."""
    grooves: int = 0
    """Number of groove labels."""
    hops: int = 512
    """Longest sequence, in hops."""


class _Block(nn.Module):
    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(channels)
        self.project = nn.Linear(channels, 3 * channels)
        self.merge = nn.Linear(channels, channels)
        self.mlp_norm = nn.LayerNorm(channels)
        self.widen = nn.Linear(channels, 3 * channels)
        self.narrow = nn.Linear(3 * channels, channels)

    def forward(self, x_BTC: Tensor) -> Tensor:
        split = self.project(self.attention_norm(x_BTC)).unflatten(-1, (3, self.heads, -1))
        q_BHTD, k_BHTD, v_BHTD = split.permute(2, 0, 3, 1, 4)
        # Two products are faster than the fused attention of a CPU, above all backwards.
        score_BHTT = (q_BHTD * q_BHTD.shape[-1] ** -0.5) @ k_BHTD.mT
        y_BHTD = score_BHTT.softmax(-1) @ v_BHTD
        x_BTC = x_BTC + self.merge(y_BHTD.transpose(1, 2).flatten(2))
        y_BTC = self.narrow(gelu(self.widen(self.mlp_norm(x_BTC))))
        out_BTC: Tensor = x_BTC + y_BTC
        return out_BTC


class Discriminator(nn.Module):
    """Bidirectional transformer over mix and stem latents side by side.

    Both are in true time, without the generator's delay, so that wrong predictions of music
    not yet heard lower the score. The annotation of the mix, where there is one, is part of the
    input; the network need not learn to track the beat itself. It is told what mix and stem
    sound like as well, as :attr:`probe` hears them: how loud, in which bands, and when in a
    hop. In latents that is spread over all channels, and small beside the rest.

    Args:
        config: Sizes.

    Attributes:
        probe: Fitted elsewhere; receives no gradients of its own.
    """

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__()
        c = self.config = config
        self.enter = nn.Linear((2 * c.latent + ANNOTATION) * c.patch, c.channels)
        self.probe = LevelProbe(c.latent).requires_grad_(requires_grad=False)
        self.listen = nn.Linear(2 * TOLD * c.patch, c.channels, bias=False)
        nn.init.zeros_(self.listen.weight)
        self.position = nn.Parameter(torch.randn(c.hops // c.patch, c.channels) * 0.02)
        self.stem = nn.Embedding(c.stems, c.channels)
        self.groove = nn.Embedding(1 + c.grooves, c.channels)
        self.blocks = nn.ModuleList(_Block(c.channels, c.heads) for _ in range(c.depth))
        self.norm = nn.LayerNorm(c.channels)
        self.local = nn.Linear(c.channels, 1)
        self.whole = nn.Linear(c.channels + 1, c.channels)
        self.verdict = nn.Linear(c.channels, 1)
        self.match = nn.Embedding(c.stems, c.channels)

    def forward(
        self,
        mix_BTC: Tensor,
        stem_BTC: Tensor,
        stem_B: Tensor,
        groove_B: Tensor,
        *,
        groups: int = 1,
    ) -> Tensor:
        """Score each pair; higher is more real and more fitting.

        Args:
            mix_BTC: Mix latents and annotation, ``(B, T, latent + ANNOTATION)``; T a
                multiple of ``config.patch``.
            stem_BTC: Stem latents over the same hops, ``(B, T, latent)``.
            stem_B: Stem class indices, int64 ``(B,)``.
            groove_B: 1 + groove label, or 0 where it is unknown, int64 ``(B,)``.
            groups: Number of batches concatenated along B; the spread is taken within each.

        Returns:
            Unbounded scores ``(B,)``: mean of the local scores plus a global score.
        """
        pair_BTC = torch.cat([mix_BTC, stem_BTC], dim=-1)
        batch, hops, _ = pair_BTC.shape
        patches = hops // self.config.patch
        h_BTC = self.enter(pair_BTC.reshape(batch, patches, -1))
        sounds_BTC = self._sounds(mix_BTC[..., : self.config.latent], stem_BTC)
        h_BTC = h_BTC + self.listen(sounds_BTC.reshape(batch, patches, -1))
        h_BTC = h_BTC + self.position[: h_BTC.shape[1]] + self.stem(stem_B)[:, None]
        h_BTC = h_BTC + self.groove(groove_B)[:, None]
        for block in self.blocks:
            h_BTC = block(h_BTC)
        h_BTC = self.norm(h_BTC)
        pooled_BC = h_BTC.mean(1)
        # Minibatch standard deviation, against mode collapse: Karras et al. 2017,
        # arXiv:1710.10196.
        stems_GBTC = stem_BTC.float().reshape(groups, -1, *stem_BTC.shape[1:])
        apart_GBTC = stems_GBTC - stems_GBTC.mean(1, keepdim=True)
        variance_GTC = apart_GBTC.square().sum(1) / (stems_GBTC.shape[1] - 1)
        spread = (variance_GTC + 1e-12).sqrt().mean((1, 2))
        spread_BC = spread.repeat_interleave(batch // groups)[:, None].to(pooled_BC.dtype)
        pooled_BC = torch.cat([pooled_BC, spread_BC], dim=-1)
        whole_BC = F.silu(self.whole(pooled_BC))
        whole_B = self.verdict(whole_BC)[:, 0] + (whole_BC * self.match(stem_B)).sum(-1) * 0.1
        score: Tensor = self.local(h_BTC)[..., 0].float().mean(1) + whole_B.float()
        return score

    def _sounds(self, mix_BTC: Tensor, stem_BTC: Tensor) -> Tensor:
        """Return levels of mix and stem, ``(B, T, 2 TOLD)``, as large as latents."""
        level_BTL = self.probe(torch.cat([mix_BTC, stem_BTC]))
        return torch.cat(((level_BTL - _MIDDLE) / _SPREAD).chunk(2), dim=-1)

    def requires_grad_(self, requires_grad: bool = True) -> Discriminator:
        """Let the weights receive gradients, or not; those of the probe never do."""
        super().requires_grad_(requires_grad)
        self.probe.requires_grad_(requires_grad=False)
        return self
