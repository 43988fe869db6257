"""Exponential moving average of a network's weights."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["WeightAverage"]


class WeightAverage:
    """Exponential moving average of a network's weights, from which checkpoints are made.

    Args:
        network: The network to average.
        decay: Share of the average kept at each step after a warm-up, below 1.
    """

    def __init__(self, network: nn.Module, decay: float = 0.999) -> None:
        self.decay = decay
        self.steps = 0
        self.weights = {k: v.detach().clone() for k, v in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Add the network's present weights to the average."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        present = network.state_dict()
        moving = [name for name, value in present.items() if value.is_floating_point()]
        torch._foreach_lerp_(
            [self.weights[name] for name in moving],
            [present[name].detach() for name in moving],
            1 - decay,
        )
        for name, value in present.items():
            if not value.is_floating_point():
                self.weights[name].copy_(value)

    def state_dict(self) -> dict[str, Any]:
        """Return the averaged weights and the number of steps."""
        return {"weights": self.weights, "steps": self.steps}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what :meth:`state_dict` returned."""
        weights: dict[str, Tensor] = state["weights"]
        for name, value in self.weights.items():
            value.copy_(weights[name])
        self.steps = int(state["steps"])
