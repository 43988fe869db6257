"""Bindings of MIDI controllers to controls, as data that is checked when made.

They are applied in ``bridge.midi.router`` and stored in ``bridge.midi.binding_files``.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from bridge.common.errors import ConfigError, ParameterError
from bridge.controls.controls import coerce
from bridge.controls.parameters import Kind, Parameter, Table, Value
from bridge.controls.table import ControlKey

__all__ = [
    "COARSE",
    "FINE",
    "Binding",
    "ControllerKind",
    "Mode",
    "Source",
    "Takeover",
    "checked",
    "one_of",
]

E = TypeVar("E", bound=StrEnum)

FINE = 16383
"""Highest value of 14 bits."""
COARSE = 127
"""Highest value of 7 bits."""


class ControllerKind(StrEnum):
    """Kinds of controllers, by the messages they send."""

    CC = "cc"
    CC14 = "cc14"
    NRPN = "nrpn"
    NOTE = "note"
    POLY = "poly"
    PROGRAM = "program"
    PRESSURE = "pressure"
    BEND = "bend"

    @property
    def top(self) -> int:
        """Highest value of such a controller."""
        fine = (ControllerKind.CC14, ControllerKind.NRPN, ControllerKind.BEND)
        return FINE if self in fine else COARSE

    @property
    def is_button(self) -> bool:
        """Whether each message is a press, or a release."""
        return self in (ControllerKind.NOTE, ControllerKind.PROGRAM)


class Mode(StrEnum):
    """Meanings of the values of a controller."""

    ABSOLUTE = "absolute"
    TOGGLE = "toggle"
    MOMENTARY = "momentary"
    TWOS = "relative-twos"
    OFFSET = "relative-offset"
    SIGN = "relative-sign"

    @property
    def relative(self) -> bool:
        """Whether the values are steps rather than positions."""
        return self in (Mode.TWOS, Mode.OFFSET, Mode.SIGN)


class Takeover(StrEnum):
    """Behaviour of an absolute controller while the control has another value."""

    DEFAULT = ""
    JUMP = "jump"
    PICKUP = "pickup"
    SCALE = "scale"


_NUMBERS = {
    ControllerKind.CC: 119,
    ControllerKind.CC14: 31,
    ControllerKind.NRPN: FINE,
    ControllerKind.PRESSURE: 0,
    ControllerKind.BEND: 0,
}
"""Highest number of controllers; of the others it is 127."""


@dataclass(frozen=True, slots=True)
class Source:
    """One controller on a device.

    Raises:
        ConfigError: The channel or the number is out of range.
    """

    kind: ControllerKind
    channel: int = 0
    """1..16; 0 for any."""
    number: int = 0
    """Controller 0..119, of a 14-bit pair its coarse half 0..31, NRPN, note or program; 0 for
    channel pressure and pitch bend, of which there is one."""

    def __post_init__(self) -> None:
        _in_range("channel", self.channel, 0, 16)
        _in_range(f"number of {self.kind}", self.number, 0, _NUMBERS.get(self.kind, COARSE))

    @property
    def knob(self) -> "Source":
        """The physical controller, the same whether its values have 7 or 14 bits."""
        return (
            replace(self, kind=ControllerKind.CC) if self.kind is ControllerKind.CC14 else self
        )

    def covers(self, other: "Source") -> bool:
        """Return whether ``other`` is the same controller, on a channel of this source."""
        return (
            self.kind is other.kind
            and self.number == other.number
            and self.channel in (0, other.channel)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Binding:
    """One controller moves one control; ``checked`` compares it with a table.

    Raises:
        ConfigError: It contradicts itself.
    """

    control: ControlKey
    """Key of a control or trigger."""
    source: Source
    """The controller that moves it."""
    mode: Mode = Mode.ABSOLUTE
    """Meaning of its values."""
    input: tuple[int, int] | None = None
    """The controller's values that mean the two ends of the target; None for all. The first
    may be the greater, which reverses the direction."""
    target: tuple[Value, Value] | None = None
    """The control's values at the two ends, in its own unit; None for its whole range. The
    first may be the greater."""
    value: Value | None = None
    """Value that a press sets; None for a controller that moves the control along a range."""
    takeover: Takeover = Takeover.DEFAULT
    """Behaviour while control and controller differ; by default that of ``/midi/takeover``."""
    step: float = 1.0 / COARSE
    """Step of a relative controller, as a part of the target, 0..1."""

    def __post_init__(self) -> None:
        top = self.source.kind.top
        if self.input is not None:
            for end in self.input:
                _in_range("input", end, 0, top)
            if self.input[0] == self.input[1]:
                raise ConfigError(f"input needs two different ends, got {self.input[0]} twice")
        if not 0.0 < self.step <= 1.0:
            raise ConfigError(f"step takes more than 0, up to 1, got {self.step:g}")
        if self.mode.relative and self.source.kind is not ControllerKind.CC:
            raise ConfigError(f"mode {self.mode} is for type cc, got {self.source.kind}")
        if self.value is not None and self.mode not in (Mode.ABSOLUTE, Mode.MOMENTARY):
            raise ConfigError(f"value goes with mode absolute or momentary, got {self.mode}")
        if self.source.kind is ControllerKind.PROGRAM and self.mode is Mode.MOMENTARY:
            raise ConfigError("a program change is never released; use mode toggle or a value")


def checked(binding: Binding, table: Table) -> Binding:
    """Return a binding with its values in the types of the table.

    A note or program bound to an on-off switch in absolute mode toggles it.

    Raises:
        ConfigError: There is no such control, or it cannot be moved so.
    """
    key = binding.control
    row = table.by_name.get(key.name)
    if row is None or row.kind is Kind.READING:
        known = ", ".join(each.name for each in table if each.kind is not Kind.READING)
        raise ConfigError(f"no control {str(key)[:80]!r}; there are {known}")
    if row.kind is Kind.TRIGGER and (binding.value is not None or binding.target is not None):
        raise ConfigError(f"{row.name} is fired, it takes neither value nor target")
    try:
        value = None if binding.value is None else _exact(row, binding.value)
        target = None
        if binding.target is not None:
            low, high = (_exact(row, end) for end in binding.target)
            target = (low, high)
    except ParameterError as error:
        raise ConfigError(str(error)) from error
    if target is not None and target[0] == target[1]:
        raise ConfigError(f"target needs two different ends, got {target[0]} twice")
    return replace(binding, mode=_usable_mode(binding, row), target=target, value=value)


def one_of(key: str, text: str, choices: type[E]) -> E:
    """Return the member of an enumeration that a text names.

    Raises:
        ConfigError: There is none; the message lists them.
    """
    try:
        return choices(text)
    except ValueError:
        known = ", ".join(each for each in choices if each)
        raise ConfigError(f"{key} takes {known}, got {text!r:.80}") from None


def _usable_mode(binding: Binding, row: Parameter) -> Mode:
    pressed = binding.source.kind.is_button and binding.mode is Mode.ABSOLUTE
    if pressed and binding.value is None and row.kind is Kind.TOGGLE:
        return Mode.TOGGLE
    return binding.mode


def _exact(row: Parameter, raw: Value) -> Value:
    """Return ``raw`` in the type of the row.

    Raises:
        ParameterError: It would have to be clamped or snapped.
    """
    made = coerce(row, raw)
    if made.notice:
        raise ParameterError(made.notice.replace(" applied", " would be nearest"))
    return made.value


def _in_range(what: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ConfigError(f"{what} takes {low} to {high}, got {value}")
