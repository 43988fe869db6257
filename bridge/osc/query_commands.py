"""Commands that query the bridge or its audio host: ping, get, dump, JACK connections."""

import os
from collections.abc import Awaitable, Callable

from bridge.common.errors import FailureCode, RefusedError
from bridge.controls.controls import normalised
from bridge.controls.parameters import ROOT, Kind, Parameter
from bridge.osc.actions import RunCommand
from bridge.osc.clients import Client
from bridge.osc.codec import Argument, Message
from bridge.osc.replies import Replies, done
from bridge.osc.subscription_commands import Subscriptions
from bridge.osc.values import AddressValues

__all__ = ["PROTOCOL", "QueryCommands"]

PROTOCOL = 1
"""Goes up when the namespace changes in a way that breaks a client."""

_TAGS = {Kind.FLOAT: "f", Kind.INT: "i", Kind.TOGGLE: "i", Kind.TRIGGER: "", Kind.READING: ""}


class QueryCommands:
    """Runs commands for clients.

    Args:
        view: Values of all addresses, and the control stores.
        subscriptions: Runs the commands that register and subscribe clients.
        version: Version of the program, for ``/ping``.
        clock: Steady seconds; uptime counts from the creation of this object.
    """

    def __init__(
        self,
        view: AddressValues,
        subscriptions: Subscriptions,
        version: str,
        clock: Callable[[], float],
    ) -> None:
        self._view = view
        self._target = view.store.target
        self._version = version
        self._clock = clock
        self._started_s = clock()
        self._commands: dict[str, Callable[..., Awaitable[Replies]]] = {
            "ping": self._ping,
            "version": self._get_version,
            "get": self._get,
            "dump": self._dump,
            "describe": self._describe,
            **subscriptions.commands,
        }

    @property
    def names(self) -> frozenset[str]:
        """Commands run here; ``sync`` is run by the server, which knows what is under way."""
        return frozenset(self._commands)

    async def run(self, action: RunCommand, client: Client) -> Replies:
        """Run one command and return the replies.

        Raises:
            BridgeError: It cannot be run.
        """
        name = action.command.name
        if name in self._commands:
            return await self._commands[name](client, *action.arguments)
        if name not in self._target.commands:
            raise RefusedError(f"{name} is not available in this run", FailureCode.UNAVAILABLE)
        replies = await self._target.commands[name](*action.arguments)
        return [Message(f"{ROOT}/{path}", arguments) for path, arguments in replies]

    async def _ping(self, client: Client, *echo: Argument) -> Replies:
        uptime_s = self._clock() - self._started_s
        identity = (self._version, PROTOCOL, os.getpid(), uptime_s)
        return [Message(f"{ROOT}/pong", (*identity, *echo))]

    async def _get_version(self, client: Client) -> Replies:
        return [Message(f"{ROOT}/version", (self._version, PROTOCOL))]

    async def _get(self, client: Client, address: str) -> Replies:
        addresses = self._view.addresses
        if address in addresses.commands and addresses.commands[address].reports:
            return await self.run(RunCommand(addresses.commands[address], ()), client)
        return [self._view.message(target.address) for target in addresses.readable(address)]

    async def _dump(self, client: Client, pattern: str | None = None) -> Replies:
        addresses = self._view.addresses
        targets = addresses.values if pattern is None else addresses.readable(pattern)
        values = list(self._view.known(target.address for target in targets))
        return [*values, done(f"{ROOT}/dump", len(values))]

    async def _describe(self, client: Client, address: str) -> Replies:
        rows = dict.fromkeys(target.row for target in self._view.addresses.covered(address))
        return [Message(f"{ROOT}/description", _description(row)) for row in rows]


def _description(row: Parameter) -> tuple[Argument, ...]:
    """Return address, tags, low, high, default, unit and help; then the choices."""
    by_name = row.kind is Kind.CHOICE and isinstance(row.choices[0], str)
    tags = _TAGS.get(row.kind, "s" if by_name else "f")
    if row.kind is not Kind.CHOICE:
        default = float(row.default)
        return (row.address, tags, row.low, row.high, default, row.unit, row.help)
    last = float(len(row.choices) - 1)
    default = normalised(row, row.default) * last
    return (row.address, tags, 0.0, last, default, row.unit, row.help, *row.choices)
