"""Weights in eight bits come back close, and those of older checkpoints as they were."""

import torch

from model.packed_weights import SMALLEST, pack, unpack


def test_a_matrix_comes_back_within_half_a_step_of_each_row():
    torch.manual_seed(0)
    matrix = torch.randn(64, 32) * torch.logspace(-3, 2, 64)[:, None]
    matrix[7] = 0
    stored = pack({"layer.weight": matrix})
    assert stored["layer.weight"].dtype == torch.int8
    assert sum(each.nbytes for each in stored.values()) < 0.3 * matrix.nbytes
    step = matrix.abs().amax(1) / 127
    error = (unpack(stored)["layer.weight"] - matrix).abs().amax(1)
    assert (error <= 0.501 * step + 1e-12).all()


def test_convolutions_keep_their_shape():
    kernel = torch.randn(16, 8, 9)
    back = unpack(pack({"a.weight": kernel}))["a.weight"]
    assert back.shape == kernel.shape
    assert (back - kernel).abs().max() < 0.03


def test_vectors_small_matrices_and_tables_stay_float16():
    weights = {
        "norm.weight": torch.randn(2 * SMALLEST),
        "small.weight": torch.randn(2, 2),
        "rotation": torch.randn(64, 64),
        "block.scale": torch.randn(8),
    }
    stored = pack(weights)
    assert {each.dtype for each in stored.values()} == {torch.float16}
    for name, value in unpack(stored).items():
        torch.testing.assert_close(value, weights[name].half().float(), rtol=0, atol=0)


def test_older_checkpoints_are_read():
    older = {"layer.weight": torch.randn(64, 64).half(), "block.scale": torch.ones(4).half()}
    back = unpack(older)
    assert set(back) == set(older)
    assert back["layer.weight"].dtype == torch.float32
