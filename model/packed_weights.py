"""Weights in eight bits: matrices as integers with one scale a row, all else as float16."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

__all__ = ["pack", "unpack"]

SMALLEST = 1024
"""Numbers in a matrix from which eight bits save enough to be worth it."""
_SCALE = ".scale"
_STEPS = 127


def pack(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return weights as they are stored.

    Args:
        weights: By name, floating point. Tensors named ``...weight`` with at least two axes
            and :data:`SMALLEST` numbers are rounded to 127 steps either side of zero, each row
            of the first axis on its own scale: an error of at most 0.4 % of the row's largest.

    Returns:
        Int8 tensors, with float32 tensors named ``NAME.scale`` beside them, and float16 ones.
    """
    stored = {}
    for name, value in weights.items():
        value = value.detach().float().cpu()
        if value.ndim < 2 or value.numel() < SMALLEST or not name.endswith("weight"):
            stored[name] = value.half().contiguous()
            continue
        rows = value.flatten(1)
        scale = rows.abs().amax(1).clamp(min=1e-12) / _STEPS
        steps = (rows / scale[:, None]).round().to(torch.int8)
        stored[name] = steps.view_as(value).contiguous()
        stored[name + _SCALE] = scale
    return stored


def unpack(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return what :func:`pack` stored, or float16 weights of older checkpoints, as float32.

    Raises:
        KeyError: A matrix of whole numbers has no scale.
    """
    weights = {}
    for name, value in stored.items():
        if value.dtype == torch.int8:
            scale = stored[name + _SCALE]
            weights[name] = value.float() * scale.view(-1, *[1] * (value.ndim - 1))
        elif not (name.endswith(_SCALE) and name.removesuffix(_SCALE) in stored):
            weights[name] = value.float()
    return weights
