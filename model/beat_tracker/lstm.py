"""Linear and LSTM layers of several networks at once, in C (``model/native/lstm.c``).

A frame at a time, it is reading the weights that costs: they are kept in 16 bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model._native import ffi, lib

__all__ = ["Linear", "Lstm"]

Array = NDArray[np.float32]

_LARGEST = np.iinfo(np.int16).max


class Linear:
    """``outputs = weights @ inputs + bias`` for each of some networks.

    Weights are rounded to 1 / 32767 of the largest in their row.

    Args:
        weights: ``(networks, outputs, inputs)``.
        bias: ``(networks, outputs)``.
    """

    def __init__(self, weights: Array, bias: Array) -> None:
        networks, outputs, inputs = weights.shape
        blocks = -(-outputs // lib.LB_ROWS)
        padding = blocks * lib.LB_ROWS - outputs
        wide = np.pad(weights, ((0, 0), (0, padding), (0, 0)))
        largest = np.abs(wide).max(axis=2)
        self._scales = np.where(largest > 0, largest / _LARGEST, 1).astype(np.float32)
        whole = np.rint(wide / self._scales[..., None]).astype(np.int16)
        by_block = whole.reshape(networks, blocks, lib.LB_ROWS, inputs).swapaxes(2, 3)
        self._weights = np.ascontiguousarray(by_block)
        self._bias = np.pad(bias, ((0, 0), (0, padding))).astype(np.float32)
        self._made = np.empty((networks, blocks * lib.LB_ROWS), np.float32)
        self._outputs, self._size = outputs, (networks, inputs, blocks)
        self._constant = [
            ffi.from_buffer("int16_t[]", self._weights),
            ffi.from_buffer("float[]", self._scales),
            ffi.from_buffer("float[]", self._bias),
        ]
        self._out = ffi.from_buffer("float[]", self._made)

    @property
    def nbytes(self) -> int:
        """Bytes that every product reads."""
        return self._weights.nbytes

    def __call__(self, inputs: Array) -> Array:
        """Return ``(networks, outputs)`` for ``(networks, inputs)``, until the next call."""
        heard = ffi.from_buffer("float[]", np.ascontiguousarray(inputs, np.float32))
        lib.lb_products(*self._constant, heard, self._out, *self._size)
        return self._made[:, : self._outputs]

    @property
    def sums(self) -> Array:
        """What the last call returned, with the rows that fill up the last block."""
        return self._made


class Lstm:
    """An LSTM layer of some networks.

    Args:
        ahead: Weights of what comes in, ``(networks, 4 * cells, inputs)``; the gates in the
            order input, forget, candidate, output.
        back: Weights of its own output, ``(networks, 4 * cells, cells)``.
        bias: ``(networks, 4 * cells)``.
    """

    def __init__(self, ahead: Array, back: Array, bias: Array) -> None:
        self._gates = Linear(np.concatenate([ahead, back], axis=2), bias)
        self._networks, self._cells = back.shape[0], back.shape[2]
        self._sums = ffi.from_buffer("float[]", self._gates.sums)

    @property
    def nbytes(self) -> int:
        """Bytes that every step reads."""
        return self._gates.nbytes

    def step(self, inputs: Array, cell: Array, output: Array) -> Array:
        """Step once; ``cell`` and ``output``, each ``(networks, cells)``, are written into.

        Returns:
            ``output``.
        """
        self._gates(np.concatenate([inputs, output], axis=1))
        lib.lb_lstm_cells(
            self._sums,
            ffi.from_buffer("float[]", cell),
            ffi.from_buffer("float[]", output),
            self._networks,
            self._cells,
            self._gates.sums.shape[1],
        )
        return output
