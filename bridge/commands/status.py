"""``liveband status``: print all controls and readings of a running bridge, or as JSON."""

import argparse
import json

from bridge.commands.replies import named, text_of
from bridge.commands.set import add_bridge_options, bridge_of
from bridge.controls.parameters import ROOT

__all__ = ["HELP", "configure", "run"]

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
        replies = bridge.collect(f"{ROOT}/dump")
    values = {reply.address.removeprefix(f"{ROOT}/"): named(reply) for reply in replies}
    if arguments.json:
        print(json.dumps(values))
        return 0
    for name, value in values.items():
        print(f"{name:<14} {text_of(value)}")
    return 0
