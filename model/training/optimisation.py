"""Optimiser step and learning-rate schedule."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from model.training.processes import Processes

__all__ = ["descend", "rate_at", "set_rate"]

_WARM_STEPS = 100
"""As many as the second moments of Adam remember, or more: 20 to 100."""
_STEADY_SHARE = 0.75
_LAST_SHARE = 0.1


def rate_at(step: int, steps: int) -> float:
    """Return the share of the peak learning rate at a step.

    It rises over 100 steps, stays until three quarters of the training are done, then falls
    along a straight line to a tenth at the last step.

    Args:
        step: Steps done, from 0.
        steps: Steps of the whole training, at least 1.

    Example:
        >>> [round(rate_at(step, 10000), 3) for step in (0, 99, 7500, 8750, 10000)]
        [0.01, 1.0, 1.0, 0.55, 0.1]

    Source:
        A constant rate with a short decay does as well as a cosine, and what came before the
        decay does not depend on how long the training will be: Hägele et al. 2024,
        arXiv:2405.18392. Their decays take a fifth of the steps.
    """
    warm = min(1.0, (step + 1) / _WARM_STEPS)
    left = max(0.0, 1 - step / steps) / (1 - _STEADY_SHARE)
    return warm * (_LAST_SHARE + (1 - _LAST_SHARE) * min(1.0, left))


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of all of an optimiser's parameters."""
    for group in optimiser.param_groups:
        group["lr"] = rate


def descend(
    optimiser: torch.optim.Optimizer,
    network: nn.Module,
    loss: Tensor,
    *,
    limit: float,
    processes: Processes,
) -> Tensor:
    """Take one optimiser step along a loss.

    Args:
        optimiser: Optimiser of the network's parameters.
        network: The network to train.
        loss: Loss of this process's batch; gradients are averaged over all processes.
        limit: Largest norm of the gradient; larger ones are scaled down to it.
        processes: Processes that train together.

    Returns:
        The norm of the gradient before clipping.
    """
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    processes.average_gradients(network.parameters())
    norm = torch.nn.utils.clip_grad_norm_(network.parameters(), limit)
    optimiser.step()
    return norm
