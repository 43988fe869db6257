"""The log of a training run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

__all__ = ["Metrics", "RunLog"]

Metrics = Mapping[str, "Tensor | float"]
"""Metrics of a step by name; tensors are fetched from the device when they are written."""


class RunLog:
    """Metrics of a run as JSON lines in ``log.jsonl``, and for TensorBoard beside it.

    Args:
        folder: The run's folder; made if missing.
    """

    def __init__(self, folder: Path) -> None:
        from torch.utils.tensorboard import SummaryWriter

        folder.mkdir(parents=True, exist_ok=True)
        self._lines = (folder / "log.jsonl").open("a")
        self._board = SummaryWriter(folder / "tensorboard")

    def write(self, step: int, metrics: Metrics) -> None:
        """Append the metrics of one step."""
        values = {name: float(value) for name, value in metrics.items()}
        rounded = {name: round(value, 5) for name, value in values.items()}
        self._lines.write(json.dumps({"step": step, **rounded}) + "\n")
        self._lines.flush()
        for name, value in values.items():
            self._board.add_scalar(name, value, step)

    def close(self) -> None:
        """Close both files."""
        self._lines.close()
        self._board.close()
