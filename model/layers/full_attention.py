"""Full self-attention over whole sequences, for offline use."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from model.layers.attention import RingState, SequencePlan, WindowedAttention

__all__ = ["FullAttention"]


class FullAttention(WindowedAttention):
    """Windowed attention without its mask.

    Weights and positions are the same; ``window`` only scales the positions. It is not a
    streaming layer: each call attends to the whole of its input and keeps no state, so the
    output depends on where a sequence is cut.
    """

    def step(self, x_BTC: Tensor, state: RingState) -> Tensor:
        """Attend from every step to every step; ``(B, T, C) -> (B, T, C)``."""
        return self.run_sequence(x_BTC, self.plan(x_BTC.shape[1]))

    def run_sequence(self, x_BTC: Tensor, plan: SequencePlan) -> Tensor:
        """Attend from every step to every step; ``(B, T, C) -> (B, T, C)``."""
        q_BHTD, k_BHTD, v_BHTD = self._heads(x_BTC, plan.cos_TD, plan.sin_TD)
        y_BHTD = F.scaled_dot_product_attention(q_BHTD, k_BHTD, v_BHTD)
        merged: Tensor = self.merge(y_BHTD.transpose(1, 2).flatten(2))
        return merged
