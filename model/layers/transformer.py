"""Transformer blocks with adaptive normalisation by a condition vector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.layers.activation import gelu
from model.layers.attention import RingState, SequencePlan, WindowedAttention
from model.layers.streaming import Streaming, StreamState
from model.layers.tables import SHIFTS

__all__ = ["BlockState", "ConditionedBlock"]


@dataclass(slots=True)
class BlockState(StreamState):
    """Ring buffer and modulation of one block."""

    ring: RingState
    modulation: Tensor
    """``(B, 1, 6 * C)``; zeros leave the block without effect."""


class ConditionedBlock(Streaming[BlockState]):
    """Windowed attention and MLP, each shifted, scaled and gated by a condition vector.

    Args:
        channels: C.
        heads: Attention heads.
        window: Steps the attention sees.
        condition: Channels of the condition vector.
        expansion: Width of the MLP relative to C.

    Source:
        Gated adaptive normalisation starting at zero: Peebles & Xie 2022, arXiv:2212.09748.
    """

    def __init__(
        self, channels: int, *, heads: int, window: int, condition: int, expansion: int = 4
    ) -> None:
        super().__init__()
        self.attention = WindowedAttention(channels, heads=heads, window=window)
        self.attention_norm = nn.LayerNorm(channels, elementwise_affine=False, eps=1e-6)
        self.mlp_norm = nn.LayerNorm(channels, elementwise_affine=False, eps=1e-6)
        self.widen = nn.Linear(channels, expansion * channels)
        self.narrow = nn.Linear(expansion * channels, channels)
        self.modulate = nn.Linear(condition, SHIFTS * channels)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)

    def init_state(self, batch: int) -> BlockState:
        """Return an empty ring and zero modulation."""
        weight = self.modulate.weight
        return BlockState(
            self.attention.init_state(batch), weight.new_zeros(batch, 1, weight.shape[0])
        )

    def condition(self, condition_BC: Tensor, state: BlockState) -> None:
        """Set the condition of every stream from the next step on, ``(B, condition)``."""
        state.modulation = self._modulation(condition_BC)

    def step(self, x_BTC: Tensor, state: BlockState) -> Tensor:
        """Advance by T steps; ``(B, T, C) -> (B, T, C)``."""
        return self._pass(
            x_BTC, state.modulation, lambda y_BTC: self.attention.step(y_BTC, state.ring)
        )

    def run_sequence(self, x_BTC: Tensor, condition_BC: Tensor, plan: SequencePlan) -> Tensor:
        """Process whole sequences from an empty ring; ``(B, T, C) -> (B, T, C)``.

        Args:
            x_BTC: The sequences.
            condition_BC: Their condition vectors, ``(B, condition)``.
            plan: Result of the attention's ``plan`` for T steps.
        """
        return self._pass(
            x_BTC,
            self._modulation(condition_BC),
            lambda y_BTC: self.attention.run_sequence(y_BTC, plan),
        )

    def _modulation(self, condition_BC: Tensor) -> Tensor:
        modulation_B1C: Tensor = self.modulate(F.silu(condition_BC))[:, None]
        return modulation_B1C

    def _pass(
        self, x_BTC: Tensor, modulation_B1C: Tensor, attend: Callable[[Tensor], Tensor]
    ) -> Tensor:
        shift_a, scale_a, gate_a, shift_m, scale_m, gate_m = modulation_B1C.chunk(SHIFTS, -1)
        y_BTC = torch.addcmul(shift_a, self.attention_norm(x_BTC), 1 + scale_a)
        x_BTC = x_BTC + gate_a * attend(y_BTC)
        y_BTC = torch.addcmul(shift_m, self.mlp_norm(x_BTC), 1 + scale_m)
        y_BTC = self.narrow(gelu(self.widen(y_BTC)))
        out_BTC: Tensor = x_BTC + gate_m * y_BTC
        return out_BTC
