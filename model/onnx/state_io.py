"""What a band remembers, as named arrays: those that :mod:`model.memory` makes of torch's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.config import AutoencoderConfig, GeneratorConfig
from model.errors import ConfigError
from model.onnx.encoder import HearingState
from model.onnx.generator import Rings, ThinkingState
from model.tables import SHIFTS

__all__ = ["Memory", "packed", "unpacked"]

Array = NDArray[np.float32]
Kept = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Memory:
    """What a band has heard and played."""

    identity: str
    """Of the checkpoint's weights."""
    players: tuple[int, ...]
    """Whose streams the stem network's rings hold, in their order."""
    hearing: HearingState
    thinking: ThinkingState
    heard: tuple[Array | None, ...]
    """The newest mix latents, ``(1, latent)``; None for those that were lost."""


def packed(memory: Memory, codec: AutoencoderConfig, band: GeneratorConfig) -> Kept:
    """Return a memory as arrays, for any engine that plays the checkpoint.

    Args:
        memory: What to take apart.
        codec: Of its checkpoint.
        band: Likewise.
    """
    past, none = memory.hearing.past, np.empty((0, 1, band.latent), np.float32)
    lengths = (shape.n_fft - shape.hop for shape in codec.spectra)
    arrays: dict[str, NDArray[Any]] = {
        f"hearing.{name}.past": past[len(past) - length :].reshape(1, -1, 1).copy()
        for name, length in zip(("middle", "short", "long"), lengths, strict=True)
    }
    for name, array in memory.hearing.memory.items():
        stack, block = name.split(".")
        arrays[f"hearing.{stack}.blocks.{block}.past"] = array.copy()
    for number, (rings, own) in enumerate(_blocks(memory.thinking)):
        path, streams = f"thinking.blocks.{number}", rings.keys.shape[1]
        arrays |= {
            f"{path}.ring.keys": rings.keys[own].swapaxes(2, 3).copy(),
            f"{path}.ring.values": rings.values[own].copy(),
            f"{path}.ring.position": np.array(rings.position, np.int64),
            f"{path}.ring.held": rings.held.copy(),
            f"{path}.modulation": np.zeros((streams, 1, SHIFTS * band.channels), np.float32),
        }
    return arrays | {
        "players": np.array(memory.players, np.int64),
        "known": np.array([latent is not None for latent in memory.heard], bool),
        "heard": np.concatenate([none, *(x[None] for x in memory.heard if x is not None)]),
    }


def unpacked(arrays: Kept, like: Memory) -> Memory:
    """Return the memory that was made arrays of.

    Args:
        arrays: Of any engine.
        like: Any memory of this checkpoint; it stays as it is.

    Raises:
        ConfigError: An array is missing or does not fit.
    """
    players = tuple(_found(arrays, "players", (None,)).tolist())
    past = _found(arrays, "hearing.long.past", (1, len(like.hearing.past), 1))
    hearing = HearingState(past.astype(np.float32).ravel(), {})
    for name, array in like.hearing.memory.items():
        stack, block = name.split(".")
        kept = _found(arrays, f"hearing.{stack}.blocks.{block}.past", array.shape)
        hearing.memory[name] = kept.astype(np.float32)
    depth = len(like.thinking.context.keys)
    return Memory(
        like.identity,
        players,
        hearing,
        ThinkingState(
            _rings(arrays, like.thinking.context, 0, 1),
            _rings(arrays, like.thinking.stems, depth, len(players)),
        ),
        _latents(arrays),
    )


def _blocks(state: ThinkingState) -> list[tuple[Rings, int]]:
    """Return the rings of every block, and which of them are its own."""
    both = state.context, state.stems
    return [(rings, own) for rings in both for own in range(len(rings.keys))]


def _rings(arrays: Kept, like: Rings, first: int, streams: int) -> Rings:
    _, _, heads, depth, window = like.keys.shape
    paths = [f"thinking.blocks.{first + number}.ring" for number in range(len(like.keys))]
    shape = (streams, heads, window, depth)
    keys = np.stack([_found(arrays, f"{path}.keys", shape) for path in paths])
    values = np.stack([_found(arrays, f"{path}.values", shape) for path in paths])
    held = _found(arrays, f"{paths[0]}.held", (streams,))
    return Rings(
        np.ascontiguousarray(keys.swapaxes(3, 4), np.float32),
        values.astype(np.float32),
        held.astype(np.int64),
        int(_found(arrays, f"{paths[0]}.position", ())),
    )


def _latents(arrays: Kept) -> tuple[Array | None, ...]:
    known = _found(arrays, "known", (None,)).tolist()
    latents = iter(_found(arrays, "heard", (sum(known), 1, None)).astype(np.float32))
    return tuple(next(latents) if each else None for each in known)


def _found(arrays: Kept, name: str, shape: tuple[int | None, ...]) -> NDArray[Any]:
    """Return an array of the given shape, in which None is any length."""
    if name not in arrays:
        raise ConfigError(f"this memory lacks {name}; it was kept by another version")
    array = arrays[name]
    fits = array.ndim == len(shape) and all(
        wanted in (None, length) for wanted, length in zip(shape, array.shape, strict=True)
    )
    if not fits:
        raise ConfigError(
            f"{name} of this memory has shape {array.shape}, expected {shape}; it was kept by "
            "another checkpoint"
        )
    return array
