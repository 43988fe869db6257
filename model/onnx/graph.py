"""Builder of ONNX graphs: the operators that the networks are made of.

:mod:`model.onnx.networks` reads like the torch modules beside it; a tensor is a name.
Shape letters are those of :mod:`model.layers.streaming`, and W for the slots of a ring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from model.array_types import Float32Array

__all__ = ["BLOCK", "GraphBuilder", "Weights"]

OPSET, MICROSOFT = 20, "com.microsoft"
BLOCK = 32
"""Weights that share one scale where they are kept in 8 bits."""
_ZERO = 128
"""The 8-bit value that means 0 to MatMulNBits."""

Attribute = int | float | str
Weights = Mapping[str, Float32Array]
"""Parameters and buffers of a network, by the names torch gives them."""


class GraphBuilder:
    """Collects nodes; every method returns the name of a tensor.

    Args:
        name: Of the graph.
        weights: Of the network, for :meth:`weight` and the layers.
    """

    def __init__(self, name: str, weights: Weights) -> None:
        self._name = name
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, *shape: int | str, whole: bool = False) -> str:
        """Declare an input, float32 or ``whole`` (int64); a word is an axis of any length."""
        kind = TensorProto.INT64 if whole else TensorProto.FLOAT
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name: str, tensor: str, *shape: int | str) -> None:
        """Declare a float32 output."""
        self._nodes.append(helper.make_node("Identity", [tensor], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def node(
        self, operator: str, *inputs: str, domain: str = "", **attributes: Attribute
    ) -> str:
        """Apply an operator that has one output."""
        return self.nodes(operator, 1, *inputs, domain=domain, **attributes)[0]

    def nodes(
        self,
        operator: str,
        outputs: int,
        *inputs: str,
        domain: str = "",
        **attributes: Attribute,
    ) -> list[str]:
        """Apply an operator that has several outputs."""
        made = [f"{operator}.{len(self._nodes)}.{number}" for number in range(outputs)]
        self._nodes.append(
            helper.make_node(
                operator, list(inputs), made, None, None, domain, None, **attributes
            )
        )
        return made

    def constant(self, values: object, kind: type[np.generic] = np.float32) -> str:
        """Return a tensor that never changes."""
        name = f"constant.{len(self._constants)}"
        array = np.ascontiguousarray(np.asarray(values, kind))
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def weight(self, name: str) -> Float32Array:
        """Return a parameter or a buffer of the network."""
        return self._weights[name]

    def linear(
        self, x: str, name: str, *, scale: Float32Array | None = None, small: bool = False
    ) -> str:
        """Apply a ``torch.nn.Linear``, with or without a bias.

        Args:
            x: ``(..., in)``.
            name: Of the layer.
            scale: Factor of every output channel, ``(out,)``.
            small: Whether to keep the matrix in 8 bits.

        Returns:
            ``(..., out)``.
        """
        matrix, bias = self.weight(f"{name}.weight"), self._weights.get(f"{name}.bias")
        if scale is not None:
            matrix = matrix * scale[:, None]
            bias = None if bias is None else bias * scale
        y = self._in_blocks(x, matrix) if small else self.matmul(x, matrix.T)
        return y if bias is None else self.node("Add", y, self.constant(bias))

    def matmul(self, x: str, matrix: NDArray[np.floating[Any]]) -> str:
        """Multiply ``(..., in)`` by a fixed matrix ``(in, out)``."""
        return self.node("MatMul", x, self.constant(matrix))

    def reshape(self, x: str, *shape: int) -> str:
        """Give a tensor another shape; 0 keeps an axis, -1 takes what is left."""
        return self.node("Reshape", x, self.constant(shape, np.int64))

    def split(self, x: str, parts: Sequence[int], axis: int = -1) -> list[str]:
        """Cut an axis into parts of the given lengths."""
        lengths = self.constant(parts, np.int64)
        return self.nodes("Split", len(parts), x, lengths, axis=axis)

    def slice(self, x: str, start: int, stop: int, axis: int) -> str:
        """Return a part of an axis; negative numbers count from its end."""
        ends = (self.constant([n], np.int64) for n in (start, stop, axis))
        return self.node("Slice", x, *ends)

    def model(self) -> onnx.ModelProto:
        """Return the finished graph, checked.

        Raises:
            onnx.checker.ValidationError: An operator was used wrongly.
        """
        graph = helper.make_graph(
            self._nodes, self._name, self._inputs, self._outputs, self._constants
        )
        versions = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        made = helper.make_model(graph, opset_imports=versions, ir_version=10)
        onnx.checker.check_model(made)
        return made

    def _in_blocks(self, x: str, matrix: Float32Array) -> str:
        """Multiply by a matrix ``(out, in)`` in 8 bits, one scale per block of inputs."""
        out, channels = matrix.shape
        padded = np.pad(matrix, ((0, 0), (0, -channels % BLOCK))).reshape(out, -1, BLOCK)
        scales = np.maximum(np.abs(padded).max(-1, keepdims=True), 1e-12) / (_ZERO - 1)
        packed = (np.rint(padded / scales) + _ZERO).astype(np.uint8)
        return self.node(
            "MatMulNBits",
            x,
            self.constant(packed, np.uint8),
            self.constant(scales.ravel()),
            domain=MICROSOFT,
            K=channels,
            N=out,
            bits=8,
            block_size=BLOCK,
            accuracy_level=4,
        )
