"""The band of one checkpoint on ONNX Runtime: what plays on stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.conditions import (
    Conditions,
    EncodedCondition,
    Heard,
    Phase,
    default_seat,
    require_same_weights,
    seat,
    transport,
)
from model.onnx.decoder import Speaking
from model.onnx.encoder import Hearing
from model.onnx.export import Graphs, find_graphs
from model.onnx.generator import Thinking
from model.onnx.state_io import Memory, packed, unpacked

__all__ = ["OnnxAccompanist", "load"]

Audio = NDArray[np.float32]


class OnnxAccompanist:
    """The players of one checkpoint, streaming on one thread, without torch.

    It plays what :class:`model.accompanist.Accompanist` plays, method by method; that one is
    the reference.

    Args:
        graphs: Of a checkpoint.
        dtype: How the generator's blocks are kept, one of :data:`model.onnx.export.DTYPES`.

    Raises:
        MissingTool: ONNX Runtime is not installed.
    """

    def __init__(self, graphs: Graphs, dtype: str) -> None:
        codec, self._config = graphs.autoencoder, graphs.generator
        self._codec = codec
        self.name, self.identity, self.dtype = graphs.checkpoint, graphs.identity, dtype
        self.sample_rate, self.hop, self.overlap = codec.sample_rate, codec.hop, codec.inner
        self.stems, self.grooves = self._config.stems, self._config.grooves
        self.likely_grooves = graphs.likely_grooves
        self.anticipations = self._config.anticipations
        self._encoder = Hearing(graphs)
        self._generator = Thinking(graphs, dtype)
        self._decoder = Speaking(graphs)
        self._seats: dict[int, EncodedCondition] = {}
        self._heard: Heard[Audio] = Heard(self.anticipations)
        self._anticipation = 0
        self._phase: Phase | None = None
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
        asked = seat(self.name, self._config, conditions)
        seats = dict(sorted({**self._seats, player: asked}.items()))
        self._arrange(tuple(seats))
        self._seats = seats
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

    def listen(self, mix: Audio) -> None:
        """Hear one hop of the mix, shape ``(hop,)``."""
        self._heard.hear(self._encoder.step(mix, self._hearing))

    def play(self) -> Audio:
        """Return every player's next hop of the stem, shape ``(players, hop)``."""
        return self._decoder.step(self._think(), self._speaking)

    def skip(self, hops: int) -> None:
        """Pass over ``hops`` hops that were lost: unheard, unplayed, not waited for."""
        self._heard.skip(hops)

    def age(self, hops: int) -> None:
        """Count on as if ``hops`` hops more had been heard and played; remember none of them.

        For trials: what has played for hours must agree with what is put there afresh.
        """
        self.skip(hops)
        for rings in (self._thinking.context, self._thinking.stems):
            rings.position += hops
        self._speaking.steps += hops * self._codec.inner_steps

    def reset(self) -> None:
        """Forget everything heard and played; mix and stem hops keep their places.

        The noise begins anew, as in a take. What the decoder's last window still holds fades
        out over the next hop's start.
        """
        tail = self._speaking.tail
        self._begin()
        self._speaking.tail = tail
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
        self._hearing, self._thinking = memory.hearing.clone(), memory.thinking.clone()
        self._thinking.stems = self._thinking.stems.select(
            _places(memory.players, self.players)
        )
        self._heard.recall(memory.heard)

    def packed(self, memory: Memory) -> Mapping[str, NDArray[Any]]:
        """Return what :meth:`state` kept as named arrays, for any engine."""
        return packed(memory, self._codec, self._config)

    def unpacked(self, arrays: Mapping[str, NDArray[Any]]) -> Memory:
        """Return the memory that ``packed``, of any engine playing these weights, took apart.

        Raises:
            ConfigError: An array is missing or does not fit.
        """
        return unpacked(arrays, self.state())

    def parts(self) -> dict[str, Callable[[], object]]:
        """Return one streaming step of each part, for measuring its cost.

        They step the present players, or one where there is none.
        """
        mix = 0.1 * np.random.default_rng(0).standard_normal(self.hop, dtype=np.float32)
        if not self._seats:
            self._arrange([1])
            self._seats = {1: default_seat(self._config)}
            self._steer()
        latent = np.zeros((len(self._seats), self._config.latent), np.float32)
        return {
            "encode": lambda: self.listen(mix),
            "generate": self._think,
            "decode": lambda: self._decoder.step(latent, self._speaking),
        }

    def part_bytes(self) -> dict[str, int]:
        """Return the bytes that each of :meth:`parts` has to read: weights, and the rings."""
        return {
            "encode": self._encoder.nbytes,
            "generate": self._generator.nbytes + self._thinking.nbytes,
            "decode": self._decoder.nbytes,
        }

    def _think(self) -> Audio:
        """Return the latents of the hop to be played, ``(players, latent)``."""
        hop, channels = self._heard.hop, self._config.noise
        noise = np.empty((len(self._seats), channels), np.float32)
        for row, player in enumerate(self._seats.values()):
            noise[row] = player.hop_noise(hop, channels)
        heard = self._heard.newest(self.anticipations[self._anticipation])
        phase, self._phase = self._phase, None
        latent = self._generator.step(
            heard, noise, transport(phase, self._config), self._thinking
        )
        self._heard.played()
        return latent

    def _begin(self) -> None:
        """Empty every memory but that of the hops."""
        self._hearing = self._encoder.init_state()
        self._thinking = self._generator.init_state(len(self._seats))
        self._speaking = self._decoder.init_state(len(self._seats))
        self._steer()

    def _arrange(self, players: Sequence[int]) -> None:
        """Make room in every stream for the players that are to be."""
        if tuple(players) != self.players:
            places = _places(self.players, players)
            self._thinking.stems = self._thinking.stems.select(places)
            fresh = self._decoder.init_state(1)
            self._speaking = self._speaking.select(places, fresh)

    def _steer(self) -> None:
        """Have the generator's streams be what their players are asked to be."""
        seats = tuple(self._seats.values())
        self._anticipation = seats[0].anticipation if seats else self._anticipation
        self._generator.condition(self._anticipation, seats)


def _places(before: Sequence[int], after: Sequence[int]) -> list[int | None]:
    """Return where each player that is to be was before, None where it was not."""
    return [before.index(player) if player in before else None for player in after]


def load(where: str | Path | None = None, dtype: str = "int8") -> OnnxAccompanist:
    """Return the band of a checkpoint, by folder or by shipped name; default if None.

    Args:
        where: The checkpoint.
        dtype: How the generator's blocks are kept, one of :data:`model.onnx.export.DTYPES`.

    Raises:
        CheckpointError: The checkpoint is missing, damaged or of another version.
        MissingTool: ONNX Runtime, or what its graphs are made with, is not installed.
    """
    return OnnxAccompanist(find_graphs(where, [dtype]), dtype)
