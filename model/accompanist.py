"""Encoder, generator and decoder as a band: hears a hop of mix, plays a hop of each stem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from model.band_memory import Memory
from model.checkpoint import AnyCheckpoint
from model.conditions import (
    ANY_GROOVE,
    Conditions,
    EncodedCondition,
    Heard,
    Phase,
    default_seat,
    require_same_weights,
    seat,
    transport,
)
from model.config import GeneratorConfig
from model.generator import GeneratorState, StreamCondition
from model.memory import Arrays
from model.streaming import StreamState

__all__ = ["ANY_GROOVE", "Accompanist", "EncodedCondition", "ranked"]

Audio = NDArray[np.float32]
S = TypeVar("S", bound=StreamState)

_STEERING = ("modulate", "late", "stem.", "anticipation", "groove", "seed")
"""Parameters of a generator that only a change of conditions reads."""


class _Network(Protocol):
    """What an accompanist asks of the network that plays; see :class:`model.generator`."""

    @property
    def config(self) -> GeneratorConfig: ...
    def init_band(self, players: int) -> Any: ...  # noqa: ANN401
    def condition_context(self, anticipation_B: Tensor, state: Any) -> None: ...  # noqa: ANN401
    def condition_stems(self, condition: StreamCondition, state: Any) -> None: ...  # noqa: ANN401
    def heard(self, heard_BTC: Tensor, mask_BTC: Tensor) -> Tensor: ...
    def accompany(self, heard_BTC: Tensor, own_BTC: Tensor, state: Any) -> Tensor: ...  # noqa: ANN401


class Accompanist:
    """The players of one checkpoint, streaming on the CPU in float32.

    Stem hop k is played from mix hops up to ``k - 1 - anticipation``, the noise of hop k
    and the conditions; never from its own audio, nor from another player's. The mix is encoded
    and listened to once; stem network and decoder step all players at once.

    Args:
        checkpoint: The networks.
    """

    def __init__(self, checkpoint: AnyCheckpoint) -> None:
        codec, generator = checkpoint.autoencoder.config, checkpoint.generator.config
        self.name, self.identity = checkpoint.name, checkpoint.identity
        self.sample_rate, self.hop, self.overlap = codec.sample_rate, codec.hop, codec.inner
        self.stems, self.anticipations = generator.stems, generator.anticipations
        self.grooves, self.likely_grooves = generator.grooves, checkpoint.likely_grooves
        self._encoder = checkpoint.autoencoder.encoder
        self._decoder = checkpoint.autoencoder.decoder
        self._generator: _Network = checkpoint.generator
        self._seats: dict[int, EncodedCondition] = {}
        self._heard: Heard[Tensor] = Heard(self.anticipations)
        self._phase: Phase | None = None
        self._thinking: GeneratorState
        self.restart()

    @property
    def players(self) -> tuple[int, ...]:
        """Who is in the band, in the order of the rows of :meth:`play`."""
        return tuple(self._seats)

    def condition(self, player: int, conditions: Conditions) -> None:
        """Take new conditions for a player, effective with the next :meth:`play`.

        Args:
            player: Its number; who is not in the band yet joins it, having played nothing.
            conditions: Every player's with the same anticipation.

        Raises:
            ConfigError: The stem class, the anticipation or the groove is not one of the
                checkpoint's.
        """
        asked = seat(self.name, self._generator.config, conditions)
        if player not in self._seats:
            self._arrange(sorted({*self._seats, player}))
        self._seats[player] = asked
        self._seats = dict(sorted(self._seats.items()))
        self._steer()

    def dismiss(self, player: int) -> None:
        """Let a player leave the band; if it joins again, it begins afresh."""
        if player in self._seats:
            self._arrange([other for other in self._seats if other != player])
            del self._seats[player]
            self._steer()

    def follow(self, phase: Phase | None) -> None:
        """Say where in the bar the next hop to be played begins, or that nobody knows.

        It holds for the next :meth:`play` only; without it the players count by ear.
        """
        self._phase = phase

    @torch.inference_mode()
    def listen(self, mix: Audio) -> None:
        """Hear one hop of the mix, shape ``(hop,)``."""
        audio_BTC = torch.from_numpy(np.ascontiguousarray(mix)).view(1, -1, 1)
        self._heard.hear(self._encoder.step(audio_BTC, self._hearing))

    @torch.inference_mode()
    def play(self) -> Audio:
        """Return every player's next hop of the stem, shape ``(players, hop)``."""
        latent_BTC = self._generator.accompany(*self._inputs(), self._thinking)
        self._heard.played()
        audio: Audio = self._decoder.step(latent_BTC, self._speaking)[..., 0].numpy()
        return audio

    def skip(self, hops: int) -> None:
        """Pass over ``hops`` hops that were lost: unheard, unplayed, not waited for."""
        self._heard.skip(hops)

    def reset(self) -> None:
        """Forget everything heard and played; mix and stem hops keep their places.

        The noise begins anew, as in a take. What the decoder's last window still holds fades
        out over the next hop's start.
        """
        tail = self._speaking.vocoder.tail
        self._begin()
        self._speaking.vocoder.tail = tail
        self._heard.forget()

    def restart(self) -> None:
        """Be as if just loaded, with the present players: nothing sounds on."""
        self._begin()
        self._heard.restart()

    def state(self) -> Memory:
        """Return a copy of what was heard and played so far, to :meth:`restore` at any time."""
        return Memory(
            self.identity,
            self.players,
            self._hearing.clone(),
            self._thinking.clone(),
            tuple(self._heard),
        )

    def restore(self, memory: Memory) -> None:
        """Remember what was heard and played then instead of since.

        Conditions, the count of hops, the players and the sound now ringing stay; who was not
        there then begins afresh.

        Raises:
            ConfigError: The memory is another checkpoint's.
        """
        require_same_weights(self.name, self.identity, memory.identity)
        self._hearing = memory.hearing.clone()
        self._thinking = memory.thinking.clone()
        self._rank(memory.players, self.players)
        self._heard.recall(memory.heard)
        self._steer()

    def packed(self, memory: Memory) -> dict[str, NDArray[Any]]:
        """Return what :meth:`state` kept as named arrays."""
        return memory.arrays(self._generator.config.latent)

    def unpacked(self, arrays: Arrays) -> Memory:
        """Return the memory that :meth:`packed`, of copies of this checkpoint, took apart.

        Raises:
            ConfigError: An array is missing or does not fit.
        """
        return Memory.of(arrays, self.identity, self._hearing, self._thinking)

    def parts(self) -> dict[str, Callable[[], object]]:
        """Return one streaming step of each part, for measuring its cost.

        They step the present players, or one where there is none.
        """
        mix = 0.1 * np.random.default_rng(0).standard_normal(self.hop).astype(np.float32)
        if not self._seats:
            self._arrange([1])
            self._seats[1] = default_seat(self._generator.config)
            self._steer()
        latent_BTC = torch.zeros(len(self._seats), 1, self._generator.config.latent)

        def generate() -> Tensor:
            with torch.inference_mode():
                return self._generator.accompany(*self._inputs(), self._thinking)

        def decode() -> Tensor:
            with torch.inference_mode():
                return self._decoder.step(latent_BTC, self._speaking)

        return {"encode": lambda: self.listen(mix), "generate": generate, "decode": decode}

    def part_bytes(self) -> dict[str, int]:
        """Return the bytes that each of :meth:`parts` has to read: weights and streams."""
        return {
            "encode": _nbytes(self._encoder) + self._hearing.nbytes,
            "generate": _nbytes(self._generator, but=_STEERING) + self._thinking.nbytes,
            "decode": _nbytes(self._decoder) + self._speaking.nbytes,
        }

    def _begin(self) -> None:
        self._hearing = self._encoder.init_state(1)
        self._thinking = self._generator.init_band(len(self._seats))
        self._speaking = self._decoder.init_state(len(self._seats))
        self._steer()

    def _hop_noise(self, seat: EncodedCondition, hop: int) -> NDArray[np.float32]:
        """Return what a player's chance brings to a hop of its take."""
        return seat.hop_noise(hop, self._generator.config.noise)

    def _arrange(self, players: Sequence[int]) -> None:
        """Make room in every stream for the players that are to be; see :meth:`_rank`."""
        self._rank(self.players, players)
        fresh = self._decoder.init_state(len(set(players) - set(self.players)))
        self._speaking = ranked(self._speaking, fresh, self.players, players)

    @torch.inference_mode()
    def _rank(self, before: Sequence[int], after: Sequence[int]) -> None:
        """Bring the stem network's streams into the order of the players that are to be."""
        context = self._generator.config.context_depth
        fresh = self._generator.init_band(len(set(after) - set(before)))
        blocks = self._thinking.blocks
        blocks[context:] = [
            ranked(block, new, before, after)
            for block, new in zip(blocks[context:], fresh.blocks[context:], strict=True)
        ]

    @torch.inference_mode()
    def _steer(self) -> None:
        """Have the generator's streams be what their players are asked to be."""
        if not self._seats:
            return
        seats = self._seats.values()
        first = next(iter(seats))
        condition = StreamCondition(
            torch.tensor([seat.stem for seat in seats]),
            torch.tensor([seat.anticipation for seat in seats]),
            torch.tensor([seat.groove for seat in seats]),
            torch.from_numpy(np.stack([seat.z_g for seat in seats])).float(),
        )
        self._generator.condition_context(torch.tensor([first.anticipation]), self._thinking)
        self._generator.condition_stems(condition, self._thinking)

    def _inputs(self) -> tuple[Tensor, Tensor]:
        """Return what :meth:`Generator.accompany` takes for the hop to be played."""
        c = self._generator.config
        seats = self._seats.values()
        hops = self.anticipations[next(iter(seats)).anticipation]
        latent_BTC = self._heard.newest(hops)
        mask_BTC = torch.full((1, 1, 1), 0.0 if latent_BTC is None else 1.0)
        if latent_BTC is None:
            latent_BTC = torch.zeros(1, 1, c.latent)
        noise = np.stack([self._hop_noise(seat, self._heard.hop) for seat in seats])
        given = transport(self._phase, c)
        self._phase = None
        own_BTC = torch.cat(
            [
                torch.from_numpy(noise).float()[:, None],
                torch.tensor(given).expand(len(noise), 1, -1),
            ],
            dim=-1,
        )
        return self._generator.heard(latent_BTC, mask_BTC), own_BTC


def _nbytes(network: object, but: tuple[str, ...] = ()) -> int:
    """Return the bytes of a network's weights, some left out by a part of their names."""
    assert isinstance(network, nn.Module)
    weights = [*network.named_parameters(), *network.named_buffers()]
    return sum(weight.nbytes for name, weight in weights if not any(b in name for b in but))


def ranked(state: S, fresh: S, before: Sequence[int], after: Sequence[int]) -> S:
    """Return a state whose streams are those of the players ``after``, in that order.

    Args:
        state: Its streams are those of ``before``.
        fresh: Streams that have played nothing, one for each player who is not in ``before``.
        before: Players.
        after: Players.
    """
    places = [*before, *(player for player in after if player not in before)]
    return state.joined(fresh).select([places.index(player) for player in after])
