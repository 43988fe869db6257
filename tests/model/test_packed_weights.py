"""Weights in eight bits come back close, and those of older checkpoints as they were."""

import numpy as np
import torch

from model.packed_weights import SMALLEST, pack, unpack


def _random(*shape):
    return torch.randn(*shape).numpy()


def test_a_matrix_comes_back_within_half_a_step_of_each_row():
    matrix = _random(64, 32) * np.logspace(-3, 2, 64, dtype=np.float32)[:, None]
    matrix[7] = 0
    stored = pack({"layer.weight": matrix})
    assert stored["layer.weight"].dtype == np.int8
    assert sum(each.nbytes for each in stored.values()) < 0.3 * matrix.nbytes
    step = np.abs(matrix).max(1) / 127
    error = np.abs(unpack(stored)["layer.weight"] - matrix).max(1)
    assert (error <= 0.501 * step + 1e-12).all()


def test_convolutions_keep_their_shape():
    kernel = _random(16, 8, 9)
    back = unpack(pack({"a.weight": kernel}))["a.weight"]
    assert back.shape == kernel.shape
    assert np.abs(back - kernel).max() < 0.03


def test_vectors_small_matrices_and_tables_stay_float16():
    weights = {
        "norm.weight": _random(2 * SMALLEST),
        "small.weight": _random(2, 2),
        "rotation": _random(64, 64),
        "block.scale": _random(8),
    }
    stored = pack(weights)
    assert {each.dtype for each in stored.values()} == {np.dtype(np.float16)}
    for name, value in unpack(stored).items():
        assert np.array_equal(value, weights[name].astype(np.float16).astype(np.float32))


def test_older_checkpoints_are_read():
    older = {"layer.weight": _random(64, 64).astype(np.float16)}
    older["block.scale"] = np.ones(4, np.float16)
    back = unpack(older)
    assert set(back) == set(older)
    assert back["layer.weight"].dtype == np.float32
