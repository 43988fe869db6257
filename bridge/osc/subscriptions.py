"""The commands by which clients ask to be told about changes."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator

from bridge.controls.parameters import ROOT
from bridge.osc.access import Access
from bridge.osc.clients import DEFAULT_PERIOD_S, LEASE_S, Client, Clients
from bridge.osc.codec import Argument, Message
from bridge.osc.failures import Code, Reject
from bridge.osc.replies import Replies, done
from bridge.osc.route import Route, parse_target
from bridge.osc.values import View

__all__ = ["Following"]

_PERIODS_MS = range(10, 5001)


class Following:
    """Registers and subscribes clients.

    Args:
        view: What there is to tell.
        clients: Who is there.
        access: Who may have us send to other hosts than their own.
        clock: Steady seconds.
    """

    def __init__(
        self, view: View, clients: Clients, access: Access, clock: Callable[[], float]
    ) -> None:
        self._view = view
        self._clients = clients
        self._access = access
        self._clock = clock
        self._known = view.addresses
        self.commands: dict[str, Callable[..., Awaitable[Replies]]] = {
            "register": self._register,
            "unregister": self._unregister,
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
            "clients": self._list,
        }

    def enrol(self, client: Client) -> None:
        """Tell a client of every change from now on, and of all that is announced.

        Raises:
            Reject: Code 13, too many are told already.
        """
        addresses = self._covered("")
        feed = self._clients.follow(client, "", addresses, DEFAULT_PERIOD_S)
        feed.told = {news.address: news.arguments for news in self._view.known(addresses)}

    def listen(self, client: Client, address: str, period_s: float) -> Iterator[Message]:
        """Follow one address or pattern and return what it reports now.

        Raises:
            Reject: There is nothing to read, or too many follow.
        """
        feed = self._clients.follow(client, address, self._covered(address), period_s)
        return feed.take(self._view.known, client.heard_s)

    def keep_up(self) -> None:
        """Follow the band: tell of players who came, and no more of those who left."""
        if self._view.addresses is self._known:
            return
        self._known = self._view.addresses
        for client in self._clients.followers:
            for pattern, feed in client.feeds.items():
                try:
                    addresses = self._covered(pattern)
                except Reject:  # all that it covered has left, and may come back
                    addresses = ()
                for gone in {*feed.addresses} - {*addresses}:
                    feed.told.pop(gone, None)
                feed.addresses = addresses

    def _covered(self, pattern: str) -> tuple[str, ...]:
        """Return the addresses that a pattern stands for now; empty, all that is announced.

        Raises:
            Reject: There is nothing to read.
        """
        addresses = self._view.addresses
        if pattern:
            return tuple(spot.address for spot in addresses.readable(pattern))
        return tuple(
            spot.address
            for spot in addresses.values
            if spot.row.has_value or spot.row.announced
        )

    async def _register(
        self, client: Client, where: str | int | None = None, lease: int = int(LEASE_S)
    ) -> Replies:
        if lease not in (0, int(LEASE_S)):
            raise Reject(Code.CHOICE, f"a lease is 0 or {LEASE_S:g} s, got {lease}")
        route = None if where is None else await self._route(client, where)
        self.enrol(client)
        if route is None:
            self._clients.return_to_source(client)
        else:
            self._clients.return_to(client, route)
        self._clients.lease(client, float(lease) or None)
        told = Message(f"{ROOT}/registered", ((route or client.source).url, lease))
        return [told]

    async def _unregister(self, client: Client, where: str | int | None = None) -> Replies:
        if where is not None:
            route = await self._route(client, where)
            if route not in client.returns:
                raise Reject(Code.CHOICE, f"nothing is registered at {route.url}")
            client.returns.remove(route)
        else:
            client.returns.clear()
        if not client.returns:
            client.feeds.pop("", None)
            self._clients.lease(client, LEASE_S)
        return [done(f"{ROOT}/unregister")]

    async def _subscribe(self, client: Client, pattern: str, period: int = 33) -> Replies:
        replies: Replies = []
        period_ms = min(max(period, _PERIODS_MS[0]), _PERIODS_MS[-1])
        if period_ms != period:
            text = f"subscribe takes 10 to 5000 ms, got {period}; {period_ms} applied"
            replies.append(Message(f"{ROOT}/fail", (f"{ROOT}/subscribe", Code.CLAMPED, text)))
        replies += self.listen(client, pattern, period_ms / 1000)
        return [*replies, done(f"{ROOT}/subscribe", len(client.feeds[pattern].addresses))]

    async def _unsubscribe(self, client: Client, pattern: str | None = None) -> Replies:
        if pattern is None:
            client.feeds = {key: feed for key, feed in client.feeds.items() if not key}
        elif not pattern or client.feeds.pop(pattern, None) is None:
            raise Reject(Code.CHOICE, f"no subscription to {pattern[:80]!r}")
        return [done(f"{ROOT}/unsubscribe")]

    async def _list(self, client: Client) -> Replies:
        now_s = self._clock()
        told: list[tuple[Argument, ...]] = [
            (route.url, len(other.feeds), now_s - other.heard_s)
            for other in self._clients.followers
            for route in other.listens_at
        ]
        messages = [Message(f"{ROOT}/clients", arguments) for arguments in told]
        return [*messages, done(f"{ROOT}/clients", len(messages))]

    async def _route(self, client: Client, where: str | int) -> Route:
        """Return where a client wants to be told.

        Raises:
            Reject: Code 5, it is no port or URL; code 7, no such host; code 10, it is another
                host than the client's own.
        """
        try:
            host, port = parse_target(str(where))
        except ValueError as error:
            raise Reject(Code.CHOICE, f"register: {error}") from None
        if host is None:
            return Route("udp", client.source.host, port)
        numeric = await _numeric(host, port, ":" in client.source.host)
        if numeric != client.source.host and not self._access.trusts(client.source.host):
            raise Reject(
                Code.NOT_ALLOWED, f"register your own host, not {host}; see --osc-trust"
            )
        return Route("udp", numeric, port)


async def _numeric(host: str, port: int, six: bool) -> str:
    """Look a host name up without holding anything up."""
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if six else socket.AF_INET
    try:
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_DGRAM)
    except OSError as error:
        raise Reject(Code.UNAVAILABLE, f"no host {host}: {error.strerror}") from None
    return str(found[0][4][0])
