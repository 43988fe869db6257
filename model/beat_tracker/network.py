"""The beat tracker's recurrent network: how much a frame looks like a beat, or a downbeat.

Three networks of one shape, trained on different data, are stepped as one and averaged:
convolution over the bands, a linear layer, two LSTM layers, softmax.

Source:
    BeatNet, Heydari, Cwitkowitz and Duan 2021 (arXiv:2108.03576); weights CC BY 4.0, see
    ``NOTICE.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.beat_tracker.lstm import Linear, Lstm
from model.beat_tracker.spectrum import FEATURES
from model.errors import CheckpointError

__all__ = ["ACTIVATIONS", "BeatNetwork", "NetworkState"]

ACTIVATIONS = 3
"""Numbers a frame: probability of a beat that begins no bar, of a downbeat, of neither."""
_LAYERS = 2
_CELLS = 150
_KERNEL = 10
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

Array = NDArray[np.float32]


@dataclass(slots=True)
class NetworkState:
    """What the LSTM layers remember: output and cell, each ``(layers, networks, cells)``."""

    output: Array
    cell: Array

    def clone(self) -> NetworkState:
        """Return an independent copy."""
        return NetworkState(self.output.copy(), self.cell.copy())


class BeatNetwork:
    """The networks, frame by frame or many frames at once.

    Args:
        weights: Of all networks, stacked along a new first axis.

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
        kernel = found["conv1.weight"][:, :, 0]
        self._kernel = kernel.reshape(-1, _KERNEL).T.copy()
        self._kernel_bias = found["conv1.bias"].reshape(-1)
        self._linear = Linear(found["linear0.weight"], found["linear0.bias"])
        self._layers = [
            Lstm(
                found[f"lstm.weight_ih_l{n}"],
                found[f"lstm.weight_hh_l{n}"],
                found[f"lstm.bias_ih_l{n}"] + found[f"lstm.bias_hh_l{n}"],
            )
            for n in range(_LAYERS)
        ]
        self._out, self._out_bias = found["linear.weight"], found["linear.bias"]

    @property
    def nbytes(self) -> int:
        """Bytes of the weights."""
        return self._linear.nbytes + sum(layer.nbytes for layer in self._layers)

    def init_state(self) -> NetworkState:
        """Return the state of a stream that has heard nothing."""
        shape = (_LAYERS, self._networks, _CELLS)
        return NetworkState(np.zeros(shape, np.float32), np.zeros(shape, np.float32))

    def step(self, frames: Array, state: NetworkState) -> Array:
        """Take ``(frames, FEATURES)``; return ``(frames, ACTIVATIONS)``, rows of sum 1.

        Frame by frame: at so few frames a hop, products of matrix and vector are the fastest,
        and how the frames are cut cannot matter.
        """
        if not len(frames):
            return np.zeros((0, ACTIVATIONS), np.float32)
        made = [self._one(row, state) for row in self._convolved(frames)]
        outputs = np.array(made)[..., None]
        scores = (self._out @ outputs)[..., 0] + self._out_bias
        odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mean: Array = (odds / odds.sum(axis=-1, keepdims=True)).mean(axis=1)
        return mean

    def _convolved(self, frames: Array) -> Array:
        """Return what the convolution makes of frames, ``(frames, networks, channels)``."""
        windows = np.lib.stride_tricks.sliding_window_view(frames, _KERNEL, axis=1)
        maps = windows[:, :-1] @ self._kernel + self._kernel_bias
        np.maximum(maps, 0, out=maps)
        pooled = np.maximum(maps[:, ::2], maps[:, 1::2])
        count, places, _ = pooled.shape
        by_channel = pooled.reshape(count, places, self._networks, 2).transpose(0, 2, 3, 1)
        return np.ascontiguousarray(by_channel).reshape(count, self._networks, -1)

    def _one(self, row: Array, state: NetworkState) -> Array:
        """Take a frame, ``(networks, channels)``; return a copy of the last layer's output."""
        x = self._linear(row)
        for layer, cell, output in zip(self._layers, state.cell, state.output, strict=True):
            x = layer.step(x, cell, output)
        return x.copy()
