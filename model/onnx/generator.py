"""Generator on ONNX Runtime: a context network for the mix, a stem network for all players."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.accompanists.condition_encoding import EncodedCondition
from model.array_types import Float32Array
from model.layers.tables import PERIOD, rotary_frequencies
from model.networks.annotation import COUNT
from model.networks.config import GeneratorConfig
from model.onnx.export import Graphs
from model.onnx.runtime import Arrays, Network

__all__ = ["AttentionRings", "GeneratorSession", "GeneratorSessionState"]

_UNSEEN = -1e9


@dataclass(slots=True)
class AttentionRings:
    """Ring buffers of keys and values, of all blocks; slot = position modulo W."""

    keys: Float32Array
    """``(blocks, B, H, D, W)``, already rotated."""
    values: Float32Array
    """``(blocks, B, H, W, D)``."""
    held: NDArray[np.int64]
    """Newest steps that each stream remembers, ``(B,)``."""
    position: int = 0
    """Steps taken so far, by all streams together."""

    def clone(self) -> AttentionRings:
        """Return an independent copy."""
        return AttentionRings(
            self.keys.copy(), self.values.copy(), self.held.copy(), self.position
        )

    def select(self, places: Sequence[int | None]) -> AttentionRings:
        """Return the streams of some places in their order; None stands for an empty one."""
        keys, values = (
            np.zeros((len(old), len(places), *old.shape[2:]), np.float32)
            for old in (self.keys, self.values)
        )
        rings = AttentionRings(keys, values, np.zeros(len(places), np.int64), self.position)
        for new, old in enumerate(places):
            if old is not None:
                rings.keys[:, new], rings.values[:, new] = (
                    self.keys[:, old],
                    self.values[:, old],
                )
                rings.held[new] = self.held[old]
        return rings

    def write(self, keys: Float32Array, values: Float32Array) -> None:
        """Write a step's keys and values, ``(B, blocks, H, D)`` each."""
        slot = self.position % self.keys.shape[-1]
        self.keys[..., slot] = keys.swapaxes(0, 1)
        self.values[..., slot, :] = values.swapaxes(0, 1)
        self.held = np.minimum(self.held + 1, self.keys.shape[-1])
        self.position += 1

    def mask(self) -> Float32Array:
        """Return the additive mask of the next step; see :mod:`model.onnx.layers`."""
        window = self.keys.shape[-1]
        age = (self.position - np.arange(window)) % window
        seen = (age > 0) & (age <= self.held[:, None])
        return np.where(seen, np.float32(0), np.float32(_UNSEEN))[:, None, None]


@dataclass(slots=True)
class GeneratorSessionState:
    """Streaming state of a :class:`GeneratorSession`."""

    context: AttentionRings
    stems: AttentionRings

    @property
    def nbytes(self) -> int:
        """Bytes of all rings, which every step reads."""
        return sum(r.keys.nbytes + r.values.nbytes for r in (self.context, self.stems))

    def clone(self) -> GeneratorSessionState:
        """Return an independent copy."""
        return GeneratorSessionState(self.context.clone(), self.stems.clone())


class GeneratorSession:
    """Runs the generator of a band.

    Args:
        graphs: Of a checkpoint.
        dtype: Of its blocks' weights, one of :data:`model.onnx.export.DTYPES`.
    """

    def __init__(self, graphs: Graphs, dtype: str) -> None:
        self._config = graphs.generator
        self._context = Network(graphs.files[f"context.{dtype}"])
        self._stems = Network(graphs.files[f"stems.{dtype}"])
        self._steering = Network(graphs.files["steering"])
        self._modulation: Arrays = {}
        depth = self._config.channels // self._config.heads
        self._turns = rotary_frequencies(depth, self._config.window).astype(np.int64)

    @property
    def nbytes(self) -> int:
        """Bytes of weights that every step reads."""
        return self._context.nbytes + self._stems.nbytes

    def init_state(self, players: int) -> GeneratorSessionState:
        """Return empty rings, of one mix and of its players."""
        c = self._config
        return GeneratorSessionState(_empty(c, c.context_depth, 1), _empty(c, c.depth, players))

    def condition(self, anticipation: int, conditions: Sequence[EncodedCondition]) -> None:
        """Condition all streams from their next step on.

        Args:
            anticipation: Index into the config's, of the context network.
            conditions: One for each of the stem network's streams.
        """
        silent = np.zeros((1, self._config.seed_noise), np.float32)
        context = [[0, anticipation, 0]]
        rows = context + [[each.stem, each.anticipation, each.groove] for each in conditions]
        stem, late, groove = np.array(rows, np.int64).T
        made = self._steering.run(
            {
                "stem": np.ascontiguousarray(stem),
                "anticipation": np.ascontiguousarray(late),
                "groove": np.ascontiguousarray(groove),
                "seed": np.concatenate([silent, *(each.z_g[None] for each in conditions)]),
            }
        )
        self._modulation = {"context": made["context"][:1], "stems": made["stems"][1:]}

    def step(
        self,
        latent: Float32Array | None,
        noise: Float32Array,
        transport: tuple[float, ...],
        state: GeneratorSessionState,
    ) -> Float32Array:
        """Play one hop.

        Args:
            latent: Of the mix hop to be heard, ``(1, latent)``; None where there is none.
            noise: Of each player, ``(players, noise)``.
            transport: See :func:`model.accompanists.condition_encoding.transport_input`.
            state: Of all streams.

        Returns:
            Stem latents, ``(players, latent)``; the context network steps without players too.
        """
        silence = np.zeros((1, self._config.latent), np.float32)
        prediction = self._run(
            self._context,
            "context",
            {
                "heard": silence if latent is None else latent,
                "known": np.full((1, 1), latent is not None, np.float32),
            },
            state.context,
        )
        if not len(noise):
            return silence[:0]
        given = np.tile(np.array(transport, np.float32), (len(noise), 1))
        own = {
            "noise": noise,
            "given": given[:, :COUNT].copy(),
            "sure": given[:, COUNT:].copy(),
        }
        return self._run(self._stems, "stems", {**prediction, **own}, state.stems)["latent"]

    def _run(
        self, network: Network, name: str, inputs: Arrays, rings: AttentionRings
    ) -> Arrays:
        """Step one of the two networks, and its rings with it."""
        angle = rings.position % PERIOD * self._turns % PERIOD * (2 * math.pi / PERIOD)
        made = network.run(
            {
                **inputs,
                "modulation": self._modulation[name],
                "unseen": rings.mask(),
                "cosine": np.tile(np.cos(angle), 2).astype(np.float32),
                "sine": np.tile(np.sin(angle), 2).astype(np.float32),
                **{f"keys.{number}": keys for number, keys in enumerate(rings.keys)},
                **{f"values.{number}": values for number, values in enumerate(rings.values)},
            }
        )
        rings.write(made.pop("new.keys"), made.pop("new.values"))
        return made


def _empty(config: GeneratorConfig, blocks: int, streams: int) -> AttentionRings:
    shape = (blocks, streams, config.heads)
    depth, window = config.channels // config.heads, config.window
    return AttentionRings(
        np.zeros((*shape, depth, window), np.float32),
        np.zeros((*shape, window, depth), np.float32),
        np.zeros(streams, np.int64),
    )
