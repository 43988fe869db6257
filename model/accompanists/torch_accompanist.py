"""Band of one checkpoint on PyTorch in float32: the reference for every other backend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import count
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from model.accompanists.accompanist import Accompanist, Places
from model.accompanists.band_memory import Arrays
from model.accompanists.condition_encoding import EncodedCondition
from model.accompanists.state_arrays import pack_state, unpack_state
from model.array_types import Audio, Float32Array
from model.checkpoint import Checkpoint
from model.layers.streaming import StreamState
from model.networks.autoencoder import DecoderState, EncoderState
from model.networks.config import GeneratorConfig
from model.networks.generator import GeneratorState, StreamCondition

__all__ = ["TorchAccompanist", "select_streams", "stream_condition"]

S = TypeVar("S", bound=StreamState)

_STEERING = ("modulate", "late", "stem.", "anticipation", "groove", "seed")
"""Parameters of a generator that only a change of conditions reads."""


class _Generator(Protocol):
    """The methods of the generator and the baseline that are used here."""

    @property
    def config(self) -> GeneratorConfig: ...
    def init_band(self, players: int) -> Any: ...  # noqa: ANN401
    def condition_context(self, anticipation_B: Tensor, state: Any) -> None: ...  # noqa: ANN401
    def condition_stems(self, condition: StreamCondition, state: Any) -> None: ...  # noqa: ANN401
    def heard(self, heard_BTC: Tensor, mask_BTC: Tensor) -> Tensor: ...
    def accompany(self, heard_BTC: Tensor, own_BTC: Tensor, state: Any) -> Tensor: ...  # noqa: ANN401


class TorchAccompanist(Accompanist[EncoderState, GeneratorState, DecoderState]):
    """The players of one checkpoint on PyTorch.

    Args:
        checkpoint: The networks.
        inference_mode: Whether torch skips what gradients would need; without it the band
            plays the same, slower, and its parts are not measured.
    """

    def __init__(self, checkpoint: Checkpoint, *, inference_mode: bool = True) -> None:
        self._encoder = checkpoint.autoencoder.encoder
        self._decoder = checkpoint.autoencoder.decoder
        self._generator: _Generator = checkpoint.generator
        self._inference_mode = inference_mode
        super().__init__(
            checkpoint.name,
            checkpoint.identity,
            checkpoint.autoencoder.config,
            checkpoint.generator.config,
            checkpoint.likely_grooves,
        )

    def parts(self) -> dict[str, Callable[[], object]]:
        """Return one streaming step of each network; none outside of inference mode."""
        return super().parts() if self._inference_mode else {}

    def part_bytes(self) -> dict[str, int]:
        """Return the bytes that each part has to read: weights and streams."""
        return {
            "encode": _nbytes(self._encoder) + self._encoder_state.nbytes,
            "generate": _nbytes(self._generator, but=_STEERING) + self._generator_state.nbytes,
            "decode": _nbytes(self._decoder) + self._decoder_state.nbytes,
        }

    def _context(self) -> AbstractContextManager[object]:
        return torch.inference_mode() if self._inference_mode else nullcontext()

    def _new_states(self, players: int) -> tuple[EncoderState, GeneratorState, DecoderState]:
        return (
            self._encoder.init_state(1),
            self._generator.init_band(players),
            self._decoder.init_state(players),
        )

    def _encode(self, mix: Audio) -> Float32Array:
        with self._context():
            audio_BTC = torch.from_numpy(np.ascontiguousarray(mix)).view(1, -1, 1)
            latent: Float32Array = self._encoder.step(audio_BTC, self._encoder_state)[0].numpy()
            return latent

    def _generate(
        self, latent: Float32Array | None, noise: Float32Array, transport: tuple[float, ...]
    ) -> Float32Array:
        with self._context():
            mask_BTC = torch.full((1, 1, 1), 0.0 if latent is None else 1.0)
            if latent is None:
                latent = np.zeros((1, self._generator.config.latent), np.float32)
            transport_BTC = torch.tensor(transport).expand(len(noise), 1, -1)
            own_BTC = torch.cat([torch.from_numpy(noise)[:, None], transport_BTC], dim=-1)
            heard_BTC = self._generator.heard(torch.from_numpy(latent)[None], mask_BTC)
            made_BTC = self._generator.accompany(heard_BTC, own_BTC, self._generator_state)
            made: Float32Array = made_BTC[:, 0].numpy()
            return made

    def _decode(self, latents: Float32Array) -> Audio:
        with self._context():
            latent_BTC = torch.from_numpy(latents)[:, None]
            audio: Audio = self._decoder.step(latent_BTC, self._decoder_state)[..., 0].numpy()
            return audio

    def _steer(self, anticipation: int, conditions: Sequence[EncodedCondition]) -> None:
        with self._context():
            state = self._generator_state
            self._generator.condition_context(torch.tensor([anticipation]), state)
            if conditions:
                self._generator.condition_stems(stream_condition(conditions), state)

    def _select_generator(self, state: GeneratorState, places: Places) -> GeneratorState:
        with self._context():
            depth = self._generator.config.context_depth
            fresh = self._generator.init_band(places.count(None))
            stems = [
                select_streams(block, new, places)
                for block, new in zip(state.blocks[depth:], fresh.blocks[depth:], strict=True)
            ]
            return replace(state, blocks=[*state.blocks[:depth], *stems])

    def _select_decoder(self, state: DecoderState, places: Places) -> DecoderState:
        return select_streams(state, self._decoder.init_state(places.count(None)), places)

    def _copy_tail(self, source: DecoderState, target: DecoderState) -> None:
        target.vocoder.tail = source.vocoder.tail

    def _pack_states(
        self, encoder: EncoderState, generator: GeneratorState
    ) -> dict[str, NDArray[Any]]:
        return {**pack_state(encoder, "hearing"), **pack_state(generator, "thinking")}

    def _unpack_states(
        self, arrays: Arrays, players: int
    ) -> tuple[EncoderState, GeneratorState]:
        encoder, generator, _ = self._new_states(players)
        return (
            unpack_state(encoder, arrays, "hearing"),
            unpack_state(generator, arrays, "thinking"),
        )


def select_streams(state: S, fresh: S, places: Places) -> S:
    """Return a state with its streams in other places.

    Args:
        state: Of some streams.
        fresh: Of streams that have played nothing, one for each None in ``places``.
        places: Of the streams that are to be.
    """
    new = count(len(next(state.tensors())))
    return state.joined(fresh).select([next(new) if at is None else at for at in places])


def stream_condition(conditions: Sequence[EncodedCondition]) -> StreamCondition:
    """Return the conditions of one or more streams as tensors."""
    return StreamCondition(
        torch.tensor([each.stem for each in conditions]),
        torch.tensor([each.anticipation for each in conditions]),
        torch.tensor([each.groove for each in conditions]),
        torch.from_numpy(np.stack([each.z_g for each in conditions])).float(),
    )


def _nbytes(network: object, but: tuple[str, ...] = ()) -> int:
    """Return the bytes of a network's weights, some left out by a part of their names."""
    assert isinstance(network, nn.Module)
    weights = [*network.named_parameters(), *network.named_buffers()]
    return sum(weight.nbytes for name, weight in weights if not any(b in name for b in but))
