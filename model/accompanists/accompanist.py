"""Streaming band of one checkpoint: everything but the calls of its three networks.

:class:`model.accompanists.torch_accompanist.TorchAccompanist` and
:class:`model.onnx.accompanist.OnnxAccompanist` add those calls. Nothing here imports torch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.accompanists.band_memory import Arrays, BandMemory, LatentHistory, found_array
from model.accompanists.condition_encoding import (
    EncodedCondition,
    default_condition,
    encode_condition,
    transport_input,
)
from model.array_types import Audio, Float32Array
from model.errors import ModelConfigError
from model.formats.conditions import Conditions, Phase
from model.networks.config import AutoencoderConfig, GeneratorConfig

__all__ = ["Accompanist", "Arrays", "Places"]

Places = Sequence[int | None]
"""For each stream that is to be, where it was before; None for one that begins afresh."""


class _State(Protocol):
    def clone(self) -> Self: ...


E = TypeVar("E", bound=_State)
G = TypeVar("G", bound=_State)
D = TypeVar("D")


class Accompanist(ABC, Generic[E, G, D]):
    """The players of one checkpoint, streaming on the CPU.

    Stem hop k is played from mix hops up to ``k - 1 - anticipation``, the noise of hop k
    and the conditions; never from its own audio, nor from another player's. The mix is encoded
    once; stem network and decoder step all players at once. Type parameters are the states of
    encoder, generator and decoder.

    Args:
        name: Of the checkpoint.
        identity: SHA-256 of its weights.
        autoencoder: Its sizes.
        generator: Its sizes.
        likely_grooves: See :func:`model.formats.checkpoint_folder.likely_grooves`.
    """

    def __init__(
        self,
        name: str,
        identity: str,
        autoencoder: AutoencoderConfig,
        generator: GeneratorConfig,
        likely_grooves: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.name, self.identity = name, identity
        self.sample_rate, self.hop = autoencoder.sample_rate, autoencoder.hop
        self.overlap = autoencoder.inner
        self.stems, self.anticipations = generator.stems, generator.anticipations
        self.grooves, self.likely_grooves = generator.grooves, likely_grooves
        self._autoencoder_config, self._generator_config = autoencoder, generator
        self._conditions: dict[int, EncodedCondition] = {}
        self._history = LatentHistory(max(self.anticipations))
        self._anticipation = 0
        """Index of the band's anticipation."""
        self._phase: Phase | None = None
        self._encoder_state: E
        self._generator_state: G
        self._decoder_state: D
        self.restart()

    @property
    def players(self) -> tuple[int, ...]:
        """Numbers of the players, in the order of the rows of :meth:`play`."""
        return tuple(self._conditions)

    def condition(self, player: int, conditions: Conditions) -> None:
        """Take new conditions for a player, effective with the next :meth:`play`.

        Args:
            player: Its number; one who is not in the band yet joins it, having played nothing.
            conditions: Every player's with the same anticipation.

        Raises:
            ModelConfigError: See :func:`~.condition_encoding.encode_condition`.
        """
        encoded = encode_condition(
            self._generator_config, conditions, self._autoencoder_config.hop_rate_hz
        )
        self._set_conditions({**self._conditions, player: encoded})

    def dismiss(self, player: int) -> None:
        """Let a player leave the band; if it joins again, it begins afresh."""
        if player in self._conditions:
            rest = {other: c for other, c in self._conditions.items() if other != player}
            self._set_conditions(rest)

    def follow(self, phase: Phase | None) -> None:
        """Take the place in the bar at which the next hop to be played begins, if known.

        It holds for the next :meth:`play` only; without it the players count by ear.
        """
        self._phase = phase

    def listen(self, mix: Audio) -> None:
        """Hear one hop of the mix, shape ``(hop,)``."""
        self._history.append(self._encode(mix))

    def play(self) -> Audio:
        """Return every player's next hop of the stem, shape ``(players, hop)``."""
        latents = self._next_latents()
        return self._decode(latents) if len(latents) else np.zeros((0, self.hop), np.float32)

    def skip(self, hops: int) -> None:
        """Pass over ``hops`` hops that were lost: unheard, unplayed, not waited for."""
        self._history.skip(hops)

    def reset(self) -> None:
        """Forget everything heard and played; mix and stem hops keep their places.

        The noise begins anew, as in a take. What the decoder's last window still holds fades
        out over the next hop's start.
        """
        before = self._decoder_state
        self._init_states()
        self._copy_tail(before, self._decoder_state)
        self._history.forget()

    def restart(self) -> None:
        """Be as if just loaded, with the present players: nothing sounds on."""
        self._init_states()
        self._history.restart()

    def state(self) -> BandMemory[E, G]:
        """Return a copy of what was heard and played so far, to :meth:`restore` at any time."""
        return BandMemory(
            self.identity,
            self.players,
            self._encoder_state.clone(),
            self._generator_state.clone(),
            tuple(self._history),
        )

    def restore(self, memory: BandMemory[E, G]) -> None:
        """Remember what was heard and played then instead of since.

        Conditions, the count of hops, the players and the sound now ringing stay; a player who
        was not there then begins afresh.

        Raises:
            ModelConfigError: The memory is of other weights.
        """
        if memory.identity != self.identity:
            raise ModelConfigError(
                f"this memory belongs to the weights {memory.identity[:12]}, {self.name!r} has "
                f"{self.identity[:12]}; load those to recall it"
            )
        self._encoder_state = memory.encoder.clone()
        places = _places(memory.players, self.players)
        self._generator_state = self._select_generator(memory.generator.clone(), places)
        self._history.replace(memory.latents)
        self._apply_conditions()

    def packed(self, memory: BandMemory[E, G]) -> dict[str, NDArray[Any]]:
        """Return what :meth:`state` kept as named arrays, for any backend."""
        known = [latent for latent in memory.latents if latent is not None]
        none = np.empty((0, 1, self._generator_config.latent), np.float32)
        return {
            **self._pack_states(memory.encoder, memory.generator),
            "players": np.array(memory.players, np.int64),
            "known": np.array([latent is not None for latent in memory.latents], bool),
            "heard": np.concatenate([none, *(latent[None] for latent in known)]),
        }

    def unpacked(self, arrays: Arrays) -> BandMemory[E, G]:
        """Return the memory that :meth:`packed`, of any backend on these weights, took apart.

        Raises:
            ModelConfigError: An array is missing or does not fit.
        """
        lacking = {"players", "known", "heard"} - arrays.keys()
        if lacking:
            raise ModelConfigError(f"this memory lacks {', '.join(sorted(lacking))}")
        players = tuple(found_array(arrays, "players", (None,)).tolist())
        encoder, generator = self._unpack_states(arrays, len(players))
        known = found_array(arrays, "known", (None,)).tolist()
        shape = (sum(known), 1, self._generator_config.latent)
        latents = iter(found_array(arrays, "heard", shape).astype(np.float32))
        return BandMemory(
            self.identity,
            players,
            encoder,
            generator,
            tuple(next(latents) if each else None for each in known),
        )

    def parts(self) -> dict[str, Callable[[], object]]:
        """Return one streaming step of each network, for measuring its cost.

        They step the present players, or one where there is none.
        """
        mix = 0.1 * np.random.default_rng(0).standard_normal(self.hop, dtype=np.float32)
        if not self._conditions:
            self._set_conditions({1: default_condition(self._generator_config)})
        latents = np.zeros((len(self._conditions), self._generator_config.latent), np.float32)
        return {
            "encode": lambda: self.listen(mix),
            "generate": self._next_latents,
            "decode": lambda: self._decode(latents),
        }

    @abstractmethod
    def part_bytes(self) -> dict[str, int]:
        """Return the bytes that each of :meth:`parts` has to read: weights and streams."""

    @abstractmethod
    def _new_states(self, players: int) -> tuple[E, G, D]:
        """Return the states of encoder, generator and decoder before anything was heard."""

    @abstractmethod
    def _encode(self, mix: Audio) -> Float32Array:
        """Encode a hop of the mix, ``(hop,)``; returns ``(1, latent)``."""

    @abstractmethod
    def _generate(
        self, latent: Float32Array | None, noise: Float32Array, transport: tuple[float, ...]
    ) -> Float32Array:
        """Play one hop.

        Args:
            latent: Newest mix latent that may be heard, ``(1, latent)``; None where there is
                none.
            noise: Of each player, ``(players, channels)``; see :meth:`_noise`.
            transport: See :func:`model.accompanists.condition_encoding.transport_input`.

        Returns:
            Stem latents, ``(players, latent)``.
        """

    @abstractmethod
    def _decode(self, latents: Float32Array) -> Audio:
        """Decode a hop of every player, ``(players, latent)``; returns ``(players, hop)``."""

    @abstractmethod
    def _steer(self, anticipation: int, conditions: Sequence[EncodedCondition]) -> None:
        """Condition the generator from its next step on.

        Args:
            anticipation: Index into the config's, for the context network.
            conditions: Of each player, for the stem network.
        """

    @abstractmethod
    def _select_generator(self, state: G, places: Places) -> G:
        """Return the generator's state with the stem network's streams in other places."""

    @abstractmethod
    def _select_decoder(self, state: D, places: Places) -> D:
        """Return the decoder's state with its streams in other places."""

    @abstractmethod
    def _copy_tail(self, source: D, target: D) -> None:
        """Have one decoder state sound on with the end of what another has decoded."""

    @abstractmethod
    def _pack_states(self, encoder: E, generator: G) -> dict[str, NDArray[Any]]:
        """Return two states as arrays, of the same names and shapes in every backend."""

    @abstractmethod
    def _unpack_states(self, arrays: Arrays, players: int) -> tuple[E, G]:
        """Return the states that ``_pack_states`` of any backend took apart.

        Raises:
            ModelConfigError: An array is missing or does not fit.
        """

    def _noise(self, hop: int) -> Float32Array:
        """Return every player's noise of a hop of the take, ``(players, channels)``."""
        channels = self._generator_config.noise
        noise = np.empty((len(self._conditions), channels), np.float32)
        for row, condition in enumerate(self._conditions.values()):
            noise[row] = condition.hop_noise(hop, channels)
        return noise

    def _next_latents(self) -> Float32Array:
        """Return the latents of the hop to be played, ``(players, latent)``, and count it."""
        phase, self._phase = self._phase, None
        latents = self._generate(
            self._history.newest(self.anticipations[self._anticipation]),
            self._noise(self._history.hop),
            transport_input(phase, self._generator_config),
        )
        self._history.advance()
        return latents

    def _init_states(self) -> None:
        self._encoder_state, self._generator_state, self._decoder_state = self._new_states(
            len(self._conditions)
        )
        self._apply_conditions()

    def _set_conditions(self, conditions: dict[int, EncodedCondition]) -> None:
        """Take every player's conditions, and rearrange the streams if players change."""
        before, self._conditions = self.players, dict(sorted(conditions.items()))
        if self.players != before:
            places = _places(before, self.players)
            self._generator_state = self._select_generator(self._generator_state, places)
            self._decoder_state = self._select_decoder(self._decoder_state, places)
        self._apply_conditions()

    def _apply_conditions(self) -> None:
        conditions = list(self._conditions.values())
        if conditions:
            self._anticipation = conditions[0].anticipation
        self._steer(self._anticipation, conditions)


def _places(before: Sequence[int], after: Sequence[int]) -> Places:
    """Return where each player that is to be was before, None where it was not."""
    return [before.index(player) if player in before else None for player in after]
