"""``liveband set ADDR VALUE...``: set a control of a running bridge, or give it a command."""

import argparse
import sys

from bridge.common.errors import ConfigError
from bridge.controls.parameters import DEFAULT_PORT, ROOT
from bridge.osc.client import LOCAL, BridgeClient
from bridge.osc.commands import COMMANDS
from model.formats.command_line import WholeRange

__all__ = [
    "HELP",
    "add_bridge_options",
    "add_port_option",
    "bridge_of",
    "configure",
    "full_address",
    "run",
]

_WITHIN_S = 12.0

HELP = "set a control, or give a command such as reset"


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
    """Send it and wait until it has taken effect; return the exit code.

    Raises:
        ConfigError: It is a question, which ``liveband get`` asks.
        RefusedError: The bridge refuses; the message has its reason.
        EnvironmentMissing: No bridge answers.
    """
    address = full_address(arguments.address)
    command = COMMANDS.get(address.removeprefix(f"{ROOT}/"))
    if command is not None and command.query:
        raise ConfigError(
            f"{address} only answers, it sets nothing: ask `liveband get {command.name}`"
        )
    carries_out = command is not None and not command.asks(tuple(arguments.values))
    within_s = command.within_s if command is not None and carries_out else _WITHIN_S
    with bridge_of(arguments, within_s) as bridge:
        remarks = bridge.do(address, *arguments.values, on_wait=_tell)
    for remark in remarks:
        _tell(remark)
    return 0


def _tell(remark: str) -> None:
    print(remark, file=sys.stderr, flush=True)


def add_port_option(parser: argparse.ArgumentParser) -> None:
    """Declare ``--osc-port``, by which every command finds its bridge."""
    parser.add_argument(
        "--osc-port",
        type=WholeRange(1, 65535),
        default=DEFAULT_PORT,
        metavar="N",
        help="the bridge's UDP port",
    )


def add_bridge_options(parser: argparse.ArgumentParser) -> None:
    """Declare host and port of the bridge that a command talks to."""
    parser.add_argument(
        "--osc-host", default=LOCAL, metavar="HOST", help=f"where the bridge runs ({LOCAL})"
    )
    add_port_option(parser)


def bridge_of(arguments: argparse.Namespace, within_s: float = _WITHIN_S) -> BridgeClient:
    """Return a client of the bridge that ``add_bridge_options`` names.

    Args:
        arguments: As they were parsed.
        within_s: Longest wait for an answer.

    Raises:
        EnvironmentMissing: There is no such host.
    """
    return BridgeClient(arguments.osc_host, arguments.osc_port, timeout_s=within_s)


def full_address(text: str) -> str:
    """Return an address from its short form; a full one as it is.

    Example:
        >>> full_address("gain/out")
        '/liveband/gain/out'
    """
    return text if text.startswith("/") else f"{ROOT}/{text}"
