"""Base class of trainings: networks, optimisers, batches and one step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import torch
from torch import Tensor, nn

from model.training.optimisation import descend
from model.training.prefetch import Prefetched, StepBatches
from model.training.run_log import Metrics

__all__ = ["Stateful", "TrainingTask"]

B = TypeVar("B")


class Stateful(Protocol):
    """Object whose state can be saved: a network, an optimiser, an average."""

    def state_dict(self) -> dict[str, Any]:
        """Return tensors and plain values."""
        ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> object:
        """Restore what :meth:`state_dict` returned."""
        ...


class TrainingTask(ABC, Generic[B]):
    """Networks and optimisers of a training, and its step.

    Args:
        batches: Batches by step; the next one is drawn while one is used.
    """

    sizes: Mapping[str, Any]
    """Plain values from which the networks can be rebuilt."""
    parts: Mapping[str, Stateful]
    """Everything that changes from step to step, by its name in the saved state."""
    optimisers: Mapping[torch.optim.Optimizer, float]
    """Optimisers and their peak learning rates."""
    gradient_limit: ClassVar[float] = 1.0
    """Norm to which gradients are clipped."""

    def __init__(self, batches: StepBatches[B]) -> None:
        self._batches, self._processes = Prefetched(batches.draw), batches.processes

    @abstractmethod
    def step(self, number: int) -> Metrics:
        """Train one step; random numbers come from torch's generators.

        Args:
            number: Number of the step, from 0.

        Returns:
            Metrics for the log; fetched from the device only when written. A step may leave
            some out: the newest value of each since the last line is written.
        """

    def close(self) -> None:
        """Stop the thread that prepares batches."""
        self._batches.close()

    def _descend(
        self, optimiser: torch.optim.Optimizer, network: nn.Module, loss: Tensor
    ) -> Tensor:
        """Take one optimiser step along a loss; return the norm of the gradient."""
        return descend(
            optimiser, network, loss, limit=self.gradient_limit, processes=self._processes
        )
