"""Weights in eight bits: matrices as integers with one scale a row, all else as float16.

Arrays are numpy's, so that ONNX graphs are made of a checkpoint without torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["pack", "unpack"]

SMALLEST = 1024
"""Numbers in a matrix from which eight bits save enough to be worth it."""
_SCALE = ".scale"
_STEPS = 127


def pack(weights: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[Any]]:
    """Return weights as they are stored.

    Args:
        weights: By name. Arrays named ``...weight`` with at least two axes
            and :data:`SMALLEST` numbers are rounded to 127 steps either side of zero, each row
            of the first axis on its own scale: an error of at most 0.4 % of the row's largest.

    Returns:
        Int8 arrays, with float32 arrays named ``NAME.scale`` beside them, and float16 ones.
    """
    stored: dict[str, NDArray[Any]] = {}
    for name, value in weights.items():
        if value.ndim < 2 or value.size < SMALLEST or not name.endswith("weight"):
            stored[name] = np.ascontiguousarray(value, np.float16)
            continue
        rows = value.reshape(len(value), -1)
        scale = np.maximum(np.abs(rows).max(1), np.float32(1e-12)) / np.float32(_STEPS)
        stored[name] = np.rint(rows / scale[:, None]).astype(np.int8).reshape(value.shape)
        stored[name + _SCALE] = scale
    return stored


def unpack(stored: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """Return what :func:`pack` stored, or float16 weights of older checkpoints, as float32.

    Raises:
        KeyError: A matrix of whole numbers has no scale.
    """
    weights: dict[str, NDArray[np.float32]] = {}
    for name, value in stored.items():
        if value.dtype == np.int8:
            scale = stored[name + _SCALE].reshape(-1, *[1] * (value.ndim - 1))
            weights[name] = value.astype(np.float32) * scale
        elif not (name.endswith(_SCALE) and name.removesuffix(_SCALE) in stored):
            weights[name] = value.astype(np.float32)
    return weights
