"""The number format of matrix products in training."""

from __future__ import annotations

import torch

__all__ = ["fast_matmul", "has_bfloat16_matmul"]

_NATIVE = ("avx512_bf16", "amx_bf16", "sve_bf16", "bf16")


def has_bfloat16_matmul(device: torch.device) -> bool:
    """Return whether a device has instructions for products of bfloat16 numbers.

    A processor without them multiplies such matrices ten times as slowly as float32 ones;
    measured on one with AVX2 only: 9.6 s a step of the codec, and 0.95 s in float32.
    """
    if device.type != "cpu":
        return True
    known = torch.cpu.get_capabilities()
    return any(known.get(name, False) for name in _NATIVE)


def fast_matmul(device: torch.device) -> torch.autocast:
    """Return an autocast context with the device's fastest format of matrix products.

    bfloat16 where :func:`has_bfloat16_matmul`, float32 elsewhere. Weights stay float32.
    """
    enabled = has_bfloat16_matmul(device)
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=enabled)
