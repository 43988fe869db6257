"""Graphs of a checkpoint's networks, which step by one hop."""

from __future__ import annotations

import numpy as np
import onnx

from model.layers.tables import OVERLAPS, SHIFTS, mel_filters
from model.networks.annotation import CHORD, COUNT
from model.networks.config import (
    BANDS,
    FINE_BINS,
    PITCH_BINS,
    QUIET,
    AutoencoderConfig,
    GeneratorConfig,
)
from model.onnx.graph import GraphBuilder, Weights
from model.onnx.layers import AttentionInputs, convnext_stack, layer_norm, transformer

__all__ = ["context", "decoder", "encoder", "steering", "stems"]


def encoder(config: AutoencoderConfig, weights: Weights) -> onnx.ModelProto:
    """Return the graph of :class:`model.networks.autoencoder.Encoder` behind its spectra.

    Inputs ``middle`` and ``short`` ``(B, inner_steps, bins)`` and ``long``
    ``(B, 1, pitch bins)``: magnitudes of the newest windows; output ``latent`` ``(B, latent)``.
    """
    c, g = config, GraphBuilder("encoder", weights)
    shapes = c.spectra
    middle = g.input("middle", "B", c.inner_steps, shapes[0].n_fft // 2 + 1)
    short = g.input("short", "B", c.inner_steps, shapes[1].n_fft // 2 + 1)
    long = g.input("long", "B", 1, PITCH_BINS[1] - PITCH_BINS[0])
    merged = [
        g.matmul(spectrum, mel_filters(c.sample_rate, shape.n_fft, bands))
        for spectrum, shape, bands in zip((middle, short), shapes, BANDS, strict=False)
    ]
    h = g.node("Concat", *merged, g.slice(middle, *FINE_BINS, axis=-1), axis=-1)
    h = g.linear(_level(g, h), "enter")
    h = convnext_stack(g, h, "inner", depth=c.encoder_depth[0], steps=c.inner_steps)
    h = g.reshape(h, 0, 1, c.inner_steps * c.encoder_inner)
    h = g.linear(g.node("Concat", h, _level(g, long), axis=-1), "join")
    h = convnext_stack(g, h, "outer", depth=c.encoder_depth[1], steps=1)
    h = g.reshape(g.linear(layer_norm(g, h, "norm"), "leave"), 0, c.latent)
    centred = g.node("Sub", h, g.constant(g.weight("mean")))
    g.output("latent", g.matmul(centred, g.weight("rotation")), "B", c.latent)
    return g.model()


def _level(g: GraphBuilder, magnitude: str) -> str:
    """Compress magnitudes as :mod:`model.networks.autoencoder` does."""
    log = g.node("Log", g.node("Add", magnitude, g.constant(1e-4)))
    return g.node("Add", g.node("Div", log, g.constant(3.0)), g.constant(2.0))


def decoder(config: AutoencoderConfig, weights: Weights) -> onnx.ModelProto:
    """Return the graph of :class:`model.networks.autoencoder.Decoder` up to its vocoder.

    Input ``latent`` ``(B, latent)``; outputs ``magnitude`` ``(B, inner_steps, bins)`` and
    ``tendency`` ``(B, inner_steps, 2 * tonal_bins)``.
    """
    c, g = config, GraphBuilder("decoder", weights)
    latent = g.input("latent", "B", c.latent)
    whole = g.node("Add", g.matmul(latent, g.weight("rotation")), g.constant(g.weight("mean")))
    h = g.reshape(g.linear(whole, "enter"), 0, 1, c.decoder_hop)
    h = convnext_stack(g, h, "outer", depth=c.decoder_depth[0], steps=1)
    h = g.reshape(g.linear(h, "split"), 0, c.inner_steps, c.decoder_inner)
    h = convnext_stack(g, h, "inner", depth=c.decoder_depth[1], steps=c.inner_steps)
    h = g.linear(layer_norm(g, h, "norm"), "head")
    bins = OVERLAPS * c.inner // 2 + 1
    level, tendency = g.split(h, [bins, 2 * c.tonal_bins])
    level = g.node("Min", g.node("Sub", level, g.constant(QUIET)), g.constant(1.0))
    g.output("magnitude", g.node("Exp", level), "B", c.inner_steps, bins)
    g.output("tendency", tendency, "B", c.inner_steps, 2 * c.tonal_bins)
    return g.model()


def steering(config: GeneratorConfig, weights: Weights) -> onnx.ModelProto:
    """Return the graph that turns conditions into modulations of every block.

    Inputs ``stem``, ``anticipation``, ``groove`` ``(B,)``, as indices, and ``seed``
    ``(B, seed_noise)``; outputs ``context`` and ``stems``, as
    :func:`model.onnx.layers.transformer` takes them.
    """
    c, g = config, GraphBuilder("steering", weights)
    indices = {
        name: g.input(name, "B", whole=True) for name in ("stem", "anticipation", "groove")
    }
    late = g.node("Gather", g.constant(g.weight("late.weight")), indices["anticipation"])
    vector = g.linear(g.input("seed", "B", c.seed_noise), "seed")
    for name, index in indices.items():
        vector = g.node(
            "Add", vector, g.node("Gather", g.constant(g.weight(f"{name}.weight")), index)
        )
    for name, condition, first, depth in (
        ("context", late, 0, c.context_depth),
        ("stems", vector, c.context_depth, c.depth),
    ):
        silu = g.node("Mul", condition, g.node("Sigmoid", condition))
        parts = [
            g.linear(silu, f"blocks.{number}.modulate")
            for number in range(first, first + depth)
        ]
        one = np.zeros((SHIFTS, c.channels))
        one[[1, 4]] = 1.0
        scaled = g.node(
            "Add", g.node("Concat", *parts, axis=-1), g.constant(np.tile(one.ravel(), depth))
        )
        g.output(name, scaled, "B", depth * SHIFTS * c.channels)
    return g.model()


def context(config: GeneratorConfig, weights: Weights, *, small: bool) -> onnx.ModelProto:
    """Return the graph of the context network, whose input is the mix.

    Inputs ``heard`` ``(B, latent)``, ``known`` ``(B, 1)``, 0 where nothing was heard yet, and
    those of :func:`model.onnx.layers.transformer`; outputs ``hidden`` ``(B, C)``, ``count``
    ``(B, COUNT)`` and ``chord`` ``(B, CHORD)``, as probabilities.

    Args:
        config: Sizes.
        weights: Of the generator.
        small: Whether the blocks are kept in 8 bits.
    """
    c, g = config, GraphBuilder("context", weights)
    heard, known = g.input("heard", "B", c.latent), g.input("known", "B", 1)
    unknown = g.node("Sub", g.constant(1.0), known)
    silence = g.node("Mul", unknown, g.constant(g.weight("silence")))
    h = g.linear(g.node("Add", heard, silence), "enter")
    h = transformer(g, h, 0, c.context_depth, _shared(g, c), small=small)
    predicted = g.linear(layer_norm(g, h, "context_norm"), "believe")
    count, chord, _ = g.split(predicted, [COUNT, CHORD, 1 + c.latent])
    g.output("hidden", h, "B", c.channels)
    g.output("count", count, "B", COUNT)
    g.output("chord", g.node("Sigmoid", chord), "B", CHORD)
    return g.model()


def stems(config: GeneratorConfig, weights: Weights, *, small: bool) -> onnx.ModelProto:
    """Return the graph of the stem network, which generates the stem.

    Inputs: the context network's outputs, of one stream or of ``B``; ``noise`` ``(B, noise)``,
    ``given`` ``(B, COUNT)``, the count of the transport, and ``sure`` ``(B, 1)``, its
    confidence, 0..1; and those of :func:`model.onnx.layers.transformer`. Output ``latent``
    ``(B, latent)``.

    Args:
        config: Sizes.
        weights: Of the generator.
        small: Whether the blocks are kept in 8 bits.
    """
    c, g = config, GraphBuilder("stems", weights)
    hidden, count = g.input("hidden", "S", c.channels), g.input("count", "S", COUNT)
    chord, noise = g.input("chord", "S", CHORD), g.input("noise", "B", c.noise)
    given, sure = g.input("given", "B", COUNT), g.input("sure", "B", 1)
    unsure = g.node("Sub", g.constant(1.0), sure)
    count = g.node("Add", g.node("Mul", sure, given), g.node("Mul", unsure, count))
    every = g.node("Expand", chord, g.node("Shape", sure))
    own = g.node("Concat", noise, count, sure, every, axis=-1)
    h = g.node("Add", hidden, g.linear(own, "join"))
    h = transformer(g, h, c.context_depth, c.depth, _shared(g, c), small=small)
    latent = g.linear(layer_norm(g, h, "norm"), "leave")
    g.output("latent", latent, "B", c.latent)
    return g.model()


def _shared(g: GraphBuilder, config: GeneratorConfig) -> AttentionInputs:
    """Declare the inputs that all blocks share."""
    depth = config.channels // config.heads
    return AttentionInputs(
        config.heads,
        config.window,
        g.input("unseen", "B", 1, 1, config.window),
        g.input("cosine", depth),
        g.input("sine", depth),
    )
