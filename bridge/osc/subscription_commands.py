"""Commands that register and subscribe clients to changes."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator

from bridge.common.errors import FailureCode, RefusedError
from bridge.controls.parameters import ROOT
from bridge.osc.access import Access
from bridge.osc.clients import DEFAULT_PERIOD_S, LEASE_S, Client, Clients
from bridge.osc.codec import Argument, Message
from bridge.osc.replies import Replies, done
from bridge.osc.route import Route, parse_target
from bridge.osc.values import AddressValues

__all__ = ["Subscriptions"]

_PERIODS_MS = range(10, 5001)


class Subscriptions:
    """Registers and subscribes clients.

    Args:
        view: Values of all addresses.
        clients: The clients known.
        access: Permissions of hosts; only trusted ones may register other hosts.
        clock: Steady seconds.
    """

    def __init__(
        self, view: AddressValues, clients: Clients, access: Access, clock: Callable[[], float]
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

    def register(self, client: Client) -> None:
        """Send a client every change of a control and every announced reading from now on.

        Raises:
            RefusedError: Code 13, too many clients are registered already.
        """
        addresses = self._covered("")
        feed = self._clients.add_feed(client, "", addresses, DEFAULT_PERIOD_S)
        feed.known = {news.address: news.arguments for news in self._view.known(addresses)}

    def subscribe(self, client: Client, pattern: str, period_s: float) -> Iterator[Message]:
        """Subscribe a client to one address or pattern; return what that reports now.

        Raises:
            RefusedError: There is nothing to read, or there are too many subscriptions.
        """
        feed = self._clients.add_feed(client, pattern, self._covered(pattern), period_s)
        return feed.due_messages(self._view.known, client.last_seen_s)

    def update_addresses(self) -> None:
        """Adapt all feeds when players were added or removed."""
        if self._view.addresses is self._known:
            return
        self._known = self._view.addresses
        for client in self._clients.followers:
            for pattern, feed in client.feeds.items():
                try:
                    addresses = self._covered(pattern)
                except RefusedError:  # the players it covered have left, and may come back
                    addresses = ()
                for gone in {*feed.addresses} - {*addresses}:
                    feed.known.pop(gone, None)
                feed.addresses = addresses

    def _covered(self, pattern: str) -> tuple[str, ...]:
        """Return the addresses a pattern covers now; for an empty one, all that is announced.

        Raises:
            RefusedError: There is nothing to read.
        """
        addresses = self._view.addresses
        if pattern:
            return tuple(target.address for target in addresses.readable(pattern))
        return tuple(
            target.address
            for target in addresses.values
            if target.row.has_value or target.row.announced
        )

    async def _register(
        self, client: Client, where: str | int | None = None, lease: int = int(LEASE_S)
    ) -> Replies:
        if lease not in (0, int(LEASE_S)):
            raise RefusedError(
                f"a lease is 0 or {LEASE_S:g} s, got {lease}", FailureCode.CHOICE
            )
        route = None if where is None else await self._route(client, where)
        self.register(client)
        if route is None:
            self._clients.listen_at_source(client)
        else:
            self._clients.listen_at(client, route)
        self._clients.lease(client, float(lease) or None)
        return [Message(f"{ROOT}/registered", ((route or client.source).url, lease))]

    async def _unregister(self, client: Client, where: str | int | None = None) -> Replies:
        if where is not None:
            route = await self._route(client, where)
            if route not in client.registered_ports:
                raise RefusedError(f"nothing is registered at {route.url}", FailureCode.CHOICE)
            client.registered_ports.remove(route)
        else:
            client.registered_ports.clear()
        if not client.registered_ports:
            client.feeds.pop("", None)
            self._clients.lease(client, LEASE_S)
        return [done(f"{ROOT}/unregister")]

    async def _subscribe(self, client: Client, pattern: str, period: int = 33) -> Replies:
        replies: Replies = []
        period_ms = min(max(period, _PERIODS_MS[0]), _PERIODS_MS[-1])
        if period_ms != period:
            text = f"subscribe takes 10 to 5000 ms, got {period}; {period_ms} applied"
            replies.append(
                Message(f"{ROOT}/fail", (f"{ROOT}/subscribe", FailureCode.CLAMPED, text))
            )
        replies += self.subscribe(client, pattern, period_ms / 1000)
        return [*replies, done(f"{ROOT}/subscribe", len(client.feeds[pattern].addresses))]

    async def _unsubscribe(self, client: Client, pattern: str | None = None) -> Replies:
        if pattern is None:
            client.feeds = {key: feed for key, feed in client.feeds.items() if not key}
        elif not pattern or client.feeds.pop(pattern, None) is None:
            raise RefusedError(f"no subscription to {pattern[:80]!r}", FailureCode.CHOICE)
        return [done(f"{ROOT}/unsubscribe")]

    async def _list(self, client: Client) -> Replies:
        now_s = self._clock()
        rows: list[tuple[Argument, ...]] = [
            (route.url, len(other.feeds), now_s - other.last_seen_s)
            for other in self._clients.followers
            for route in other.listens_at
        ]
        messages = [Message(f"{ROOT}/clients", arguments) for arguments in rows]
        return [*messages, done(f"{ROOT}/clients", len(messages))]

    async def _route(self, client: Client, where: str | int) -> Route:
        """Return the route of the port or URL that a client registers.

        Raises:
            RefusedError: Code 5, it is no port or URL; code 7, no such host; code 10, it is
                another host than the client's own, which is not trusted.
        """
        try:
            host, port = parse_target(str(where))
        except ValueError as error:
            raise RefusedError(f"register: {error}", FailureCode.CHOICE) from None
        if host is None:
            return Route("udp", client.source.host, port)
        numeric = await _numeric(host, port, ":" in client.source.host)
        if numeric != client.source.host and not self._access.trusts(client.source.host):
            raise RefusedError(
                f"register your own host, not {host}; see --osc-trust", FailureCode.NOT_ALLOWED
            )
        return Route("udp", numeric, port)


async def _numeric(host: str, port: int, six: bool) -> str:
    """Return the address of a host, looked up without blocking the loop."""
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if six else socket.AF_INET
    try:
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_DGRAM)
    except OSError as error:
        raise RefusedError(
            f"no host {host}: {error.strerror}", FailureCode.UNAVAILABLE
        ) from None
    return str(found[0][4][0])
