"""The table: every control and every reading of the bridge, once.

OSC dispatch, its reference, the MIDI map, the patches and the layouts are all made from
these rows. To add a control, add a row; nothing else has to know.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from bridge.errors import ConfigError
from bridge.readings import (
    AudioReading,
    EngineReading,
    LatencyReading,
    MeterReading,
    Reading,
    SeedReading,
    StatusReading,
)

__all__ = ["DEFAULT_PORT", "PARAMETERS", "ROOT", "Kind", "Parameter", "Table", "Value", "When"]

ROOT = "/liveband"
"""First part of every OSC address."""

DEFAULT_PORT = 9100
"""UDP port of the bridge."""

Value = float | int | str | bool
"""A control's value: float, int, a choice's name (or number), or a toggle."""


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
        return self.by_name[name]

    @cached_property
    def by_name(self) -> dict[str, Parameter]:
        """Rows keyed by ``gain/in`` and the like."""
        return {row.name: row for row in self.rows}

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


PARAMETERS = Table(
    (
        Parameter(
            name="stem",
            kind=Kind.CHOICE,
            help="Instrument to play; the sound glides over within a hop",
            when=When.HOP,
            choices=("drums", "bass", "guitar", "piano", "strings", "lead", "other"),
            default="drums",
            number=0,
            cc=27,
        ),
        Parameter(
            name="anticipation",
            kind=Kind.CHOICE,
            help="How far the stem runs ahead of what was heard",
            when=When.HOP,
            unit="s",
            choices=(0.0, 0.1, 1.0),
            default=0.1,
            number=1,
            cc=26,
        ),
        Parameter(
            name="enable",
            kind=Kind.TOGGLE,
            help="Generate; off fades the stem out and lets the model rest",
            default=True,
            number=2,
            cc=87,
        ),
        Parameter(
            name="bypass",
            kind=Kind.TOGGLE,
            help="Send the mix itself to the output, as late as the stem would be",
            default=False,
            number=3,
            cc=80,
        ),
        Parameter(
            name="mute",
            kind=Kind.TOGGLE,
            help="Silence the output; the model plays on",
            default=False,
            number=4,
            cc=82,
        ),
        Parameter(
            name="listen",
            kind=Kind.TOGGLE,
            help="Hear the mix; off gives the model silence",
            default=True,
            number=5,
            cc=83,
        ),
        Parameter(
            name="gain/in",
            kind=Kind.FLOAT,
            help="Level of the mix as the model hears it; -60 is off",
            unit="dB",
            low=-60.0,
            high=12.0,
            default=0.0,
            number=7,
            cc=22,
        ),
        Parameter(
            name="gain/out",
            kind=Kind.FLOAT,
            help="Level of the stem; -60 is off",
            unit="dB",
            low=-60.0,
            high=12.0,
            default=0.0,
            number=8,
            cc=23,
        ),
        Parameter(
            name="noise",
            kind=Kind.FLOAT,
            help="How freely it plays; 0 is the most predictable take",
            when=When.HOP,
            low=0.0,
            high=2.0,
            default=1.0,
            number=14,
            cc=25,
        ),
        Parameter(
            name="seed",
            kind=Kind.INT,
            help="Names the take: same seed, same mix, same stem; -1 draws one at each reset",
            when=When.HOP,
            low=-1,
            high=2**31 - 1,
            default=-1,
            number=15,
        ),
        Parameter(
            name="fade",
            kind=Kind.FLOAT,
            help="Length of the fade at enable and where anticipation moves the stem in time",
            unit="ms",
            low=0.0,
            high=2000.0,
            default=20.0,
            number=17,
        ),
        Parameter(
            name="reset",
            kind=Kind.TRIGGER,
            help="Forget everything heard and start afresh, faded",
            when=When.HOP,
            cc=85,
        ),
        Parameter(
            name="reseed",
            kind=Kind.TRIGGER,
            help="Draw a new seed now, without forgetting what was heard",
            when=When.HOP,
            cc=86,
        ),
        Parameter(
            name="panic",
            kind=Kind.TRIGGER,
            help="Silence within a block, then start afresh",
            cc=120,
        ),
        Parameter(
            name="status",
            kind=Kind.READING,
            help="Whether it plays, and if not, why",
            reading=StatusReading,
            announced=True,
        ),
        Parameter(
            name="status/engine",
            kind=Kind.READING,
            help="Counters since the start, and how long a hop takes",
            reading=EngineReading,
        ),
        Parameter(
            name="status/audio",
            kind=Kind.READING,
            help="Rates, block and back end",
            reading=AudioReading,
        ),
        Parameter(
            name="latency",
            kind=Kind.READING,
            help="Where each frame of delay goes",
            reading=LatencyReading,
            announced=True,
        ),
        Parameter(
            name="seed/actual",
            kind=Kind.READING,
            help="Seed of the take now playing",
            reading=SeedReading,
            announced=True,
        ),
        Parameter(
            name="meter/in",
            kind=Kind.READING,
            help="Level of the mix, after `gain/in`",
            reading=MeterReading,
        ),
        Parameter(
            name="meter/out",
            kind=Kind.READING,
            help="Level of the output",
            reading=MeterReading,
        ),
    )
)
"""The table of a bridge whose checkpoint has every stem class of the family."""
