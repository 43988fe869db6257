"""The causal generator: mix latents and noise in, stem latents out, nothing else.

It never hears a target or its own output. Training runs :meth:`Generator.forward` over
whole sequences in parallel, the stage runs :meth:`Generator.step` hop by hop; both compute
the same function.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from model.config import GeneratorConfig
from model.errors import ShapeError
from model.layers.transformer import BlockState, ConditionedBlock
from model.streaming import Streaming, StreamState

__all__ = ["Generator", "GeneratorState", "StreamCondition", "hear_late"]


@dataclass(frozen=True, slots=True)
class StreamCondition:
    """What a batch of streams is asked to be; constant in training, changeable on stage."""

    stem_B: Tensor
    """Index into ``config.stems``, int64 ``(B,)``."""
    anticipation_B: Tensor
    """Index into ``config.anticipations``, int64 ``(B,)``."""
    seed_BC: Tensor
    """Stream-constant noise z_g, standard normal, ``(B, seed_noise)``."""


def hear_late(mix_BTC: Tensor, late_B: Tensor) -> tuple[Tensor, Tensor]:
    """Delay each stream's mix latents so that step k hears mix hop ``k - late``.

    Args:
        mix_BTC: Mix latents, ``(B, T, latent)``.
        late_B: Hops of delay of each stream, ``1 + anticipation``, int64 ``(B,)``, at least 1.

    Returns:
        The delayed latents, zero where nothing was heard yet, and a mask ``(B, T, 1)`` that
        is 1 where something was.

    Raises:
        ShapeError: A delay is below 1: the generator would hear the hop it plays.

    Example:
        >>> mix = torch.arange(1.0, 5.0).view(1, 4, 1)
        >>> heard, mask = hear_late(mix, torch.tensor([1]))
        >>> heard.flatten().tolist(), mask.flatten().tolist()
        ([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 1.0, 1.0])
    """
    if int(late_B.min()) < 1:
        raise ShapeError(f"a stem hop may hear at most the hop before it, got delays {late_B}")
    source_BT = torch.arange(mix_BTC.shape[1], device=mix_BTC.device) - late_B[:, None]
    mask_BTC = (source_BT >= 0)[..., None].to(mix_BTC.dtype)
    index_BTC = source_BT.clamp(min=0)[..., None].expand_as(mix_BTC)
    return mix_BTC.gather(1, index_BTC) * mask_BTC, mask_BTC


@dataclass(slots=True)
class GeneratorState(StreamState):
    """One state per block."""

    blocks: list[BlockState]


class Generator(Streaming[GeneratorState]):
    """Windowed causal transformer from heard mix latents and noise to stem latents.

    Args:
        config: Sizes.

    Source:
        Task and train-test equivalence: Pasini et al. 2026 (LiveBand), arXiv:2606.03803.
        Sizes, the stream-constant noise and the anticipation condition are ours.
    """

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        c = self.config = config
        self.silence = nn.Parameter(torch.zeros(c.latent))
        self.stem = nn.Embedding(len(c.stems), c.condition)
        self.anticipation = nn.Embedding(len(c.anticipations), c.condition)
        self.seed = nn.Linear(c.seed_noise, c.condition)
        self.enter = nn.Linear(c.latent + c.noise, c.channels)
        self.blocks = nn.ModuleList(
            ConditionedBlock(c.channels, heads=c.heads, window=c.window, condition=c.condition)
            for _ in range(c.depth)
        )
        self.norm = nn.LayerNorm(c.channels)
        self.leave = nn.Linear(c.channels, c.latent)

    def init_state(self, batch: int) -> GeneratorState:
        """Return empty rings, unconditioned; call :meth:`condition` before stepping."""
        return GeneratorState([block.init_state(batch) for block in self._blocks()])

    def condition(self, condition: StreamCondition, state: GeneratorState) -> None:
        """Steer every stream from its next step on; what it remembers is kept."""
        vector_BC = (
            self.stem(condition.stem_B)
            + self.anticipation(condition.anticipation_B)
            + self.seed(condition.seed_BC)
        )
        for block, block_state in zip(self._blocks(), state.blocks, strict=True):
            block.condition(vector_BC, block_state)

    def inputs(self, heard_BTC: Tensor, mask_BTC: Tensor, noise_BTC: Tensor) -> Tensor:
        """Join what a step may know; learned latents stand in where nothing was heard yet.

        Args:
            heard_BTC: Delayed mix latents, ``(B, T, latent)``; see :func:`hear_late`.
            mask_BTC: 1 where something was heard, ``(B, T, 1)``.
            noise_BTC: Noise of each hop, ``(B, T, noise)``.

        Returns:
            ``(B, T, latent + noise)``, the input of :meth:`step`.
        """
        return torch.cat([heard_BTC + (1 - mask_BTC) * self.silence, noise_BTC], dim=-1)

    def step(self, x_BTC: Tensor, state: GeneratorState) -> Tensor:
        """Play T hops; ``(B, T, latent + noise) -> (B, T, latent)``."""
        h_BTC = self.enter(x_BTC)
        for block, block_state in zip(self._blocks(), state.blocks, strict=True):
            h_BTC = block.step(h_BTC, block_state)
        latent: Tensor = self.leave(self.norm(h_BTC))
        return latent

    def play(self, mix_BTC: Tensor, noise_BTC: Tensor, condition: StreamCondition) -> Tensor:
        """Play whole sequences in one parallel pass, from a cold start.

        Args:
            mix_BTC: Mix latents in true time, ``(B, T, latent)``; delayed here.
            noise_BTC: Noise of each hop, ``(B, T, noise)``.
            condition: What each stream is asked to be.

        Returns:
            Stem latents in true time, ``(B, T, latent)``.
        """
        state = self.init_state(mix_BTC.shape[0])
        self.condition(condition, state)
        hops = torch.tensor(self.config.anticipations, device=mix_BTC.device)
        heard_BTC, mask_BTC = hear_late(mix_BTC, 1 + hops[condition.anticipation_B])
        return self.step(self.inputs(heard_BTC, mask_BTC, noise_BTC), state)

    def _blocks(self) -> list[ConditionedBlock]:
        return [block for block in self.blocks if isinstance(block, ConditionedBlock)]
