"""``liveband set ADDR VALUE...``: move a control of a running bridge, or give it a command."""

import argparse
import sys

from bridge.client import BridgeClient
from bridge.parameters import DEFAULT_PORT, ROOT

__all__ = ["HELP", "add_port_option", "configure", "full_address", "run"]

HELP = "set a control of a running bridge, or pull a trigger"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "address", metavar="ADDR", help="/liveband/stem, or short: stem, gain/out, reset"
    )
    parser.add_argument(
        "values", metavar="VALUE", nargs="*", help="bass, -6, on; none for a trigger"
    )
    add_port_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Send it and wait until it is in force; return the exit code.

    Raises:
        RefusedError: The bridge's own words why not.
        EnvironmentMissing: No bridge answers.
    """
    with BridgeClient(port=arguments.osc_port) as bridge:
        remarks = bridge.do(full_address(arguments.address), *arguments.values)
    for remark in remarks:
        print(remark, file=sys.stderr)
    return 0


def add_port_option(parser: argparse.ArgumentParser) -> None:
    """Declare ``--osc-port``, by which every command finds its bridge."""
    parser.add_argument(
        "--osc-port", type=int, default=DEFAULT_PORT, metavar="N", help="the bridge's UDP port"
    )


def full_address(text: str) -> str:
    """Return an address from its short form; a full one as it is.

    Example:
        >>> full_address("gain/out")
        '/liveband/gain/out'
    """
    return text if text.startswith("/") else f"{ROOT}/{text}"
