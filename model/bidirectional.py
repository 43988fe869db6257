"""The bidirectional kind: the generator without a mask, which hears a piece before it plays."""

from __future__ import annotations

import torch
from torch import Tensor

from model.config import GeneratorConfig
from model.errors import ConfigError
from model.generator import Generator, StreamCondition
from model.layers.transformer import ConditionedBlock
from model.layers.whole import WholeAttention

__all__ = ["WINDOW_S", "BidirectionalGenerator"]

WINDOW_S = 10.0
"""Seconds it hears at once, in training and offline."""


class BidirectionalGenerator(Generator):
    """The generator's network with every mask and delay taken off: each hop hears all others.

    It shows what the wait for the future would be worth. Only :meth:`play` and :meth:`listen`
    mean something, on whole sequences; it cannot stream, and its checkpoints are of another
    kind, so that no stage ever loads one.

    Args:
        config: Sizes; ``anticipations`` must be ``(0,)``, since nothing is anticipated.

    Raises:
        ConfigError: It names other anticipations.

    Source:
        The bidirectional variant of Pasini et al. 2026 (LiveBand), arXiv:2606.03803.
    """

    def __init__(self, config: GeneratorConfig) -> None:
        if config.anticipations != (0,):
            raise ConfigError(
                f"a bidirectional generator anticipates nothing: anticipations must be (0,), "
                f"got {config.anticipations}"
            )
        super().__init__(config)
        for block in self.blocks:
            assert isinstance(block, ConditionedBlock)
            block.attention = WholeAttention(
                config.channels, heads=config.heads, window=config.window
            )

    def _heard(self, mix_BTC: Tensor, condition: StreamCondition) -> Tensor:
        return self.heard(mix_BTC, torch.ones_like(mix_BTC[..., :1]))
