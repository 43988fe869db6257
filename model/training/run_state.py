"""The saved state of a training run, from which it can continue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from model.errors import DataError
from model.formats.atomic_files import atomic_file

__all__ = ["STATE_FILE", "find_state", "load_state", "save_state"]

STATE_FILE = "state.pt"
"""Name of the file in the run's folder."""

_FORMAT = 2


def save_state(path: Path, state: dict[str, Any]) -> None:
    """Write a state so that the file holds the old one or the new one, whatever happens."""
    with atomic_file(path) as file:
        torch.save({"format": _FORMAT, **state}, file)


def load_state(path: Path) -> dict[str, Any]:
    """Read what :func:`save_state` wrote; tensors and plain values only.

    Raises:
        DataError: It is of another version, whose schedules went by the clock.
    """
    state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    if state.get("format") != _FORMAT:
        raise DataError(
            f"{path} was written by another version (format {state.get('format', 1)}, expected "
            f"{_FORMAT}) and cannot be gone on with; choose another run folder and begin with "
            "its checkpoint: --start"
        )
    return state


def find_state(run: Path) -> dict[str, Any] | None:
    """Return the state in a run's folder, or None where it is new.

    Raises:
        DataError: See :func:`load_state`.
    """
    file = run / STATE_FILE
    return load_state(file) if file.exists() else None
