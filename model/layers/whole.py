"""Attention of every step to every other: for whole sequences, never on stage."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from model.layers.attention import RingState, SequencePlan, WindowedAttention

__all__ = ["WholeAttention"]


class WholeAttention(WindowedAttention):
    """The windowed attention with its mask taken off.

    The weights are the same, and so are the positions; ``window`` only spaces the latter. It
    is no streaming layer: each call attends to all of what it is given and remembers nothing,
    so what comes out depends on where a sequence is cut.
    """

    def step(self, x_BTC: Tensor, state: RingState) -> Tensor:
        """Attend from every step to every other; ``(B, T, C) -> (B, T, C)``."""
        return self.whole(x_BTC, self.plan(x_BTC.shape[1]))

    def whole(self, x_BTC: Tensor, plan: SequencePlan) -> Tensor:
        """Attend from every step to every other; ``(B, T, C) -> (B, T, C)``."""
        q_BHTD, k_BHTD, v_BHTD = self._heads(x_BTC, plan.cos_TD, plan.sin_TD)
        y_BHTD = F.scaled_dot_product_attention(q_BHTD, k_BHTD, v_BHTD)
        merged: Tensor = self.merge(y_BHTD.transpose(1, 2).flatten(2))
        return merged
