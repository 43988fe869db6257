"""The commands of the protocol: ping, get, register, subscribe and their like."""

import os
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from bridge.controls import normalised
from bridge.osc.clients import DEFAULT_PERIOD_S, LEASE_S, Client, Clients
from bridge.osc.codec import Argument, Message
from bridge.osc.dispatch import Call
from bridge.osc.failures import Code, Reject
from bridge.osc.view import View
from bridge.parameters import ROOT, Kind, Parameter

__all__ = ["PROTOCOL", "Answers", "done"]

PROTOCOL = 1
"""Goes up when the namespace changes in a way that breaks a client."""

_PORTS = range(1, 65536)
_PERIODS_MS = range(10, 5001)
_TAGS = {Kind.FLOAT: "f", Kind.INT: "i", Kind.TOGGLE: "i", Kind.TRIGGER: "", Kind.READING: ""}

Replies = list[Message]


def done(address: str, *arguments: Argument) -> Message:
    """Return the message that says ``address`` has been carried out."""
    return Message(f"{ROOT}/done", (address, *arguments))


class Answers:
    """Carries out commands for clients.

    Args:
        view: What there is to read, and the desk behind it.
        clients: Who is told about changes.
        version: The program's, for ``/ping``.
        clock: Steady seconds; uptime counts from the first call of it, made here.
    """

    def __init__(
        self, view: View, clients: Clients, version: str, clock: Callable[[], float]
    ) -> None:
        self._view = view
        self._target = view.desk.target
        self._clients = clients
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
            "register": self._register,
            "unregister": self._unregister,
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
            "jack/ports": self._ports,
            "jack/connect": self._connect,
            "jack/disconnect": self._disconnect,
            "quit": self._quit,
        }

    @property
    def names(self) -> frozenset[str]:
        """Commands answered here; ``sync`` is the endpoint's, which knows what is under way."""
        return frozenset(self._answers)

    async def answer(self, call: Call, client: Client) -> Replies:
        """Carry out one command and return what to answer.

        Raises:
            Reject: It will not be done.
            BridgeError: The target could not do it.
        """
        return await self._answers[call.command.name](client, *call.arguments)

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
            return await self._answers[addresses.calls[address].name](client)
        return [self._view.message(spot.address) for spot in addresses.readable(address)]

    async def _dump(self, client: Client, pattern: str | None = None) -> Replies:
        if pattern is None:
            addresses = [row.address for row in self._rows if row.kind is not Kind.TRIGGER]
        else:
            addresses = [spot.address for spot in self._view.addresses.readable(pattern)]
        values = list(self._view.known(addresses))
        return [*values, done(f"{ROOT}/dump", len(values))]

    async def _describe(self, client: Client, address: str) -> Replies:
        rows = dict.fromkeys(spot.row for spot in self._view.addresses.covered(address))
        return [Message(f"{ROOT}/description", _description(row)) for row in rows]

    async def _register(self, client: Client, port: int | None = None) -> Replies:
        if port is not None and port not in _PORTS:
            raise Reject(Code.CHOICE, f"register takes a port 1 to 65535, got {port}")
        addresses = tuple(row.address for row in self._rows if row.has_value or row.announced)
        feed = self._clients.follow(client, "", addresses, DEFAULT_PERIOD_S)
        feed.told = {news.address: news.arguments for news in self._view.known(addresses)}
        self._clients.return_to(client, port)
        host, at = client.listens_at
        return [Message(f"{ROOT}/registered", (f"{host}:{at}", int(LEASE_S)))]

    async def _unregister(self, client: Client) -> Replies:
        client.feeds.pop("", None)
        client.return_port = None
        return [done(f"{ROOT}/unregister")]

    async def _subscribe(self, client: Client, pattern: str, period: int = 33) -> Replies:
        spots = self._view.addresses.readable(pattern)
        replies: Replies = []
        period_ms = min(max(period, _PERIODS_MS[0]), _PERIODS_MS[-1])
        if period_ms != period:
            text = f"subscribe takes 10 to 5000 ms, got {period}; {period_ms} applied"
            replies.append(Message(f"{ROOT}/fail", (f"{ROOT}/subscribe", Code.CLAMPED, text)))
        addresses = tuple(spot.address for spot in spots)
        feed = self._clients.follow(client, pattern, addresses, period_ms / 1000)
        replies += feed.take(self._view.known, client.heard_s)
        return [*replies, done(f"{ROOT}/subscribe", len(addresses))]

    async def _unsubscribe(self, client: Client, pattern: str | None = None) -> Replies:
        if pattern is None:
            client.feeds = {key: feed for key, feed in client.feeds.items() if not key}
        elif not pattern or client.feeds.pop(pattern, None) is None:
            raise Reject(Code.CHOICE, f"no subscription to {pattern[:80]!r}")
        return [done(f"{ROOT}/unsubscribe")]

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
        if not ip_address(client.source[0]).is_loopback:
            raise Reject(Code.NOT_ALLOWED, "quit is for this machine only, send it from there")
        self._target.quit()
        return [done(f"{ROOT}/quit")]

    @property
    def _rows(self) -> tuple[Parameter, ...]:
        return self._view.desk.controls.table.rows


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
