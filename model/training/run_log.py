"""The log of a training run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

__all__ = ["Figures", "RunLog"]

Figures = Mapping[str, "Tensor | float"]
"""Figures of a step by name; tensors are fetched from the device when they are written."""


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

    def write(self, step: int, figures: Figures) -> None:
        """Append the figures of one step."""
        values = {name: float(value) for name, value in figures.items()}
        rounded = {name: round(value, 5) for name, value in values.items()}
        self._lines.write(json.dumps({"step": step, **rounded}) + "\n")
        self._lines.flush()
        for name, value in values.items():
            self._board.add_scalar(name, value, step)

    def close(self) -> None:
        """Finish both files."""
        self._lines.close()
        self._board.close()
