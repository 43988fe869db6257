"""Changes of a player's conditions that wait for a beat or a bar line.

Pure bookkeeping: it says which values are in force, which still wait and what became of those
that waited; the hop scheduler applies them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from bridge.protocols import Conditions
from bridge.tempo import QuantizeGrid, TempoMap

__all__ = ["RESET", "ChangeOutcome", "QuantizedChanges", "is_line_within"]

RESET = "reset"
"""Name of a pending reset, beside the fields of the conditions."""

_FIELDS = frozenset(field.name for field in fields(Conditions))
_LINES = (QuantizeGrid.BEAT, QuantizeGrid.BAR)


@dataclass(frozen=True, slots=True)
class ChangeOutcome:
    """The end of one change that waited: it came into force, or a later one replaced it."""

    ticket: int
    """Number of the request that asked for it."""
    name: str
    """A field of the conditions, or ``reset``."""
    superseded: bool
    """Whether a later request for the same took its place, so that it never was in force."""


class QuantizedChanges:
    """Conditions in force and the changes to them that wait for a line of the grid.

    Args:
        conditions: In force at first.

    Example:
        >>> pending = QuantizedChanges(Conditions(stem="drums"))
        >>> wanted = Conditions(stem="bass", noise=0.5)
        >>> now = pending.request(wanted, asked=frozenset({"stem"}), grid=QuantizeGrid.BAR)
        >>> now.stem, now.noise
        ('drums', 0.5)
        >>> sorted(pending.waiting), pending.wanted.stem
        (['stem'], 'bass')
    """

    def __init__(self, conditions: Conditions) -> None:
        self.now = conditions
        """In force."""
        self.wanted = conditions
        """In force once nothing waits any more."""
        self.grid = QuantizeGrid.OFF
        """The line that is waited for."""
        self._tickets: dict[str, int] = {}
        self._bank = 0
        self._outcomes: list[ChangeOutcome] = []
        self._waited_s = self._longest_s = 0.0

    @property
    def waiting(self) -> frozenset[str]:
        """Names of the changes that wait: fields of the conditions, and ``reset``."""
        return frozenset(self._tickets)

    def waiting_of(self, ticket: int) -> frozenset[str]:
        """Return the names of the changes of one request that wait."""
        return frozenset(name for name, own in self._tickets.items() if own == ticket)

    def request(
        self,
        conditions: Conditions,
        *,
        asked: frozenset[str] = _FIELDS,
        grid: QuantizeGrid = QuantizeGrid.OFF,
        ticket: int = 0,
    ) -> Conditions:
        """Record a request and return the conditions in force from now on.

        A new request for a field supersedes a pending one, and a field requested to be what it
        already is waits no longer. Pending fields outside ``asked`` go on waiting; all others
        change at once.

        Args:
            conditions: All conditions as they shall be in the end.
            asked: Fields this request is about.
            grid: The line those fields wait for.
            ticket: Number of the request, by which ``take_outcomes`` names it.
        """
        before = {name: own for name, own in self._tickets.items() if name != RESET}
        held = before.keys() - asked
        if grid in _LINES:
            held |= asked & _FIELDS
        self.wanted = conditions
        waiting = frozenset(
            name for name in held if getattr(conditions, name) != getattr(self.now, name)
        )
        for name, own in before.items():
            if name in asked or name not in waiting:
                self._end(name, own, superseded=name in asked)
        for name in waiting & asked:
            self._begin(name, ticket, grid)
        self.now = replace(conditions, **{name: getattr(self.now, name) for name in waiting})
        return self.now

    def request_reset(self, grid: QuantizeGrid, bank: int = 0, ticket: int = 0) -> bool:
        """Record a request for a reset to a bank; return whether it is due at once."""
        self._bank = bank
        if RESET in self._tickets:
            self._end(RESET, self._tickets[RESET], superseded=True)
        if grid in _LINES:
            self._begin(RESET, ticket, grid)
        return grid not in _LINES

    def wait(self, seconds: float, bar_s: float) -> bool:
        """Let time pass; return whether the line is overdue.

        A line that has not come after the time of the longest bar seen meanwhile does not come:
        the source of the beat stands still, jumps, or loops within a bar.

        Args:
            seconds: Time to let pass.
            bar_s: Length of a bar now, in seconds.
        """
        self._longest_s = max(self._longest_s, bar_s)
        overdue = self._waited_s > self._longest_s
        self._waited_s += seconds
        return overdue

    def apply(self) -> int | None:
        """Put everything that waits into force.

        Returns:
            The bank to reset to, 0 for an empty memory; None where no reset was pending.
        """
        reset = self._bank if RESET in self._tickets else None
        for name, ticket in list(self._tickets.items()):
            self._end(name, ticket, superseded=False)
        self.now = self.wanted
        return reset

    def take_outcomes(self) -> Iterable[ChangeOutcome]:
        """Return what became of changes that waited, each once."""
        outcomes, self._outcomes = self._outcomes, []
        return outcomes

    def _begin(self, name: str, ticket: int, grid: QuantizeGrid) -> None:
        if not self._tickets:
            self._waited_s = self._longest_s = 0.0
        self.grid = grid
        self._tickets[name] = ticket

    def _end(self, name: str, ticket: int, *, superseded: bool) -> None:
        del self._tickets[name]
        self._outcomes.append(ChangeOutcome(ticket, name, superseded))


def is_line_within(tempo: TempoMap | None, grid: QuantizeGrid, begin: int, end: int) -> bool:
    """Return whether a range of frames holds a line of the grid.

    Args:
        tempo: Tempo map; without one, or while it stands, every range counts as holding one.
        grid: The line that is waited for; ``OFF`` and ``HOP`` are met by every range.
        begin: First frame, counted as in ``tempo``.
        end: Frame after the last.
    """
    if grid not in _LINES or tempo is None or not tempo.rolling:
        return True
    return tempo.next_line(begin, grid) < end
