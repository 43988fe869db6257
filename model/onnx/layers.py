"""Streaming layers as ONNX nodes; their states are inputs and outputs of the graph."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from model.layers.tables import SHIFTS
from model.onnx.graph import GraphBuilder

__all__ = ["AttentionInputs", "convnext_stack", "layer_norm", "transformer"]


def layer_norm(g: GraphBuilder, x: str, name: str) -> str:
    """Apply a ``torch.nn.LayerNorm`` over the last axis."""
    scale, shift = (g.constant(g.weight(f"{name}.{part}")) for part in ("weight", "bias"))
    return g.node("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-5)


def convnext_stack(g: GraphBuilder, x: str, name: str, *, depth: int, steps: int) -> str:
    """Apply a :class:`model.layers.convnext.ConvNeXtStack`.

    Declares the inputs ``{name}.{block}`` and the outputs ``next.{name}.{block}``, both
    ``(B, kernel - 1, C)``: the newest inputs of each block, its state.

    Args:
        g: The graph.
        x: ``(B, steps, C)``.
        name: Of the stack.
        depth: Number of blocks.
        steps: Steps per hop.
    """
    for number in range(depth):
        x = _convnext(g, x, f"{name}.blocks.{number}", f"{name}.{number}", steps)
    return x


def _convnext(g: GraphBuilder, x: str, name: str, state: str, steps: int) -> str:
    taps = g.weight(f"{name}.depthwise.weight")[:, 0].T
    kernel, channels = taps.shape
    past = g.input(state, "B", kernel - 1, channels)
    heard = g.node("Concat", past, x, axis=1)
    g.output(
        f"next.{state}", g.slice(heard, steps, steps + kernel - 1, 1), "B", kernel - 1, channels
    )
    windows = g.constant(np.arange(steps)[:, None] + np.arange(kernel), np.int64)
    y = g.node("Mul", g.node("Gather", heard, windows, axis=1), g.constant(taps))
    y = g.node("ReduceSum", y, g.constant([2], np.int64), keepdims=0)
    y = g.node("Add", y, g.constant(g.weight(f"{name}.depthwise.bias")))
    y = g.linear(layer_norm(g, y, f"{name}.norm"), f"{name}.widen")
    y = g.node("Gelu", y, approximate="tanh")
    return g.node("Add", x, g.linear(y, f"{name}.narrow", scale=g.weight(f"{name}.scale")))


@dataclass(frozen=True, slots=True)
class AttentionInputs:
    """Inputs that all blocks of a transformer share."""

    heads: int
    window: int
    unseen: str
    """Additive mask of the ring's slots, ``(B, 1, 1, W)``: 0, or far below it where nothing was
    written yet and where the current step will be."""
    cosine: str
    """Of each channel's rotary angle at the current step, ``(D,)``."""
    sine: str


def transformer(
    g: GraphBuilder, x: str, first: int, depth: int, shared: AttentionInputs, *, small: bool
) -> str:
    """Apply some :class:`model.layers.transformer.ConditionedBlock` to one step.

    Declares the inputs ``modulation`` ``(B, depth * 6 * C)``, ``keys.{i}`` ``(B, H, D, W)`` and
    ``values.{i}`` ``(B, H, W, D)``, and the outputs ``new.keys`` and ``new.values``
    ``(B, depth, H, D)``, which the caller writes into the rings. A scale in the modulation
    has 1 added to it already.

    Args:
        g: The graph.
        x: ``(B, C)``.
        first: Number of the first block in the network.
        depth: Number of blocks.
        shared: Inputs that they share.
        small: Whether their matrices are kept in 8 bits.
    """
    channels = g.weight(f"blocks.{first}.narrow.bias").shape[0]
    modulation = g.input("modulation", "B", depth * SHIFTS * channels)
    parts = g.split(modulation, [channels] * (depth * SHIFTS))
    new_keys, new_values = [], []
    for number in range(depth):
        name = f"blocks.{first + number}"
        shift_a, scale_a, gate_a, shift_m, scale_m, gate_m = parts[
            number * SHIFTS : (number + 1) * SHIFTS
        ]
        y = g.node("LayerNormalization", x, scale_a, shift_a, axis=-1, epsilon=1e-6)
        y, key, value = _attention(g, y, f"{name}.attention", number, shared, small=small)
        new_keys.append(key)
        new_values.append(value)
        x = g.node("Add", x, g.node("Mul", gate_a, y))
        y = g.node("LayerNormalization", x, scale_m, shift_m, axis=-1, epsilon=1e-6)
        y = g.node("Gelu", g.linear(y, f"{name}.widen", small=small), approximate="tanh")
        y = g.linear(y, f"{name}.narrow", small=small)
        x = g.node("Add", x, g.node("Mul", gate_m, y))
    shape = ("B", depth, shared.heads, channels // shared.heads)
    g.output("new.keys", g.node("Concat", *new_keys, axis=1), *shape)
    g.output("new.values", g.node("Concat", *new_values, axis=1), *shape)
    return x


def _attention(
    g: GraphBuilder, x: str, name: str, number: int, shared: AttentionInputs, *, small: bool
) -> tuple[str, str, str]:
    """Return one step's attention, ``(B, C)``, and its key and value, ``(B, 1, H, D)``."""
    heads, window = shared.heads, shared.window
    channels = g.weight(f"{name}.merge.weight").shape[0]
    depth = channels // heads
    keys = g.input(f"keys.{number}", "B", heads, depth, window)
    values = g.input(f"values.{number}", "B", heads, window, depth)
    split = g.reshape(g.linear(x, f"{name}.project", small=small), 0, 3, heads, depth)
    both, value = g.split(split, [2, 1], axis=1)
    query, key = g.split(_rotated(g, _scaled(g, both, name), shared, depth), [1, 1], axis=1)
    query_BHTD, key_BHTD, value_BHTD = (
        g.reshape(each, 0, heads, 1, depth) for each in (query, key, value)
    )
    held = g.node("Add", g.node("MatMul", query_BHTD, keys), shared.unseen)
    own = g.node(
        "ReduceSum",
        g.node("Mul", query_BHTD, key_BHTD),
        g.constant([-1], np.int64),
        keepdims=1,
    )
    shares = g.node("Softmax", g.node("Concat", held, own, axis=-1), axis=-1)
    of_past, of_own = g.split(shares, [window, 1])
    y = g.node("Add", g.node("MatMul", of_past, values), g.node("Mul", of_own, value_BHTD))
    return g.linear(g.reshape(y, 0, channels), f"{name}.merge", small=small), key, value


def _scaled(g: GraphBuilder, both: str, name: str) -> str:
    """Return queries and keys of unit power, scaled, the softmax's temperature included."""
    query = g.weight(f"{name}.query_scale")
    power = g.node(
        "ReduceMean", g.node("Mul", both, both), g.constant([-1], np.int64), keepdims=1
    )
    root = g.node("Sqrt", g.node("Add", power, g.constant(1e-6)))
    scales = np.stack([query / math.sqrt(len(query)), g.weight(f"{name}.key_scale")])
    return g.node("Mul", g.node("Div", both, root), g.constant(scales[:, None]))


def _rotated(g: GraphBuilder, x: str, shared: AttentionInputs, depth: int) -> str:
    """Return queries and keys rotated to the step's position."""
    half, nothing = np.eye(depth // 2), np.zeros((depth // 2, depth // 2))
    quarter_turn = np.block([[nothing, half], [-half, nothing]])
    ahead = g.node("Mul", x, shared.cosine)
    return g.node("Add", ahead, g.node("Mul", g.matmul(x, quarter_turn), shared.sine))
