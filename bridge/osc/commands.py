"""The addresses that do something rather than hold something, as a table."""

from dataclasses import dataclass

from bridge.osc.codec import Argument
from bridge.osc.failures import Code, Reject

__all__ = ["COMMANDS", "Command", "check_arguments"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One row: what it takes, what it answers."""

    name: str
    """Path below the root."""
    takes: str = ""
    """Arguments as ``tag:name``, optional ones in brackets; ``[any ...]`` takes anything."""
    replies: str
    """What comes back, for people."""
    help: str
    """One line for people."""
    tells: bool = False
    """Whether it only tells something, so that ``/get`` may ask for it too."""


COMMANDS = {
    command.name: command
    for command in (
        Command(
            name="ping",
            takes="[any ...]",
            replies="`/pong s:version i:protocol i:pid f:uptime_s ...`",
            help="Ask whether anybody is there; further arguments come back",
        ),
        Command(
            name="version",
            replies="`/version s:version i:protocol`",
            help="Ask which bridge this is",
            tells=True,
        ),
        Command(
            name="stems",
            replies="`/stems s ...`",
            help="List the stems on offer",
            tells=True,
        ),
        Command(
            name="get",
            takes="s:address",
            replies="`ADDR value`",
            help="Read an address, or all that a pattern covers",
        ),
        Command(
            name="dump",
            takes="[s:pattern]",
            replies="`ADDR value` each, `/done /liveband/dump i:count`",
            help="Read everything",
        ),
        Command(
            name="describe",
            takes="s:address",
            replies="`/description s:address s:tags f:low f:high f:default s:unit s:help ...`",
            help="Ask what an address takes; its choices follow, the default being an index",
        ),
        Command(
            name="register",
            takes="[i:port]",
            replies="`/registered s:host:port i:lease_s`",
            help="Send me every change, on that port of mine or the one I send from",
        ),
        Command(name="unregister", replies="`/done`", help="Stop sending me changes"),
        Command(
            name="subscribe",
            takes="s:pattern [i:ms]",
            replies="values now, `/done /liveband/subscribe i:count`",
            help="Send me what the pattern covers as it changes, at most every `ms` (10..5000)",
        ),
        Command(
            name="unsubscribe",
            takes="[s:pattern]",
            replies="`/done`",
            help="End one subscription, or all of them",
        ),
        Command(
            name="sync",
            takes="[i:id]",
            replies="`/synced i:id`",
            help="Answer when everything received before has finished",
        ),
        Command(
            name="jack/ports",
            replies="`/jack/ports s:port` each, `/done /liveband/jack/ports i:count`",
            help="List every audio port of the host",
        ),
        Command(
            name="jack/connect",
            takes="s:source s:destination",
            replies="`/done` or `/fail`",
            help="Wire an output port to an input port",
        ),
        Command(
            name="jack/disconnect",
            takes="s:source s:destination",
            replies="`/done` or `/fail`",
            help="Take a wire away",
        ),
        Command(
            name="quit",
            replies="`/done`, then `/bye` to every client",
            help="End the program; from the same machine only",
        ),
    )
}
"""By name."""


def check_arguments(command: Command, arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """Return the arguments in the types the command takes.

    Numbers for ``i`` may come as any number without a fraction.

    Raises:
        Reject: Code 3, too few or too many; code 2, one has the wrong type.
    """
    if command.takes == "[any ...]":
        return arguments
    specs = command.takes.split()
    least = sum(not spec.startswith("[") for spec in specs)
    if not least <= len(arguments) <= len(specs):
        raise Reject(
            Code.COUNT,
            f"{command.name} takes {command.takes or 'no argument'}, got {len(arguments)}",
        )
    return tuple(
        _typed(command, spec.strip("[]"), argument)
        for spec, argument in zip(specs, arguments, strict=False)
    )


def _typed(command: Command, spec: str, argument: Argument) -> Argument:
    if spec.startswith("s:") and isinstance(argument, str):
        return argument
    if spec.startswith("i:") and isinstance(argument, int):
        return int(argument)
    if spec.startswith("i:") and isinstance(argument, float) and argument.is_integer():
        return int(argument)
    raise Reject(Code.TYPE, f"{command.name} takes {command.takes}, got {argument!s:.80}")
