"""One row of the table of controls, and the table that ``bridge.controls.parameters`` fills."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from bridge.common.errors import ConfigError
from bridge.controls.readings import Reading

__all__ = [
    "MAX_PLAYERS",
    "ROOT",
    "Kind",
    "Parameter",
    "Table",
    "Value",
    "When",
    "numbered",
    "whose",
]

MAX_PLAYERS = 8
"""As many as the shared memory has rings for; counted from 1."""

ROOT = "/liveband"
"""First part of every OSC address."""

Value = float | int | str | bool
"""A control's value: float, int, a choice's name (or number), or a toggle."""


_NUMBERED = re.compile(r"player/([2-9]|[1-9]\d+)/(.+)")


def whose(name: str) -> tuple[int, str]:
    """Return the player whose control a name is of, and its name in the table.

    Example:
        >>> whose("stem"), whose("player/2/gain/out")
        ((1, 'stem'), (2, 'gain/out'))
    """
    found = _NUMBERED.fullmatch(name)
    return (int(found[1]), found[2]) if found else (1, name)


def numbered(player: int, own: str) -> str:
    """Return the name of a player's control; the way back of ``whose``.

    Example:
        >>> numbered(1, "stem"), numbered(2, "gain/out")
        ('stem', 'player/2/gain/out')
    """
    return own if player == 1 else f"player/{player}/{own}"


class Kind(StrEnum):
    """What a row holds."""

    FLOAT = "float"
    INT = "int"
    CHOICE = "choice"
    TOGGLE = "toggle"
    TRIGGER = "trigger"
    READING = "reading"


class When(StrEnum):
    """When a change is heard."""

    BLOCK = "next audio block"
    HOP = "next hop"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One row of the table.

    Raises:
        ConfigError: The row contradicts itself, e.g. its default is out of its range.
    """

    name: str
    """Path below the root, e.g. ``gain/in``; never changed once published."""
    kind: Kind
    help: str
    """One line for people, without a full stop at the end."""
    when: When = When.BLOCK
    unit: str = ""
    low: float = 0.0
    """Least value of a float or int."""
    high: float = 1.0
    """Greatest value of a float or int."""
    choices: tuple[str, ...] | tuple[float, ...] = ()
    """Names, or for a control with a unit the ascending numbers it snaps to."""
    default: Value = 0.0
    number: int | None = None
    """Index in ``/liveband/p/K``; never reused. Triggers and readings have none."""
    cc: int | None = None
    """Default MIDI controller, any channel."""
    reading: type[Reading] | None = None
    """What a reading's message holds."""
    announced: bool = False
    """A reading that every registered client gets when it changes, as it does controls."""
    each: bool = False
    """Whether every player has its own; else the band has one, reached by any number."""
    in_presets: bool = True
    """Whether saving a preset keeps it; not so for switches of the moment and for set-up."""

    def __post_init__(self) -> None:
        if self.has_value is (self.number is None):
            raise ConfigError(f"{self.name}: exactly the rows with a value carry a number")
        if (self.kind is Kind.READING) is (self.reading is None):
            raise ConfigError(f"{self.name}: exactly the readings name what they hold")
        if self.kind is Kind.CHOICE and self.default not in self.choices:
            raise ConfigError(
                f"{self.name}: default {self.default!r} is none of {self.choices}"
            )
        if self.kind in (Kind.FLOAT, Kind.INT) and not (
            self.low <= float(self.default) <= self.high and self.low < self.high
        ):
            raise ConfigError(f"{self.name}: {self.low} <= {self.default} <= {self.high} fails")

    @property
    def address(self) -> str:
        """OSC address that sets, reads and reports this row."""
        return f"{ROOT}/{self.name}"

    @property
    def has_value(self) -> bool:
        """Whether it can be set to something and keeps it."""
        return self.kind not in (Kind.TRIGGER, Kind.READING)


@dataclass(frozen=True)
class Table:
    """The rows, and ways to find one.

    Raises:
        ConfigError: Two rows share a name, a number or a MIDI controller.
    """

    rows: tuple[Parameter, ...]

    def __post_init__(self) -> None:
        shared: dict[str, list[str | int | None]] = {
            "name": [row.name for row in self.rows],
            "number": [row.number for row in self.rows if row.number is not None],
            "MIDI controller": [row.cc for row in self.rows if row.cc is not None],
        }
        for what, keys in shared.items():
            twice = {key for key in keys if keys.count(key) > 1}
            if twice:
                raise ConfigError(f"each {what} must be one row's own, shared: {twice}")

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.rows)

    def __getitem__(self, name: str) -> Parameter:
        """Return the row of ``stem`` or of ``player/2/stem``.

        Raises:
            KeyError: There is none.
        """
        row = self.find(name)
        if row is None:
            raise KeyError(name)
        return row

    @cached_property
    def by_name(self) -> dict[str, Parameter]:
        """Rows keyed by ``gain/in`` and the like."""
        return {row.name: row for row in self.rows}

    def find(self, name: str) -> Parameter | None:
        """Return the row of ``stem`` or of ``player/2/stem``; None where there is none."""
        player, own = whose(name)
        row = self.by_name.get(own)
        if row is not None and player > 1 and not (row.each and player <= MAX_PLAYERS):
            return None
        return row

    @property
    def controls(self) -> tuple[Parameter, ...]:
        """The rows that keep a value."""
        return tuple(row for row in self.rows if row.has_value)

    def with_choices(
        self, name: str, choices: tuple[str, ...] | tuple[float, ...], default: str | float
    ) -> "Table":
        """Return a table in which ``name`` takes exactly ``choices``.

        The stems and anticipations on offer are the checkpoint's, not ours.

        Raises:
            ConfigError: ``default`` is none of them, or ``name`` is not a choice.
        """
        row = self[name]
        if row.kind is not Kind.CHOICE:
            raise ConfigError(f"{name} is a {row.kind}, it has no choices to replace")
        changed = replace(row, choices=choices, default=default)
        return Table(tuple(changed if other is row else other for other in self.rows))
