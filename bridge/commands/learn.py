"""``liveband learn NAME``: bind the next MIDI controller that is moved."""

import argparse

from bridge.commands.set import add_port_option, full_address
from bridge.controls.parameters import ROOT
from bridge.osc.client import BridgeClient

__all__ = ["HELP", "configure", "run"]

HELP = "bind the next MIDI controller that is moved to a control"

_PATIENCE_S = 35.0
"""Longer than the bridge's own time-out, so that its answer arrives."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("control", metavar="NAME", help="/liveband/gain/out, or short: gain/out, mute, reset")
    add(
        "--range",
        nargs=2,
        metavar=("LOW", "HIGH"),
        help="the control's values at the controller's ends; the first may be the greater",
    )
    add("--takeover", default="", metavar="T", help="jump, pickup or scale (/midi/takeover)")
    add_port_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Wait until a controller was moved; return the exit code.

    Raises:
        RefusedError: The bridge refuses; the message has its reason.
        EnvironmentMissing: No bridge answers.
    """
    address = full_address(arguments.control)
    options: list[str] = []
    if arguments.range or arguments.takeover:
        options = [*(arguments.range or ("", "")), arguments.takeover]
    with BridgeClient(port=arguments.osc_port, timeout_s=_PATIENCE_S) as bridge:
        try:
            replies = bridge.collect(f"{ROOT}/midi/learn", address, *options)
        except KeyboardInterrupt:
            bridge.do(f"{ROOT}/midi/learn/cancel")
            raise
    for reply in replies:
        if reply.address == f"{ROOT}/midi/learned":
            control, sort, channel, number, mode = reply.arguments
            print(f"{control}: {sort} {number} on channel {channel}, {mode}")
    return 0
