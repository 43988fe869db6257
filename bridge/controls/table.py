"""Type of the parameter table, of its rows and of the keys of controls."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, partial
from typing import NamedTuple

from bridge.common.errors import ConfigError
from bridge.controls.readings import Reading

__all__ = [
    "MAX_PLAYERS",
    "ROOT",
    "ControlKey",
    "EffectTiming",
    "Kind",
    "Parameter",
    "Table",
    "Value",
    "choice",
    "reading",
    "real",
    "toggle",
    "trigger",
    "whole",
]

MAX_PLAYERS = 8
"""As many as the shared memory has rings for; counted from 1."""

_FURTHER_PLAYERS = frozenset(str(player) for player in range(2, MAX_PLAYERS + 1))

ROOT = "/liveband"
"""First part of every OSC address."""

Value = float | int | str | bool
"""A control's value: float, int, a choice's name (or number), or a toggle."""


class ControlKey(NamedTuple):
    """One row of one player: what a control surface sets, fires or reads.

    What the band has in common belongs to player 1. As text, in files and messages, a key is
    ``stem`` for player 1 and ``player/2/stem`` for player 2; :meth:`Table.key` reads it.

    Example:
        >>> str(ControlKey(1, "stem")), str(ControlKey(2, "gain/out"))
        ('stem', 'player/2/gain/out')
    """

    player: int
    """From 1."""
    name: str
    """Of the row."""

    def __str__(self) -> str:
        return self.name if self.player == 1 else f"player/{self.player}/{self.name}"


class Kind(StrEnum):
    """What a row holds."""

    FLOAT = "float"
    INT = "int"
    CHOICE = "choice"
    TOGGLE = "toggle"
    TRIGGER = "trigger"
    READING = "reading"


class EffectTiming(StrEnum):
    """When a change is heard."""

    BLOCK = "next audio block"
    HOP = "next hop"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One row of the table.

    Raises:
        ConfigError: The row contradicts itself, e.g. its default is out of its range.
    """

    name: str = field(kw_only=False)
    """Path below the root, e.g. ``gain/in``; never changed once published."""
    help: str = field(kw_only=False)
    """One line for people, without a full stop at the end."""
    kind: Kind
    when: EffectTiming = EffectTiming.BLOCK
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


real = partial(Parameter, kind=Kind.FLOAT)
"""Makes a row that keeps a float; those below make rows of the other kinds."""
whole = partial(Parameter, kind=Kind.INT)
choice = partial(Parameter, kind=Kind.CHOICE)
toggle = partial(Parameter, kind=Kind.TOGGLE)
trigger = partial(Parameter, kind=Kind.TRIGGER)
reading = partial(Parameter, kind=Kind.READING)


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
        """Return the row of a name.

        Raises:
            KeyError: There is none.
        """
        return self.by_name[name]

    @cached_property
    def by_name(self) -> dict[str, Parameter]:
        """Rows keyed by ``gain/in`` and the like."""
        return {row.name: row for row in self.rows}

    @cached_property
    def by_number(self) -> dict[int, Parameter]:
        """Rows that keep a value, keyed by their number."""
        return {row.number: row for row in self.rows if row.number is not None}

    def key(self, text: str) -> ControlKey | None:
        """Return the key that a text such as ``stem`` or ``player/2/stem`` names, if any.

        Example:
            >>> row = Parameter(name="mute", kind=Kind.TOGGLE, help="", number=0, each=True)
            >>> [Table((row,)).key(text) for text in ("mute", "player/2/mute", "player/1/mute")]
            [ControlKey(player=1, name='mute'), ControlKey(player=2, name='mute'), None]
        """
        if text in self.by_name:
            return ControlKey(1, text)
        word, _, numbered_name = text.partition("/")
        number, _, name = numbered_name.partition("/")
        row = self.by_name.get(name)
        if word != "player" or row is None or not row.each or number not in _FURTHER_PLAYERS:
            return None
        return ControlKey(int(number), name)

    def control_keys(self, players: int = 1) -> Iterator[ControlKey]:
        """Yield the keys of all controls that keep a value, of a band of that many players."""
        yield from (ControlKey(1, row.name) for row in self.controls)
        for player in range(2, players + 1):
            yield from (ControlKey(player, row.name) for row in self.controls if row.each)

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
