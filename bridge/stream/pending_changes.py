"""What waits for the beat: changes asked for, and which of them are not in force yet.

Pure: says what is to be, and when; the session does it.
"""

from dataclasses import fields, replace

from bridge.protocols import Conditions
from bridge.tempo import QuantizeGrid, TempoMap

__all__ = ["RESET", "PendingChanges", "is_line_within"]

RESET = "reset"
"""How a reset is called among the things that wait."""

_FIELDS = frozenset(field.name for field in fields(Conditions))


class PendingChanges:
    """Holds changes back until a line of the grid.

    Args:
        conditions: In force at first.

    Example:
        >>> cue = PendingChanges(Conditions(stem="drums"))
        >>> wish = Conditions(stem="bass", noise=0.5)
        >>> now = cue.ask(wish, asked=frozenset({"stem"}), grid=QuantizeGrid.BAR)
        >>> now.stem, now.noise
        ('drums', 0.5)
        >>> sorted(cue.waiting), cue.wanted.stem
        (['stem'], 'bass')
    """

    def __init__(self, conditions: Conditions) -> None:
        self.now = conditions
        """In force."""
        self.wanted = conditions
        """What will be in force once nothing waits any more."""
        self.grid = QuantizeGrid.OFF
        """What is waited for."""
        self._fields: frozenset[str] = frozenset()
        self._reset = False
        self._bank = 0

    @property
    def waiting(self) -> frozenset[str]:
        """Names of what waits: fields of the conditions, and ``reset``."""
        return self._fields | ({RESET} if self._reset else frozenset())

    def ask(
        self,
        conditions: Conditions,
        *,
        asked: frozenset[str] = _FIELDS,
        grid: QuantizeGrid = QuantizeGrid.OFF,
    ) -> Conditions:
        """Take a wish and return what is in force from now on.

        A field asked for again forgets what it waited for; one asked to be what it is already
        waits no longer. Fields not asked for that wait go on waiting, the others follow the
        wish at once.

        Args:
            conditions: What is wanted in the end.
            asked: Fields that this wish is about.
            grid: What those wait for.
        """
        held = self._fields - asked
        if grid in (QuantizeGrid.BEAT, QuantizeQuantizeGrid.BAR):
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

    def ask_reset(self, grid: QuantizeGrid, bank: int = 0) -> bool:
        """Take the wish for a reset to a bank; return whether it is due at once."""
        self._bank = bank
        self._reset = grid in (QuantizeGrid.BEAT, QuantizeQuantizeGrid.BAR)
        if self._reset:
            self.grid = grid
        return not self._reset

    def land(self) -> tuple[Conditions, int | None]:
        """Let nothing wait any more.

        Returns:
            What is in force now, and the bank to reset to: 0 for a reset to nothing heard,
            None for no reset.
        """
        reset = self._bank if self._reset else None
        self._reset = False
        self._fields = frozenset()
        self.now = self.wanted
        return self.now, reset


def is_line_within(tempo: TempoMap | None, grid: QuantizeGrid, begin: int, end: int) -> bool:
    """Return whether what waits may happen within some frames.

    Args:
        tempo: Where the beat is; without one, or while it stands, nothing is waited for.
        grid: What is waited for.
        begin: First of the frames, counted as in ``tempo``.
        end: The one after the last.
    """
    if grid in (QuantizeGrid.OFF, QuantizeGrid.HOP) or tempo is None or not tempo.rolling:
        return True
    return tempo.next_line(begin, grid) < end
