"""The beat tracker's weights on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from model.errors import CheckpointError
from model.formats.atomic_files import write_atomically
from model.formats.system_errors import reason_of

__all__ = ["ABOUT", "TRAINED_FURTHER", "WEIGHTS", "load_weights", "save_weights"]

WEIGHTS = Path(__file__).with_name("weights.safetensors")
"""Weights of the shipped networks: BeatNet's, trained further; see ``NOTICE.md``."""


ABOUT = {
    "format": "liveband beat tracker 1",
    "source": "BeatNet 1.1.3, https://pypi.org/project/BeatNet",
    "authors": "Mojtaba Heydari, Frank Cwitkowitz, Zhiyao Duan",
    "licence": "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
    "changes": "three networks stacked, rounded to 16 bits, format",
}
"""Metadata of every file of weights."""
TRAINED_FURTHER = {"changes": f"{ABOUT['changes']}; trained further on rendered songs"}
"""Metadata that differs in a file of trained weights."""


def load_weights(file: Path = WEIGHTS) -> tuple[dict[str, NDArray[np.float32]], str]:
    """Return the networks' arrays, stacked along their first axis, and the file's SHA-256.

    Args:
        file: File of weights, such as one of ``liveband train tracker``.

    Raises:
        CheckpointError: It is missing or damaged.
    """
    try:
        data = file.read_bytes()
        arrays = load(data)
    except OSError as error:
        raise CheckpointError(
            f"{file}: the beat tracker's weights cannot be read: {reason_of(error)}"
        ) from error
    except SafetensorError as error:
        raise CheckpointError(
            f"{file}: that is no file of a beat tracker's weights; get it again"
        ) from error
    wide = {name: array.astype(np.float32) for name, array in arrays.items()}
    return wide, hashlib.sha256(data).hexdigest()


def save_weights(
    file: Path, weights: Mapping[str, NDArray[np.floating]], about: Mapping[str, str]
) -> None:
    """Write the networks' arrays as 16-bit floating point.

    Args:
        file: Replaced as a whole; its folder must be there.
        weights: By name, stacked along their first axis.
        about: Metadata added to :data:`ABOUT`, or in place of it.

    Raises:
        CheckpointError: A weight is not finite, or too large for 16 bits.
    """
    narrow = {}
    for name, array in weights.items():
        with np.errstate(over="ignore"):
            narrow[name] = array.astype(np.float16)
        if not np.isfinite(narrow[name]).all():
            raise CheckpointError(
                f"{file}: {name} of the beat tracker has weights that are not finite, or "
                f"beyond {np.finfo(np.float16).max:g}; train again with a lower rate"
            )
    write_atomically(file, save(narrow, metadata={**ABOUT, **about}))
