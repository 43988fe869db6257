"""Band of one checkpoint on ONNX Runtime, without torch: the backend of live playing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from model.accompanists.accompanist import Accompanist, Arrays, Places
from model.accompanists.condition_encoding import EncodedCondition
from model.array_types import Audio, Float32Array
from model.onnx.decoder import DecoderSession, DecoderSessionState
from model.onnx.encoder import EncoderSession, EncoderSessionState
from model.onnx.export import Graphs, find_graphs
from model.onnx.generator import GeneratorSession, GeneratorSessionState
from model.onnx.state_io import pack_states, unpack_states

__all__ = ["OnnxAccompanist", "load"]


class OnnxAccompanist(
    Accompanist[EncoderSessionState, GeneratorSessionState, DecoderSessionState]
):
    """The players of one checkpoint on one thread of ONNX Runtime.

    Args:
        graphs: Of a checkpoint.
        dtype: Of the weights of the generator's blocks, one of
            :data:`model.onnx.export.DTYPES`.

    Raises:
        MissingTool: ONNX Runtime is not installed.
    """

    def __init__(self, graphs: Graphs, dtype: str) -> None:
        self.dtype = dtype
        self._encoder = EncoderSession(graphs)
        self._generator = GeneratorSession(graphs, dtype)
        self._decoder = DecoderSession(graphs)
        super().__init__(
            graphs.checkpoint,
            graphs.identity,
            graphs.autoencoder,
            graphs.generator,
            graphs.likely_grooves,
        )

    def part_bytes(self) -> dict[str, int]:
        """Return the bytes that each part has to read: weights, and the generator's rings."""
        return {
            "encode": self._encoder.nbytes,
            "generate": self._generator.nbytes + self._generator_state.nbytes,
            "decode": self._decoder.nbytes,
        }

    def advance_counters(self, hops: int) -> None:
        """Count on as if ``hops`` hops more had been heard and played; keep none of them.

        A trial needs it: a band that has played for hours is compared with a new one.
        """
        self.skip(hops)
        for rings in (self._generator_state.context, self._generator_state.stems):
            rings.position += hops
        self._decoder_state.steps += hops * self._autoencoder_config.inner_steps

    def _new_states(
        self, players: int
    ) -> tuple[EncoderSessionState, GeneratorSessionState, DecoderSessionState]:
        return (
            self._encoder.init_state(),
            self._generator.init_state(players),
            self._decoder.init_state(players),
        )

    def _encode(self, mix: Audio) -> Float32Array:
        return self._encoder.step(mix, self._encoder_state)

    def _generate(
        self, latent: Float32Array | None, noise: Float32Array, transport: tuple[float, ...]
    ) -> Float32Array:
        return self._generator.step(latent, noise, transport, self._generator_state)

    def _decode(self, latents: Float32Array) -> Audio:
        return self._decoder.step(latents, self._decoder_state)

    def _steer(self, anticipation: int, conditions: Sequence[EncodedCondition]) -> None:
        self._generator.condition(anticipation, conditions)

    def _select_generator(
        self, state: GeneratorSessionState, places: Places
    ) -> GeneratorSessionState:
        return GeneratorSessionState(state.context, state.stems.select(places))

    def _select_decoder(
        self, state: DecoderSessionState, places: Places
    ) -> DecoderSessionState:
        return state.select(places, self._decoder.init_state(1))

    def _copy_tail(self, source: DecoderSessionState, target: DecoderSessionState) -> None:
        target.tail = source.tail

    def _pack_states(
        self, encoder: EncoderSessionState, generator: GeneratorSessionState
    ) -> dict[str, NDArray[Any]]:
        return pack_states(encoder, generator, self._autoencoder_config, self._generator_config)

    def _unpack_states(
        self, arrays: Arrays, players: int
    ) -> tuple[EncoderSessionState, GeneratorSessionState]:
        encoder, generator, _ = self._new_states(players)
        return unpack_states(arrays, encoder, generator)


def load(where: str | Path | None = None, dtype: str = "int8") -> OnnxAccompanist:
    """Return the band of a checkpoint, by folder or by shipped name; default if None.

    Args:
        where: The checkpoint.
        dtype: Of the weights of the generator's blocks, one of
            :data:`model.onnx.export.DTYPES`.

    Raises:
        CheckpointError: The checkpoint is missing, damaged or of another version.
        MissingTool: ONNX Runtime, or a package to make its graphs with, is not installed.
    """
    return OnnxAccompanist(find_graphs(where, [dtype]), dtype)
