"""Changes of a player's conditions that wait for a beat or a bar line.

Pure bookkeeping: it says which values are in force and which still wait; the hop scheduler
applies them.
"""

from dataclasses import fields, replace

from bridge.protocols import Conditions
from bridge.tempo import QuantizeGrid, TempoMap

__all__ = ["RESET", "PendingChanges", "is_line_within"]

RESET = "reset"
"""Name of a pending reset, beside the fields of the conditions."""

_FIELDS = frozenset(field.name for field in fields(Conditions))


class PendingChanges:
    """Conditions in force and the changes to them that wait for a line of the grid.

    Args:
        conditions: In force at first.

    Example:
        >>> pending = PendingChanges(Conditions(stem="drums"))
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
        self._fields: frozenset[str] = frozenset()
        self._reset = False
        self._bank = 0

    @property
    def waiting(self) -> frozenset[str]:
        """Names of the changes that wait: fields of the conditions, and ``reset``."""
        return self._fields | ({RESET} if self._reset else frozenset())

    def request(
        self,
        conditions: Conditions,
        *,
        asked: frozenset[str] = _FIELDS,
        grid: QuantizeGrid = QuantizeGrid.OFF,
    ) -> Conditions:
        """Record a request and return the conditions in force from now on.

        A new request for a field replaces a pending one, and a field requested to be what it
        already is waits no longer. Pending fields outside ``asked`` go on waiting; all others
        change at once.

        Args:
            conditions: All conditions as they shall be in the end.
            asked: Fields this request is about.
            grid: The line those fields wait for.
        """
        held = self._fields - asked
        if grid in (QuantizeGrid.BEAT, QuantizeGrid.BAR):
            held |= asked & _FIELDS
        self.wanted = conditions
        self._fields = frozenset(
            name for name in held if getattr(conditions, name) != getattr(self.now, name)
        )
        if self._fields & asked:
            self.grid = grid
        self.now = replace(
            conditions, **{name: getattr(self.now, name) for name in self._fields}
        )
        return self.now

    def request_reset(self, grid: QuantizeGrid, bank: int = 0) -> bool:
        """Record a request for a reset to a bank; return whether it is due at once."""
        self._bank = bank
        self._reset = grid in (QuantizeGrid.BEAT, QuantizeGrid.BAR)
        if self._reset:
            self.grid = grid
        return not self._reset

    def apply(self) -> int | None:
        """Put everything that waits into force.

        Returns:
            The bank to reset to, 0 for an empty memory; None where no reset was pending.
        """
        reset = self._bank if self._reset else None
        self._reset = False
        self._fields = frozenset()
        self.now = self.wanted
        return reset


def is_line_within(tempo: TempoMap | None, grid: QuantizeGrid, begin: int, end: int) -> bool:
    """Return whether a range of frames holds a line of the grid.

    Args:
        tempo: Tempo map; without one, or while it stands, every range counts as holding one.
        grid: The line that is waited for; ``OFF`` and ``HOP`` are met by every range.
        begin: First frame, counted as in ``tempo``.
        end: Frame after the last.
    """
    if grid in (QuantizeGrid.OFF, QuantizeGrid.HOP) or tempo is None or not tempo.rolling:
        return True
    return tempo.next_line(begin, grid) < end
