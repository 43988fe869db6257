"""Sections, widgets and names of the table's rows on all surfaces.

The section of a control follows from its name, so that a new row needs no entry here: it is the
section of its first word, else that of the system.
"""

from dataclasses import dataclass
from enum import StrEnum

from bridge.controls.parameters import Kind, Parameter, Table

__all__ = [
    "Widget",
    "WidgetSection",
    "decimals",
    "long_name",
    "number_text",
    "section_of",
    "sections",
    "short_name",
    "starting_index",
    "texts",
    "widget_of",
]

_ACRONYMS = {"midi": "MIDI", "osc": "OSC", "jack": "JACK"}
_SHORT = 12
"""Letters that fit under a dial."""
_TABS = 8
"""More choices than these go into a menu."""


class Widget(StrEnum):
    """Kinds of widgets."""

    DIAL = "dial"
    NUMBER = "number"
    TABS = "tabs"
    MENU = "menu"
    SWITCH = "switch"
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class WidgetSection:
    """A group of controls under one heading."""

    title: str
    colour: str
    """Of what is on, as ``#rrggbb``; dark enough to read black on."""
    words: frozenset[str]
    """First words of the names that belong here."""


_PLAY = WidgetSection(
    "Play",
    "#f2a33a",
    frozenset(("stem", "anticipation", "enable", "bypass", "mute", "listen", "freeze"))
    | {"reset", "panic", "player", "players"},
)
_BEAT = WidgetSection("Beat", "#ec8595", frozenset(("ear", "tap", "tempo")))
_TIME = WidgetSection(
    "Time",
    "#56b6d6",
    frozenset(("transport", "quantize", "groove", "clock", "latency")),
)
_SOUND = WidgetSection(
    "Sound",
    "#7cc36f",
    frozenset(("gain", "noise", "seed", "reseed", "fade", "mix", "level", "pan")),
)
_SYSTEM = WidgetSection("System", "#b39ddb", frozenset())
_SECTIONS = (_PLAY, _TIME, _BEAT, _SOUND, _SYSTEM)


def section_of(row: Parameter) -> WidgetSection:
    """Return the section of a row."""
    word = row.name.partition("/")[0]
    return next((each for each in _SECTIONS if word in each.words), _SYSTEM)


def sections(table: Table) -> tuple[tuple[WidgetSection, tuple[Parameter, ...]], ...]:
    """Return the controls and triggers of a table by section, each in the table's order."""
    shown = [row for row in table if row.kind is not Kind.READING]
    return tuple(
        (section, tuple(row for row in shown if section_of(row) is section))
        for section in _SECTIONS
    )


def widget_of(row: Parameter) -> Widget:
    """Return the widget of a control or trigger."""
    if row.kind is Kind.CHOICE:
        return Widget.TABS if 1 < len(row.choices) <= _TABS else Widget.MENU
    return {
        Kind.FLOAT: Widget.DIAL,
        Kind.INT: Widget.NUMBER,
        Kind.TOGGLE: Widget.SWITCH,
        Kind.TRIGGER: Widget.BUTTON,
    }[row.kind]


def long_name(row: Parameter) -> str:
    """Return the full name, unique within the table.

    Example:
        >>> from bridge.controls.parameters import PARAMETERS
        >>> long_name(PARAMETERS["midi/channel"])
        'MIDI Channel'
    """
    words = row.name.replace("/", " ").replace("_", " ").split()
    return " ".join(_ACRONYMS.get(word, word.capitalize()) for word in words)


def short_name(row: Parameter) -> str:
    """Return the full name, without its first words where it would not fit under a dial.

    Example:
        >>> from bridge.controls.parameters import PARAMETERS
        >>> short_name(PARAMETERS["transport/reset_on"])
        'Reset On'
    """
    words = long_name(row).split()
    while len(words) > 1 and len(" ".join(words)) > _SHORT:
        words.pop(0)
    return " ".join(words)


def texts(row: Parameter) -> tuple[str, ...]:
    """Return the displayed values of a choice or a toggle.

    Example:
        >>> from bridge.controls.parameters import PARAMETERS
        >>> texts(PARAMETERS["anticipation"])
        ('0', '0.1', '1')
    """
    if row.kind is Kind.TOGGLE:
        return ("off", "on")
    return tuple(
        each if isinstance(each, str) else number_text(float(each)) for each in row.choices
    )


def starting_index(row: Parameter) -> int:
    """Return the index of the initial value of a choice or toggle."""
    return int(row.default) if row.kind is Kind.TOGGLE else row.choices.index(row.default)


def number_text(value: float) -> str:
    """Return a number as short as possible."""
    return f"{value:.10g}"


def decimals(row: Parameter) -> int:
    """Return the number of decimals to show of a float."""
    span = row.high - row.low
    return 2 if span <= 5 else 1 if span <= 500 else 0
