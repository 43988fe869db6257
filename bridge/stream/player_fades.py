"""What the players of a band put out, at the host's rate, with soft entrances and exits.

A player who joins while the band plays would begin in the middle of a note, one who leaves
would end in one. Both take 5 ms here; a take that begins with everyone begins as it is.
"""

from collections.abc import Iterable

import numpy as np

from bridge.common.latency import HOPS_PER_SECOND
from bridge.protocols import Audio, BandAudio
from bridge.stream.resample import HopResampler

__all__ = ["PlayerFades"]

_FADES_PER_SECOND = 200
"""5 ms, as the audio callback takes for a stem that stops or returns."""


class PlayerFades:
    """Converts every player's hops and shapes the first and the last of each.

    Args:
        to_host: From the model's rate.
        hop: Frames of a hop at the host's rate.
    """

    def __init__(self, to_host: HopResampler, hop: int) -> None:
        self._to_host = to_host
        self._hop = hop
        self._fall = _fall(hop)
        self._rise = np.float32(1.0) - _fall(to_host.in_hop)
        self._states: dict[int, Audio] = {}
        self._last: dict[int, float] = {}
        self._joining: set[int] = set()
        self._leaving: set[int] = set()

    @property
    def players(self) -> tuple[int, ...]:
        """Whose hops are to come next, in the order of their numbers."""
        return tuple(sorted(self._states))

    def begin(self, players: Iterable[int]) -> None:
        """Begin a fresh take with these players."""
        self._states = {player: self._to_host.init_state() for player in players}
        self._last = dict.fromkeys(self._states, 0.0)
        self._joining.clear()
        self._leaving.clear()

    def join(self, player: int) -> None:
        """Let a player fade in with the next hop."""
        self._states[player] = self._to_host.init_state()
        self._joining.add(player)

    def leave(self, player: int) -> None:
        """Let a player's last frame decay within the next hop."""
        del self._states[player]
        self._joining.discard(player)
        if self._last.get(player, 0.0):
            self._leaving.add(player)

    def step(self, audio: BandAudio) -> tuple[tuple[int, ...], BandAudio]:
        """Convert a hop.

        Args:
            audio: At the model's rate, one row for each of :attr:`players`.

        Returns:
            Who is to be heard in this hop, and their audio at the host's rate, one row each:
            the players, and those whose sound ends within it.
        """
        heard = tuple(sorted({*self._states, *self._leaving}))
        out = np.zeros((len(heard), self._hop), np.float32)
        for player, hop in zip(self.players, audio, strict=True):
            if player in self._joining:  # before it is converted: that delays what it begins
                hop = hop.copy()
                hop[: len(self._rise)] *= self._rise
            out[heard.index(player)] = self._to_host.step(hop, self._states[player])
        for player in self._leaving:
            out[heard.index(player), : len(self._fall)] += (
                np.float32(self._last[player]) * self._fall
            )
        self._joining.clear()
        self._leaving.clear()
        self._last = {player: float(out[heard.index(player), -1]) for player in self._states}
        return heard, out


def _fall(hop: int) -> Audio:
    """Return a fade to nothing for the first frames of a hop."""
    frames = hop * HOPS_PER_SECOND // _FADES_PER_SECOND
    return np.linspace(1.0, 0.0, frames + 1, dtype=np.float32)[1:]
