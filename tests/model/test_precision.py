"""Products while training: bfloat16 only where a processor has instructions for it."""

from __future__ import annotations

import pytest
import torch

from model.training.precision import fast_matmul, has_bfloat16_matmul

CPU = torch.device("cpu")


def product_dtype() -> torch.dtype:
    with fast_matmul(CPU):
        return (torch.ones(2, 2) @ torch.ones(2, 2)).dtype


@pytest.mark.parametrize(
    ("known", "dtype"),
    [
        ({"avx2": True, "avx512_bf16": False}, torch.float32),
        ({"avx512_bf16": True}, torch.bfloat16),
        ({"amx_bf16": True}, torch.bfloat16),
        ({"neon": True}, torch.float32),
    ],
)
def test_a_processor_multiplies_what_it_has_instructions_for(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, bool], dtype: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: known)
    assert product_dtype() == dtype


def test_other_devices_multiply_bfloat16() -> None:
    assert has_bfloat16_matmul(torch.device("cuda"))
