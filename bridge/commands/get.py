"""``liveband get ADDR``: print the value of a control or reading of a running bridge."""

import argparse

from bridge.commands.set import add_bridge_options, bridge_of, full_address
from bridge.controls.parameters import ROOT
from bridge.osc.codec import Argument
from bridge.osc.commands import COMMANDS
from bridge.osc.pattern import is_pattern

__all__ = ["HELP", "configure", "run"]

HELP = "print the value of a control or reading"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "address", metavar="ADDR", help="/liveband/stem, or short: stem, latency, 'gain/*'"
    )
    add_bridge_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the value, or a line for each address a pattern covers or item a list has.

    Returns:
        The exit code.

    Raises:
        RefusedError: The bridge refuses; the message has its reason.
        EnvironmentMissing: No bridge answers.
    """
    address = full_address(arguments.address)
    with bridge_of(arguments) as bridge:
        if is_pattern(address):
            for reply in bridge.collect(f"{ROOT}/dump", address):
                print(reply.address, _line(reply.arguments))
        elif (command := COMMANDS.get(address.removeprefix(f"{ROOT}/"))) and command.lists:
            for reply in bridge.collect(address):
                print(_line(reply.arguments))
        else:
            print(_line(bridge.read(address)))
    return 0


def _line(values: tuple[Argument, ...]) -> str:
    return " ".join(
        f"{value:.6g}" if isinstance(value, float) else str(value) for value in values
    )
