"""What every training shares: the clock that steers it, its log, its average, its resume."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

__all__ = [
    "Average",
    "Clock",
    "RunLog",
    "load_state",
    "moments_penalty",
    "save_state",
    "set_rate",
]


@dataclass(slots=True)
class Clock:
    """How far a training is, by the minutes it may take, across interruptions."""

    minutes: float
    spent_s: float = 0.0
    _started: float = field(default_factory=time.monotonic)

    @property
    def elapsed_s(self) -> float:
        """Seconds trained so far, earlier parts of a resumed run included."""
        return self.spent_s + time.monotonic() - self._started

    @property
    def progress(self) -> float:
        """Share of the budget spent, 0..1."""
        return min(1.0, self.elapsed_s / (60 * self.minutes))


class RunLog:
    """Figures of a run as JSON lines in ``log.jsonl``, and for TensorBoard beside it.

    Args:
        folder: The run's folder; made if missing.
    """

    def __init__(self, folder: Path) -> None:
        from torch.utils.tensorboard import SummaryWriter

        folder.mkdir(parents=True, exist_ok=True)
        self._lines = (folder / "log.jsonl").open("a")
        self._board = SummaryWriter(folder / "tensorboard")

    def write(self, step: int, figures: dict[str, float]) -> None:
        """Append the figures of one step."""
        rounded = {name: round(value, 5) for name, value in figures.items()}
        self._lines.write(json.dumps({"step": step, **rounded}) + "\n")
        self._lines.flush()
        for name, value in figures.items():
            self._board.add_scalar(name, value, step)

    def close(self) -> None:
        """Finish both files."""
        self._lines.close()
        self._board.close()


class Average:
    """Exponential moving average of a network's weights.

    Args:
        network: The network whose weights are followed.
        decay: Share kept at each step once warmed up, below 1.
    """

    def __init__(self, network: nn.Module, decay: float = 0.999) -> None:
        self.decay = decay
        self.steps = 0
        self.weights = {k: v.detach().clone() for k, v in network.state_dict().items()}

    @torch.no_grad()
    def follow(self, network: nn.Module) -> None:
        """Move towards the network's present weights."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                self.weights[name].lerp_(value.detach(), 1 - decay)
            else:
                self.weights[name].copy_(value)


def set_rate(optimiser: torch.optim.Optimizer, peak: float, clock: Clock, step: int) -> None:
    """Set the learning rate: linear over 200 steps, then a cosine down to a tenth."""
    warm = min(1.0, (step + 1) / 200)
    rate = peak * warm * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * clock.progress)))
    for group in optimiser.param_groups:
        group["lr"] = rate


def save_state(path: Path, state: dict[str, Any]) -> None:
    """Write everything needed to go on, replacing the file at once."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def load_state(path: Path) -> dict[str, Any]:
    """Read what :func:`save_state` wrote; tensors and plain values only."""
    state: dict[str, Any] = torch.load(path, weights_only=True)
    return state


def moments_penalty(latent_BTC: Tensor) -> Tensor:
    """Return how far channels are from zero mean and unit variance, squared and averaged."""
    flat = latent_BTC.float().flatten(0, 1)
    return flat.mean(0).square().mean() + (flat.var(0) - 1).square().mean()
