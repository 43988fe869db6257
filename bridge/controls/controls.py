"""Immutable snapshot of the values of all controls, and conversion of what senders send.

Senders differ: Pure Data and TouchOSC send floats for everything, Max what was typed, shells
text. ``coerce`` makes of each what the row holds, says so when that changed the value, and
refuses what has no reading.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bridge.common.errors import FailureCode, ParameterError
from bridge.controls.parameters import PARAMETERS, Kind, Parameter, Table, Value
from bridge.controls.table import ControlKey

__all__ = ["Coerced", "Controls", "coerce", "from_normalised", "normalised"]


_WORDS = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}
_ROUNDING = 1e-6
"""Relative error of a number that came through OSC's 32-bit float."""


@dataclass(frozen=True, slots=True)
class Coerced:
    """A value its row can hold, and what was done to get there."""

    value: Value
    notice: str = ""
    """What came and what was made of it, when that is not the same; else empty."""


@dataclass(frozen=True, slots=True)
class Controls:
    """Every control's value at one moment, seen by one player; ``apply`` returns the next one.

    Example:
        >>> controls = Controls().apply("stem", "BASS").apply("gain/out", -6)
        >>> controls.text("stem"), controls.real("gain/out"), controls.flag("mute")
        ('bass', -6.0, False)
        >>> controls.of(2).apply("fade", 100).apply("stem", "piano").of(1).text("stem")
        'bass'
    """

    table: Table = PARAMETERS
    changes: Mapping[ControlKey, Value] = field(default_factory=lambda: MappingProxyType({}))
    """Values of the controls that were set, by key; the others have their default."""
    player: int = 1
    """Whose values ``controls["stem"]`` and its like are; what is common, all share."""

    def __getitem__(self, name: str) -> Value:
        row = self.table[name]
        key = ControlKey(self.player if row.each else 1, name)
        return self.changes.get(key, row.default)

    def of(self, player: int) -> "Controls":
        """Return the same values as another player sees them."""
        return self if player == self.player else Controls(self.table, self.changes, player)

    def apply(self, name: str, raw: object) -> "Controls":
        """Return a snapshot in which ``name`` has the value that ``raw`` stands for.

        Raises:
            ParameterError: ``raw`` does not stand for any value of it.
            KeyError: No such control.
        """
        row = self.table[name]
        key = ControlKey(self.player if row.each else 1, name)
        changes = {**self.changes, key: coerce(row, raw).value}
        return Controls(self.table, MappingProxyType(changes), self.player)

    def real(self, name: str) -> float:
        """Return a number: a float, an int or a choice among numbers."""
        return float(self[name])

    def whole(self, name: str) -> int:
        """Return an int."""
        return int(self[name])

    def flag(self, name: str) -> bool:
        """Return a toggle."""
        return bool(self[name])

    def text(self, name: str) -> str:
        """Return the name of a choice."""
        return str(self[name])

    def linear(self, name: str) -> float:
        """Return a gain in dB as a factor; 0 at the bottom of its range, which means off."""
        gain_db = self.real(name)
        return 0.0 if gain_db <= self.table[name].low else 10.0 ** (gain_db / 20.0)


def coerce(row: Parameter, raw: object) -> Coerced:
    """Make of ``raw`` a value that ``row`` can hold.

    Args:
        row: A row that keeps a value.
        raw: Number, bool or text, as a sender gave it.

    Returns:
        The value, with a notice if it was clamped, rounded or snapped.

    Raises:
        ParameterError: Code 2, ``raw`` is no finite number where one is needed; code 5, it is
            none of the choices.

    Example:
        >>> coerce(PARAMETERS["gain/out"], 20)
        Coerced(value=12.0, notice='gain/out takes -60 to 12 dB, got 20; 12 applied')
        >>> coerce(PARAMETERS["stem"], 1)
        Coerced(value='bass', notice='')
    """
    if row.kind is Kind.TOGGLE:
        return Coerced(_toggle(row, raw))
    if row.kind is Kind.CHOICE and isinstance(row.choices[0], str):
        return Coerced(_choice(row, raw))
    number = _number(row, raw)
    if row.kind is Kind.CHOICE:
        value = min(map(float, row.choices), key=lambda choice: abs(choice - number))
    elif row.kind is Kind.INT:
        value = round(min(max(number, row.low), row.high))
    else:
        value = min(max(number, row.low), row.high)
    if math.isclose(value, number, rel_tol=_ROUNDING, abs_tol=_ROUNDING):
        return Coerced(value)
    return Coerced(value, f"{_expected(row)}, got {number:.10g}; {value:.10g} applied")


