"""Values of controls as a host program counts them: numbers, of a choice its index.

A plugin's ports and projects know the choices of the parameter table. What a checkpoint offers
besides is counted on from there, so that an index never changes its meaning.
"""

from collections.abc import Iterable

from bridge.controls.controls import coerce
from bridge.controls.parameters import Kind, Parameter, Value

__all__ = ["host_number", "host_value"]

_ON = 0.5
"""A toggle is on above it, as in ``plugins/core/instance.c``, which obeys some at once."""


def host_value(row: Parameter, number: float, offered: Iterable[Value] = ()) -> Value:
    """Return what a host's number stands for; it may lie between two values or beyond all.

    Args:
        row: Of the parameter table.
        number: Finite; between two indices while automation is interpolated.
        offered: Choices of the checkpoint.

    Raises:
        ParameterError: It is no finite number.

    Example:
        >>> from bridge.controls.parameters import PARAMETERS
        >>> host_value(PARAMETERS["stem"], 1.6), host_value(PARAMETERS["stem"], 99.0)
        ('guitar', 'other')
        >>> host_value(PARAMETERS["groove"], 2.0, ("auto", "any", "swing"))
        'swing'
    """
    if row.kind is Kind.TOGGLE:
        return number > _ON
    if row.kind is not Kind.CHOICE:
        return coerce(row, number).value
    choices = _choices(row, offered)
    return choices[round(min(max(number, 0.0), len(choices) - 1.0))]


def host_number(row: Parameter, value: Value, offered: Iterable[Value] = ()) -> float:
    """Return a value as a host counts it.

    Args:
        row: Of the parameter table.
        value: One that it can have, or of the checkpoint's choices.
        offered: Choices of the checkpoint.

    Raises:
        ValueError: It is none of the choices.
    """
    if row.kind is not Kind.CHOICE:
        return float(value)
    return float(_choices(row, offered).index(value))


def _choices(row: Parameter, offered: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys((*row.choices, *offered)))
