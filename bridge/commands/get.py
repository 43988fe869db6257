"""``liveband get ADDR``: print the value of a control or reading, or what a command answers."""

import argparse

from bridge.commands.replies import print_lines, print_table
from bridge.commands.set import add_bridge_options, bridge_of, full_address
from bridge.common.errors import ConfigError
from bridge.controls.parameters import ROOT
from bridge.osc.codec import Message
from bridge.osc.commands import COMMANDS, Command
from bridge.osc.pattern import is_pattern

__all__ = ["HELP", "configure", "run"]

HELP = "print the value of a control or reading, or a list"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    questions = ", ".join(name for name, command in COMMANDS.items() if command.asks(()))
    parser.add_argument(
        "address",
        metavar="ADDR",
        help="/liveband/stem, or short: stem, latency, 'gain/*'; or one of the questions "
        f"{questions}",
    )
    parser.add_argument(
        "values", metavar="VALUE", nargs="*", help="what a question takes: describe stem"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    add_bridge_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the value, or a line for each address a pattern covers or item a list has.

    Returns:
        The exit code.

    Raises:
        ConfigError: There are values, but the address asks nothing with them.
        RefusedError: The bridge refuses; the message has its reason.
        EnvironmentMissing: No bridge answers.
    """
    address, values = full_address(arguments.address), tuple(arguments.values)
    if address == f"{ROOT}/get" and values:  # which is what all of this does
        address, values = full_address(values[0]), values[1:]
    name = address.removeprefix(f"{ROOT}/")
    command = COMMANDS.get(name)
    question = command if command is not None and command.asks(values) else None
    if values and question is None:
        words = " ".join((name, *values))
        raise ConfigError(
            f"{address} asks nothing with a value: `liveband set {words}` sets it"
        )
    with bridge_of(arguments) as bridge:
        if question is not None:
            ask = bridge.collect if question.lists else bridge.ask
            replies = ask(address, *_with_full_addresses(question, values))
        elif is_pattern(address):
            replies = bridge.collect(f"{ROOT}/dump", address)
        else:
            replies = [Message(address, bridge.read(address))]
    if question is not None and question.lists and question.answer and not arguments.json:
        print_table(replies)
    else:
        several = question is not None or is_pattern(address)
        print_lines(replies, as_json=arguments.json, with_address=several)
    return 0


def _with_full_addresses(command: Command, values: tuple[str, ...]) -> list[str]:
    """Return the values of a question, addresses and patterns among them in full.

    Example:
        >>> _with_full_addresses(COMMANDS["describe"], ("gain/out",))
        ['/liveband/gain/out']
    """
    names = [spec.strip("[]").partition(":")[2] for spec in command.takes.split()]
    names += [""] * (len(values) - len(names))
    return [
        full_address(value) if name in ("address", "pattern") else value
        for name, value in zip(names, values, strict=False)
    ]
