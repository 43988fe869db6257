"""Conditions of all players of a band, and their changes that wait for a line of the grid."""

from collections.abc import Iterator
from dataclasses import dataclass

from bridge.common.latency import HOPS_PER_SECOND
from bridge.controls.table import ControlKey
from bridge.protocols import Conditions
from bridge.stream.quantized_changes import ChangeOutcome, QuantizedChanges, is_line_within
from bridge.tempo import QuantizeGrid, TempoMap

__all__ = ["FIRST_PLAYER", "LONGEST_WAIT_S", "BandChanges", "SettledChange", "bar_seconds"]

FIRST_PLAYER = 1
"""Number of the player whose anticipation and freeze hold for the whole band."""

LONGEST_WAIT_S = 48.0
"""Longest that a change waits, in seconds: a bar of 16 beats at 20 bpm, the longest that the
controls can set."""


@dataclass(frozen=True, slots=True)
class SettledChange:
    """A change that waits no longer."""

    player: int
    """Number of the player; 1 for what is the band's."""
    outcome: ChangeOutcome
    """What became of it."""
    hop: int
    """Stem hop with which it came into force; that of the later request if superseded."""


class BandChanges:
    """Holds the conditions of every player, whether it plays or not.

    Args:
        conditions: Of players 1, 2, 3, ...
    """

    def __init__(self, *conditions: Conditions) -> None:
        self._pending = {
            player: QuantizedChanges(asked)
            for player, asked in enumerate(conditions, FIRST_PLAYER)
        }
        self._settled: list[SettledChange] = []

    @property
    def players(self) -> tuple[int, ...]:
        """Numbers of all players with conditions, ascending."""
        return tuple(sorted(self._pending))

    def now(self, player: int) -> Conditions:
        """Return the conditions of a player that are in force."""
        return self._pending[player].now

    def wanted(self, player: int) -> Conditions:
        """Return the conditions of a player once nothing waits any more."""
        return self._pending[player].wanted

    @property
    def waiting(self) -> frozenset[str]:
        """Names of the changes that wait: fields of the conditions, and ``reset``.

        Names of further players carry their number, as in ``player/2/stem``.
        """
        return frozenset(
            str(ControlKey(player, name))
            for player, pending in self._pending.items()
            for name in pending.waiting
        )

    def request(
        self,
        player: int,
        conditions: Conditions,
        *,
        asked: frozenset[str] | None,
        grid: QuantizeGrid,
        ticket: int,
        hop: int,
    ) -> frozenset[str]:
        """Record a request of a player, who may be new; return the names that wait.

        Args:
            player: Its number.
            conditions: All of them.
            asked: Fields that wait for the grid; None for all, at once.
            grid: The line they wait for.
            ticket: Number of the request.
            hop: Stem hop that is played next.
        """
        pending = self._pending.setdefault(player, QuantizedChanges(conditions))
        if asked is None:
            pending.request(conditions)
        else:
            pending.request(conditions, asked=asked, grid=grid, ticket=ticket)
        self._settle(player, hop)
        return pending.waiting_of(ticket) if asked is not None else frozenset()

    def request_reset(self, grid: QuantizeGrid, bank: int, *, ticket: int, hop: int) -> bool:
        """Record a request for a reset to a bank; return whether it is due at once."""
        pending = self._pending[FIRST_PLAYER]
        due = pending.request_reset(grid, bank, ticket)
        self._settle(FIRST_PLAYER, hop)
        return due

    def requantize(self, grid: QuantizeGrid) -> None:
        """Let everything that waits wait for another line, or for none."""
        for pending in self._pending.values():
            pending.grid = grid

    def land(
        self, tempo: TempoMap | None, begin: int, end: int, *, hop: int, hops: int
    ) -> Iterator[tuple[int, int | None]]:
        """Put into force what waits for a line in a range of frames, or waited too long.

        Args:
            tempo: Tempo map in force; None without a beat.
            begin: First frame, counted as in ``tempo``.
            end: Frame after the last.
            hop: Stem hop that is played next.
            hops: Hops that the range holds.

        Yields:
            Each player whose conditions changed, and the bank to reset to; None for no reset.
        """
        bar_s = LONGEST_WAIT_S if tempo is None else bar_seconds(tempo)
        for player, pending in self._pending.items():
            if pending.waiting:
                overdue = pending.wait(hops / HOPS_PER_SECOND, bar_s)
                if overdue or is_line_within(tempo, pending.grid, begin, end):
                    bank = pending.apply()
                    self._settle(player, hop)
                    yield player, bank

    def take_settled(self) -> list[SettledChange]:
        """Return the changes that wait no longer since the last call."""
        settled, self._settled = self._settled, []
        return settled

    def _settle(self, player: int, hop: int) -> None:
        outcomes = self._pending[player].take_outcomes()
        self._settled += (SettledChange(player, outcome, hop) for outcome in outcomes)


def bar_seconds(tempo: TempoMap) -> float:
    """Return the length of a bar in seconds, at most ``LONGEST_WAIT_S``."""
    return min(60.0 * tempo.beats_per_bar / tempo.tempo_bpm, LONGEST_WAIT_S)
