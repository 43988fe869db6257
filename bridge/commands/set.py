"""``liveband set ADDR VALUE...``: move a control of a running bridge, or give it a command."""

import argparse
import sys

from bridge.client import LOCAL, BridgeClient
from bridge.parameters import DEFAULT_PORT, ROOT

__all__ = [
    "HELP",
    "add_bridge_options",
    "add_port_option",
    "bridge_of",
    "configure",
    "full_address",
    "run",
]

HELP = "set a control of a running bridge, or pull a trigger"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "address", metavar="ADDR", help="/liveband/stem, or short: stem, gain/out, reset"
    )
    parser.add_argument(
        "values", metavar="VALUE", nargs="*", help="bass, -6, on; none for a trigger"
    )
    add_bridge_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Send it and wait until it is in force; return the exit code.

    Raises:
        RefusedError: The bridge's own words why not.
        EnvironmentMissing: No bridge answers.
    """
    with bridge_of(arguments) as bridge:
        remarks = bridge.do(full_address(arguments.address), *arguments.values)
    for remark in remarks:
        print(remark, file=sys.stderr)
    return 0


def add_port_option(parser: argparse.ArgumentParser) -> None:
    """Declare ``--osc-port``, by which every command finds its bridge."""
    parser.add_argument(
        "--osc-port", type=int, default=DEFAULT_PORT, metavar="N", help="the bridge's UDP port"
    )


def add_bridge_options(parser: argparse.ArgumentParser) -> None:
    """Declare where the bridge is that a command speaks to."""
    parser.add_argument(
        "--osc-host", default=LOCAL, metavar="HOST", help=f"where the bridge runs ({LOCAL})"
    )
    add_port_option(parser)


def bridge_of(arguments: argparse.Namespace) -> BridgeClient:
    """Return a client of the bridge that ``add_bridge_options`` names.

    Raises:
        EnvironmentMissing: There is no such host.
    """
    return BridgeClient(arguments.osc_host, arguments.osc_port)


def full_address(text: str) -> str:
    """Return an address from its short form; a full one as it is.

    Example:
        >>> full_address("gain/out")
        '/liveband/gain/out'
    """
    return text if text.startswith("/") else f"{ROOT}/{text}"
