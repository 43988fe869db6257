"""The bidirectional generator: offline only, without causal masks and delays."""

from __future__ import annotations

import torch
from torch import Tensor

from model.errors import ModelConfigError
from model.layers.full_attention import FullAttention
from model.layers.transformer import ConditionedBlock
from model.networks.config import GeneratorConfig
from model.networks.generator import Generator, StreamCondition

__all__ = ["WINDOW_S", "BidirectionalGenerator"]

WINDOW_S = 10.0
"""Length of a sequence in seconds, in training and offline."""


class BidirectionalGenerator(Generator):
    """The generator's network without masks and delays: each hop attends to all others.

    It shows what knowledge of the future is worth. Only :meth:`play` and :meth:`predict` are
    meaningful, on whole sequences; it cannot stream, and its checkpoints are of their own
    kind, which the live program does not load.

    Args:
        config: Sizes; ``anticipations`` must be ``(0,)``.

    Raises:
        ModelConfigError: ``anticipations`` is not ``(0,)``.

    Source:
        The bidirectional variant of Pasini et al. 2026 (LiveBand), arXiv:2606.03803.
    """

    def __init__(self, config: GeneratorConfig) -> None:
        if config.anticipations != (0,):
            raise ModelConfigError(
                f"a bidirectional generator anticipates nothing: anticipations must be (0,), "
                f"got {config.anticipations}"
            )
        super().__init__(config)
        for block in self.blocks:
            assert isinstance(block, ConditionedBlock)
            block.attention = FullAttention(
                config.channels, heads=config.heads, window=config.window
            )

    def _delayed_mix(self, mix_BTC: Tensor, condition: StreamCondition) -> Tensor:
        return self.heard(mix_BTC, torch.ones_like(mix_BTC[..., :1]))
