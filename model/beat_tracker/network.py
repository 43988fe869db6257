"""The beat tracker's recurrent network: activations of beat and downbeat for each frame.

Three networks of one shape, trained on different data, are stepped as one and averaged:
convolution over the bands, a linear layer, two LSTM layers, softmax.

Source:
    BeatNet, Heydari, Cwitkowitz and Duan 2021 (arXiv:2108.03576); weights CC BY 4.0, see
    ``NOTICE.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model._native import ffi, lib
from model.array_types import Float32Array
from model.beat_tracker.spectrum import FEATURES
from model.errors import CheckpointError

__all__ = ["ACTIVATIONS", "BeatNetwork", "NetworkState"]

ACTIVATIONS = 3
"""Outputs per frame: probability of a beat other than a downbeat, of a downbeat, of neither."""
_LAYERS = 2
_CELLS = 150
_KERNEL = 10
_LARGEST = np.iinfo(np.int8).max
_SHAPES = {
    "conv1.weight": (2, 1, _KERNEL),
    "conv1.bias": (2,),
    "linear0.weight": (_CELLS, FEATURES - _KERNEL),
    "linear0.bias": (_CELLS,),
    **{f"lstm.weight_{way}_l{n}": (4 * _CELLS, _CELLS) for way in ("ih", "hh") for n in (0, 1)},
    **{f"lstm.bias_{way}_l{n}": (4 * _CELLS,) for way in ("ih", "hh") for n in (0, 1)},
    "linear.weight": (ACTIVATIONS, _CELLS),
    "linear.bias": (ACTIVATIONS,),
}


@dataclass(slots=True)
class NetworkState:
    """State of the LSTM layers: output and cell, each ``(layers, networks, cells)``."""

    output: Float32Array
    cell: Float32Array


class BeatNetwork:
    """The networks, frame by frame or many frames at once; in C (``model/native/network.c``).

    Matrices are stored as int8 with a scale per row: reading the weights is what limits speed.

    Args:
        weights: Weights of all networks, stacked along a new first axis.

    Raises:
        CheckpointError: An array is missing or has another shape.
    """

    def __init__(self, weights: Mapping[str, NDArray[np.floating]]) -> None:
        found = {name: array.astype(np.float32) for name, array in weights.items()}
        for name, shape in _SHAPES.items():
            got = found[name].shape[1:] if name in found else None
            if got != shape:
                raise CheckpointError(
                    f"beat tracker: {name} must have shape {shape}, got {got}"
                )
        self._networks = len(found["linear.bias"])
        if self._networks > lib.LB_NETWORKS:
            raise CheckpointError(f"beat tracker: at most {lib.LB_NETWORKS} networks")
        self._kept: list[object] = []
        self.nbytes = 0
        """Size in bytes of the weights that every hop reads."""
        none = np.zeros((self._networks, 4 * _CELLS), np.float32)
        self._native = ffi.new("lb_network *")
        native = self._native
        native.networks = self._networks
        native.kernel = self._floats(found["conv1.weight"])
        native.kernel_bias = self._floats(found["conv1.bias"])
        native.out = self._floats(found["linear.weight"])
        native.out_bias = self._floats(found["linear.bias"])
        self._pack(native.linear, found["linear0.weight"], found["linear0.bias"])
        for n in range(_LAYERS):
            bias = found[f"lstm.bias_ih_l{n}"] + found[f"lstm.bias_hh_l{n}"]
            self._pack(native.ahead[n], found[f"lstm.weight_ih_l{n}"], bias)
            self._pack(native.back[n], found[f"lstm.weight_hh_l{n}"], none)

    def init_state(self) -> NetworkState:
        """Return the initial state."""
        shape = (_LAYERS, self._networks, _CELLS)
        return NetworkState(np.zeros(shape, np.float32), np.zeros(shape, np.float32))

    def step(self, frames: Float32Array, state: NetworkState) -> Float32Array:
        """Take ``(frames, FEATURES)``; return ``(frames, ACTIVATIONS)``, rows of sum 1.

        The output is the same to the bit however the frames are split into calls.
        """
        activations = np.empty((len(frames), ACTIVATIONS), np.float32)
        lib.lb_network_step(
            self._native,
            ffi.from_buffer("float[]", np.ascontiguousarray(frames)),
            len(frames),
            ffi.from_buffer("float[]", state.cell),
            ffi.from_buffer("float[]", state.output),
            ffi.from_buffer("float[]", activations),
        )
        return activations

    def _pack(self, native: Any, weights: Float32Array, bias: Float32Array) -> None:  # noqa: ANN401
        """Write a matrix, ``(networks, outputs, inputs)``, and its bias to a C struct."""
        networks, outputs, inputs = weights.shape
        blocks = -(-outputs // lib.LB_ROWS)
        padding = blocks * lib.LB_ROWS - outputs
        wide = np.pad(weights, ((0, 0), (0, padding), (0, 0)))
        largest = np.abs(wide).max(axis=2)
        scales = np.where(largest > 0, largest / _LARGEST, 1).astype(np.float32)
        whole = np.rint(wide / scales[..., None]).astype(np.int8)
        by_block = whole.reshape(networks, blocks, lib.LB_ROWS, inputs).swapaxes(2, 3)
        kept = np.ascontiguousarray(by_block)
        native.weights = self._pointer("int8_t[]", kept)
        native.scales = self._floats(scales)
        native.bias = self._floats(np.pad(bias, ((0, 0), (0, padding))))
        native.columns, native.blocks = inputs, blocks
        self.nbytes += kept.nbytes

    def _floats(self, array: Float32Array) -> ffi.CData:
        return self._pointer("float[]", np.ascontiguousarray(array, np.float32))

    def _pointer(self, kind: str, array: NDArray[Any]) -> ffi.CData:
        """Return a pointer to an array that lives as long as this object."""
        pointer = ffi.from_buffer(kind, array)
        self._kept.append(pointer)
        return pointer
