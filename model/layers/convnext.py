"""Causal ConvNeXt block: depthwise convolution over the past, then a pointwise MLP."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.layers.streaming import Streaming, StreamState

__all__ = ["ConvNeXt", "ConvNeXtStack", "PastState", "StackState"]


@dataclass(slots=True)
class PastState(StreamState):
    """The newest inputs of a causal convolution, ``(B, kernel - 1, C)``."""

    past: Tensor


class ConvNeXt(Streaming[PastState]):
    """One causal ConvNeXt block, residual, same number of channels in and out.

    Args:
        channels: C.
        kernel: Taps of the depthwise convolution, the newest on the current step.
        expansion: Width of the MLP relative to ``channels``.
        layer_scale: Initial factor of the residual branch.

    Source:
        Liu et al. 2022, arXiv:2201.03545; used causally for audio by Siuzdak 2023 (Vocos),
        arXiv:2306.00814.
    """

    def __init__(
        self, channels: int, *, kernel: int = 7, expansion: int = 3, layer_scale: float = 0.2
    ) -> None:
        super().__init__()
        self.kernel = kernel
        self.depthwise = nn.Conv1d(channels, channels, kernel, groups=channels)
        self.norm = nn.LayerNorm(channels)
        self.widen = nn.Linear(channels, expansion * channels)
        self.narrow = nn.Linear(expansion * channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), layer_scale))

    def init_state(self, batch: int) -> PastState:
        """Return silence: ``kernel - 1`` steps of zeros."""
        weight = self.depthwise.weight
        return PastState(weight.new_zeros(batch, self.kernel - 1, weight.shape[0]))

    def step(self, x_BTC: Tensor, state: PastState) -> Tensor:
        """Advance by T steps; ``(B, T, C) -> (B, T, C)``."""
        heard_BTC = torch.cat([state.past, x_BTC.to(state.past.dtype)], dim=1)
        state.past = heard_BTC[:, heard_BTC.shape[1] - self.kernel + 1 :]
        y_BTC = self.depthwise(heard_BTC.transpose(1, 2)).transpose(1, 2)
        y_BTC = self.narrow(F.gelu(self.widen(self.norm(y_BTC)), approximate="tanh"))
        out_BTC: Tensor = x_BTC + self.scale * y_BTC
        return out_BTC


@dataclass(slots=True)
class StackState(StreamState):
    """One :class:`PastState` per block."""

    blocks: list[PastState]


class ConvNeXtStack(Streaming[StackState]):
    """Several :class:`ConvNeXt` blocks one after another.

    Args:
        channels: C.
        depth: Number of blocks.
        kernel: Taps of each depthwise convolution.
        expansion: MLP width relative to ``channels``.
    """

    def __init__(
        self, channels: int, depth: int, *, kernel: int = 7, expansion: int = 3
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            ConvNeXt(
                channels, kernel=kernel, expansion=expansion, layer_scale=1 / max(depth, 1)
            )
            for _ in range(depth)
        )

    def init_state(self, batch: int) -> StackState:
        """Return every block's initial state."""
        return StackState([block.init_state(batch) for block in self._blocks()])

    def step(self, x_BTC: Tensor, state: StackState) -> Tensor:
        """Advance every block by T steps; ``(B, T, C) -> (B, T, C)``."""
        for block, past in zip(self._blocks(), state.blocks, strict=True):
            x_BTC = block.step(x_BTC, past)
        return x_BTC

    def _blocks(self) -> list[ConvNeXt]:
        return [block for block in self.blocks if isinstance(block, ConvNeXt)]
