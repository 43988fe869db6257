"""``liveband status``: print all controls and readings of a running bridge, or as JSON."""

import argparse
import json
import re
from dataclasses import fields

from bridge.commands.set import add_bridge_options, bridge_of
from bridge.controls.parameters import PARAMETERS, ROOT
from bridge.osc.codec import Argument, Message

__all__ = ["HELP", "configure", "run"]

_PLAYER = re.compile(r"player/\d+/")

HELP = "print all controls and readings"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_bridge_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every value and reading; return the exit code.

    Raises:
        RefusedError: The bridge refuses; the message has its reason.
        EnvironmentMissing: No bridge answers.
    """
    with bridge_of(arguments) as bridge:
        values = dict(map(_named, bridge.collect(f"{ROOT}/dump")))
    if arguments.json:
        print(json.dumps(values))
        return 0
    for name, value in values.items():
        print(f"{name:<14} {_text(value)}")
    return 0


def _named(message: Message) -> tuple[str, Argument | dict[str, Argument]]:
    """Return a reading's name with its fields, a control's with its value."""
    name = message.address.removeprefix(f"{ROOT}/")
    row = PARAMETERS.by_name.get(_PLAYER.sub("", name))
    if row is None or row.reading is None:
        return name, _rounded(message.arguments[0])
    keys = [field.name for field in fields(row.reading)]
    return name, dict(zip(keys, map(_rounded, message.arguments), strict=False))


def _rounded(value: Argument) -> Argument:
    """Return a float without the digits beyond the precision of OSC's 32 bits."""
    return float(f"{value:.7g}") if isinstance(value, float) else value


def _text(value: Argument | dict[str, Argument]) -> str:
    if not isinstance(value, dict):
        return str(value)
    return ", ".join(f"{key} {item}" for key, item in value.items() if item != "")
