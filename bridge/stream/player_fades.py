"""Resampling of every player's output to the host's rate, with fades on join and leave.

A player added during a take would start in the middle of a note, a removed one would stop in
one. Both fade over 5 ms here; the players a take starts with are not faded. The fade of a mute
is the audio callback's (``bridge/native/channel_strip.c``).
"""

from collections.abc import Iterable

import numpy as np

from bridge.common.latency import HOPS_PER_SECOND
from bridge.protocols import Audio, BandAudio
from bridge.stream.resample import HopResampler

__all__ = ["PlayerFades"]

_FADES_PER_SECOND = 200
"""Fades of 5 ms, as the audio callback uses for a stem that stops or returns."""


class PlayerFades:
    """Resamples every player's hops, and fades its first in and its last out.

    Args:
        to_host: Resampler from the model's rate.
        hop: Frames of a hop at the host's rate.
    """

    def __init__(self, to_host: HopResampler, hop: int) -> None:
        self._to_host = to_host
        self._hop = hop
        self._fade_out = _fade_out(hop)
        self._fade_in = np.float32(1.0) - _fade_out(to_host.in_hop)
        self._states: dict[int, Audio] = {}
        self._last: dict[int, float] = {}
        self._joining: set[int] = set()
        self._leaving: set[int] = set()

    @property
    def players(self) -> tuple[int, ...]:
        """Numbers of the players of the next hop, ascending."""
        return tuple(sorted(self._states))

    def reset(self, players: Iterable[int]) -> None:
        """Start a fresh take with these players."""
        self._states = {player: self._to_host.init_state() for player in players}
        self._last = dict.fromkeys(self._states, 0.0)
        self._joining.clear()
        self._leaving.clear()

    def join(self, player: int) -> None:
        """Add a player, who fades in with the next hop."""
        self._states[player] = self._to_host.init_state()
        self._joining.add(player)

    def leave(self, player: int) -> None:
        """Remove a player, whose last frame decays within the next hop."""
        del self._states[player]
        self._joining.discard(player)
        if self._last.get(player, 0.0):
            self._leaving.add(player)

    def step(self, audio: BandAudio) -> tuple[tuple[int, ...], BandAudio]:
        """Resample a hop.

        Args:
            audio: At the model's rate, one row for each of :attr:`players`.

        Returns:
            Numbers of the players audible in this hop, and their audio at the host's rate,
            one row each. They include removed players whose sound ends within the hop.
        """
        heard = tuple(sorted({*self._states, *self._leaving}))
        out = np.zeros((len(heard), self._hop), np.float32)
        for player, hop in zip(self.players, audio, strict=True):
            if player in self._joining:  # before resampling, which delays the first frames
                hop = hop.copy()
                hop[: len(self._fade_in)] *= self._fade_in
            out[heard.index(player)] = self._to_host.step(hop, self._states[player])
        for player in self._leaving:
            out[heard.index(player), : len(self._fade_out)] += (
                np.float32(self._last[player]) * self._fade_out
            )
        self._joining.clear()
        self._leaving.clear()
        self._last = {player: float(out[heard.index(player), -1]) for player in self._states}
        return heard, out


def _fade_out(hop: int) -> Audio:
    """Return the gains of a fade-out over the first 5 ms of a hop."""
    frames = hop * HOPS_PER_SECOND // _FADES_PER_SECOND
    return np.linspace(1.0, 0.0, frames + 1, dtype=np.float32)[1:]
