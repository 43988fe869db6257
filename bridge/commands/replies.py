"""Replies of a bridge with the names of their fields, as text for people and as JSON."""

import json
import re
from collections.abc import Sequence
from dataclasses import fields

from bridge.controls.parameters import PARAMETERS, ROOT
from bridge.osc.codec import Argument, Message
from bridge.osc.commands import COMMANDS

__all__ = ["Fields", "named", "print_lines", "print_table", "text_of"]

Fields = dict[str, Argument | list[Argument]]
"""Arguments by name; those of a field that repeats are a list."""

_PLAYER = re.compile(r"player/\d+/")
_ANSWERS = {
    answer.path: answer
    for command in COMMANDS.values()
    if (answer := command.answer) is not None
}
_SPEAK_FOR_THEMSELVES = 2
"""Most columns that a table prints without a heading."""


def named(reply: Message) -> Fields | Argument:
    """Return the arguments by name, as the OSC reference has them; a control's as its value.

    Floats lose the digits beyond the precision of OSC's 32 bits.
    """
    path = reply.address.removeprefix(f"{ROOT}/")
    values = list(map(_rounded, reply.arguments))
    row = PARAMETERS.by_name.get(_PLAYER.sub("", path))
    if row is not None and row.reading is not None:
        names = [field.name for field in fields(row.reading)]
        return dict(zip(names, values, strict=False))
    if row is not None or path not in _ANSWERS:
        return values[0]
    answer = _ANSWERS[path]
    last = len(answer.fields) - 1
    found: Fields = dict(zip(answer.fields, values, strict=False))
    if answer.repeats:
        found[answer.fields[last]] = values[last:]
    return found


def text_of(value: Fields | Argument | list[Argument]) -> str:
    """Return a value as words; of several fields, the name before each that is not empty.

    Example:
        >>> text_of(-6.0), text_of({"name": "jazz", "modified": 1}), text_of({"seed": 7})
        ('-6', 'name jazz, modified 1', '7')
    """
    if isinstance(value, list):
        return " ".join(map(text_of, value))
    if isinstance(value, dict):
        if len(value) == 1:
            return text_of(*value.values())
        items = {name: text_of(item) for name, item in value.items()}
        return ", ".join(f"{name} {item}" for name, item in items.items() if item)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def print_lines(
    replies: Sequence[Message], *, as_json: bool, with_address: bool = False
) -> None:
    """Print a line for each reply.

    Args:
        replies: As they came.
        as_json: One object a line; a control's has ``address`` and ``value``.
        with_address: Whether text has the address of a control or reading before its value.
    """
    for reply in replies:
        value = named(reply)
        is_answer = reply.address.removeprefix(f"{ROOT}/") in _ANSWERS
        if as_json:
            origin = {} if is_answer else {"address": reply.address}
            row = value if isinstance(value, dict) else {"value": value}
            print(json.dumps(origin | row, default=str))
        elif with_address and not is_answer:
            print(reply.address, text_of(value))
        else:
            print(text_of(value))


def print_table(replies: Sequence[Message]) -> None:
    """Print a line for each reply in columns, under their names where those are many."""
    rows = [value for reply in replies if isinstance(value := named(reply), dict)]
    if not rows:
        return
    lines = [[text_of(item) for item in row.values()] for row in rows]
    if len(rows[0]) > _SPEAK_FOR_THEMSELVES:
        lines.insert(0, list(rows[0]))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(map(str.ljust, line, widths)).rstrip())


def _rounded(value: Argument) -> Argument:
    return float(f"{value:.7g}") if isinstance(value, float) else value
