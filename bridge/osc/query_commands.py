"""The commands that ask something of the bridge: ping, get, dump, wires and their like."""

import os
from collections.abc import Awaitable, Callable

from bridge.controls.controls import normalised
from bridge.controls.parameters import ROOT, Kind, Parameter
from bridge.osc.actions import Call
from bridge.osc.clients import Client
from bridge.osc.codec import Argument, Message
from bridge.osc.failures import Code, Reject
from bridge.osc.replies import Replies, done
from bridge.osc.subscriptions import Following
from bridge.osc.values import View

__all__ = ["PROTOCOL", "Answers"]

PROTOCOL = 1
"""Goes up when the namespace changes in a way that breaks a client."""

_TAGS = {Kind.FLOAT: "f", Kind.INT: "i", Kind.TOGGLE: "i", Kind.TRIGGER: "", Kind.READING: ""}


class Answers:
    """Carries out commands for clients.

    Args:
        view: What there is to read, and the desks behind it.
        following: Who is told about changes.
        version: The program's, for ``/ping``.
        clock: Steady seconds; uptime counts from the first call of it, made here.
    """

    def __init__(
        self, view: View, following: Following, version: str, clock: Callable[[], float]
    ) -> None:
        self._view = view
        self._target = view.target
        self._version = version
        self._clock = clock
        self._started_s = clock()
        self._answers: dict[str, Callable[..., Awaitable[Replies]]] = {
            "ping": self._ping,
            "version": self._tell_version,
            "stems": self._stems,
            "get": self._get,
            "dump": self._dump,
            "describe": self._describe,
            "jack/ports": self._ports,
            "jack/connect": self._connect,
            "jack/disconnect": self._disconnect,
            "quit": self._quit,
            **following.commands,
        }

    @property
    def names(self) -> frozenset[str]:
        """Commands answered here; ``sync`` is the server's, which knows what is under way."""
        return frozenset(self._answers)

    async def answer(self, call: Call, client: Client) -> Replies:
        """Carry out one command and return what to answer.

        Raises:
            Reject: It will not be done.
            BridgeError: The target could not do it.
        """
        name = call.command.name
        if name in self._answers:
            return await self._answers[name](client, *call.arguments)
        if name not in self._target.commands:
            raise Reject(Code.UNAVAILABLE, f"{name} is not available in this run")
        replies = await self._target.commands[name](*call.arguments)
        return [Message(f"{ROOT}/{path}", arguments) for path, arguments in replies]

    async def _ping(self, client: Client, *echo: Argument) -> Replies:
        uptime_s = self._clock() - self._started_s
        who = (self._version, PROTOCOL, os.getpid(), uptime_s)
        return [Message(f"{ROOT}/pong", (*who, *echo))]

    async def _tell_version(self, client: Client) -> Replies:
        return [Message(f"{ROOT}/version", (self._version, PROTOCOL))]

    async def _stems(self, client: Client) -> Replies:
        return [Message(f"{ROOT}/stems", self._target.stems())]

    async def _get(self, client: Client, address: str) -> Replies:
        addresses = self._view.addresses
        if address in addresses.calls and addresses.calls[address].tells:
            return await self.answer(Call(addresses.calls[address], ()), client)
        return [self._view.message(spot.address) for spot in addresses.readable(address)]

    async def _dump(self, client: Client, pattern: str | None = None) -> Replies:
        addresses = self._view.addresses
        spots = addresses.values if pattern is None else addresses.readable(pattern)
        values = list(self._view.known(spot.address for spot in spots))
        return [*values, done(f"{ROOT}/dump", len(values))]

    async def _describe(self, client: Client, address: str) -> Replies:
        rows = dict.fromkeys(spot.row for spot in self._view.addresses.covered(address))
        return [Message(f"{ROOT}/description", _description(row)) for row in rows]

    async def _ports(self, client: Client) -> Replies:
        ports = self._target.ports()
        messages = [Message(f"{ROOT}/jack/ports", (port,)) for port in ports]
        return [*messages, done(f"{ROOT}/jack/ports", len(ports))]

    async def _connect(self, client: Client, source: str, destination: str) -> Replies:
        await self._target.connect(source, destination)
        return [done(f"{ROOT}/jack/connect", source, destination)]

    async def _disconnect(self, client: Client, source: str, destination: str) -> Replies:
        await self._target.disconnect(source, destination)
        return [done(f"{ROOT}/jack/disconnect", source, destination)]

    async def _quit(self, client: Client) -> Replies:
        self._target.quit()
        return [done(f"{ROOT}/quit")]


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
