"""Arrays of a memory on ONNX Runtime, named as those of torch's states."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.accompanists.band_memory import Arrays, found_array
from model.layers.tables import SHIFTS
from model.networks.config import AutoencoderConfig, GeneratorConfig
from model.onnx.encoder import EncoderSessionState
from model.onnx.generator import AttentionRings, GeneratorSessionState

__all__ = ["pack_states", "unpack_states"]


def pack_states(
    encoder: EncoderSessionState,
    generator: GeneratorSessionState,
    autoencoder_config: AutoencoderConfig,
    generator_config: GeneratorConfig,
) -> dict[str, NDArray[Any]]:
    """Return the states of encoder and generator as arrays, for any backend.

    Args:
        encoder: State to take apart.
        generator: Likewise.
        autoencoder_config: Of their checkpoint.
        generator_config: Likewise.
    """
    lengths = (shape.n_fft - shape.hop for shape in autoencoder_config.spectra)
    arrays: dict[str, NDArray[Any]] = {
        f"hearing.{name}.past": encoder.past[-length:].reshape(1, -1, 1).copy()
        for name, length in zip(("middle", "short", "long"), lengths, strict=True)
    }
    for name, array in encoder.memory.items():
        arrays[_past(name)] = array.copy()
    shifts = SHIFTS * generator_config.channels
    number = 0
    for rings in (generator.context, generator.stems):
        for keys, values in zip(rings.keys, rings.values, strict=True):
            path, number = f"thinking.blocks.{number}", number + 1
            arrays |= {
                f"{path}.ring.keys": keys.swapaxes(2, 3).copy(),
                f"{path}.ring.values": values.copy(),
                f"{path}.ring.position": np.array(rings.position, np.int64),
                f"{path}.ring.held": rings.held.copy(),
                f"{path}.modulation": np.zeros((len(keys), 1, shifts), np.float32),
            }
    return arrays


def unpack_states(
    arrays: Arrays, encoder: EncoderSessionState, generator: GeneratorSessionState
) -> tuple[EncoderSessionState, GeneratorSessionState]:
    """Return the states that any backend made arrays of.

    Args:
        arrays: May hold other things too.
        encoder: Any state of this checkpoint; it stays as it is.
        generator: Likewise, with as many streams as the arrays are of.

    Raises:
        ModelConfigError: An array is missing or does not fit.
    """
    past = found_array(arrays, "hearing.long.past", (1, len(encoder.past), 1))
    memory = {
        name: found_array(arrays, _past(name), array.shape).astype(np.float32)
        for name, array in encoder.memory.items()
    }
    return (
        EncoderSessionState(past.astype(np.float32).ravel(), memory),
        GeneratorSessionState(
            _rings(arrays, generator.context, 0),
            _rings(arrays, generator.stems, len(generator.context.keys)),
        ),
    )


def _past(name: str) -> str:
    """Return the array that holds what a stack's block remembers, named ``stack.block``."""
    stack, block = name.split(".")
    return f"hearing.{stack}.blocks.{block}.past"


def _rings(arrays: Arrays, like: AttentionRings, first: int) -> AttentionRings:
    blocks, streams, heads, depth, window = like.keys.shape
    paths = [f"thinking.blocks.{first + number}.ring" for number in range(blocks)]
    shape = (streams, heads, window, depth)
    keys = np.stack([found_array(arrays, f"{path}.keys", shape) for path in paths])
    values = np.stack([found_array(arrays, f"{path}.values", shape) for path in paths])
    return AttentionRings(
        np.ascontiguousarray(keys.swapaxes(3, 4), np.float32),
        values.astype(np.float32),
        found_array(arrays, f"{paths[0]}.held", (streams,)).astype(np.int64),
        int(found_array(arrays, f"{paths[0]}.position", ())),
    )