def normalised(row: Parameter, value: Value) -> float:
    """Return where in its range a value of ``row`` lies, 0..1.

    Example:
        >>> normalised(PARAMETERS["gain/out"], -24.0)
        0.5
    """
    if row.kind is Kind.CHOICE:
        return row.choices.index(value) / max(1, len(row.choices) - 1)
    if row.kind is Kind.TOGGLE:
        return float(value)
    return (float(value) - row.low) / (row.high - row.low)


def from_normalised(row: Parameter, raw: object) -> Coerced:
    """Return the value of ``row`` that lies at ``raw`` of its range.

    Choices and toggles share the range evenly, so that a fader reaches each of them.

    Raises:
        ParameterError: Code 2, ``raw`` is no finite number.

    Example:
        >>> from_normalised(PARAMETERS["anticipation"], 0.5).value
        0.1
    """
    number = _number(row, raw)
    position = min(max(number, 0.0), 1.0)
    notice = ""
    if not math.isclose(position, number, rel_tol=_ROUNDING, abs_tol=_ROUNDING):
        notice = f"{row.name} takes 0 to 1 here, got {number:.10g}; {position:g} applied"
    value: Value
    if row.kind is Kind.CHOICE:
        count = len(row.choices)
        value = row.choices[min(int(position * count), count - 1)]
    elif row.kind is Kind.TOGGLE:
        value = position >= 0.5
    else:
        value = row.low + position * (row.high - row.low)
        if row.kind is Kind.INT:
            value = round(value)
    return Coerced(value, notice)


def _number(row: Parameter, raw: object) -> float:
    if isinstance(raw, int | float):
        try:
            number = float(raw)
        except OverflowError:
            number = math.inf
    elif isinstance(raw, str):
        try:
            number = float(raw)
        except ValueError:
            raise ParameterError(
                f"{_expected(row)}, got {raw[:80]!r}", FailureCode.TYPE
            ) from None
    else:
        raise ParameterError(f"{_expected(row)}, got {raw!s:.80}", FailureCode.TYPE)
    if not math.isfinite(number):
        raise ParameterError(f"{_expected(row)}, got {number}", FailureCode.TYPE)
    return number


def _toggle(row: Parameter, raw: object) -> bool:
    if isinstance(raw, str) and raw.strip().casefold() in _WORDS:
        return _WORDS[raw.strip().casefold()]
    return _number(row, raw) != 0.0


def _choice(row: Parameter, raw: object) -> str:
    names = [str(choice) for choice in row.choices]
    if isinstance(raw, str):
        for name in names:
            if name.casefold() == raw.strip().casefold():
                return name
    try:
        index = _number(row, raw)
    except ParameterError:
        if not isinstance(raw, str):
            raise
        index = -1.0
    if index.is_integer() and 0 <= index < len(names):
        return names[int(index)]
    got = repr(raw[:80]) if isinstance(raw, str) else f"{index:g}"
    raise ParameterError(f"{_expected(row)}, got {got}", FailureCode.CHOICE)


def _expected(row: Parameter) -> str:
    """Say what ``row`` takes, e.g. ``gain/out takes -60 to 12 dB``."""
    if row.kind is Kind.TOGGLE:
        return f"{row.name} takes 0 or 1, on or off"
    unit = f" {row.unit}" if row.unit else ""
    if row.kind is not Kind.CHOICE:
        return f"{row.name} takes {row.low:.10g} to {row.high:.10g}{unit}"
    if isinstance(row.choices[0], str):
        last = len(row.choices) - 1
        return f"{row.name} takes {', '.join(map(str, row.choices))} or an index 0 to {last}"
    return f"{row.name} takes {', '.join(f'{choice:g}' for choice in row.choices)}{unit}"
