"""The beat tracker's weights on disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load

from model.errors import CheckpointError

__all__ = ["WEIGHTS", "load_weights"]

WEIGHTS = Path(__file__).with_name("weights.safetensors")
"""Of the shipped networks; ``python -m model.beat_tracker.convert`` makes it."""


def load_weights(file: Path = WEIGHTS) -> tuple[dict[str, NDArray[np.float32]], str]:
    """Return the networks' arrays, stacked along their first axis, and the file's SHA-256.

    Args:
        file: A file of ``convert``.

    Raises:
        CheckpointError: It is missing or damaged.
    """
    try:
        data = file.read_bytes()
        arrays = load(data)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"{file}: the beat tracker's weights cannot be read ({error}); get them again, or "
            "make them with `python -m model.beat_tracker.convert`"
        ) from error
    wide = {name: array.astype(np.float32) for name, array in arrays.items()}
    return wide, hashlib.sha256(data).hexdigest()
