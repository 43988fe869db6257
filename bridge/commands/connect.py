"""``liveband connect SRC DST``: connect two ports of the audio host."""

import argparse

from bridge.commands.set import add_bridge_options, bridge_of
from bridge.controls.parameters import ROOT

__all__ = ["HELP", "configure", "run"]

HELP = "connect an output port to an input port"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("source", metavar="SRC", help="output port, e.g. REAPER:out3, or out_L")
    parser.add_argument(
        "destination", metavar="DST", help="input port, e.g. liveband:in_L, or in_L"
    )
    add_bridge_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the connection; return the exit code.

    Raises:
        RefusedError: The audio host refuses; the message has its reason.
        EnvironmentMissing: No bridge answers.
    """
    with bridge_of(arguments) as bridge:
        bridge.do(f"{ROOT}/jack/connect", arguments.source, arguments.destination)
    return 0
