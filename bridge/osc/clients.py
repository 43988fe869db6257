"""Clients of the OSC server: leases, registered ports, subscriptions, and limits of rate.

The time is an argument, in seconds of any steady clock, and nothing is sent from here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from math import inf

from bridge.common.errors import FailureCode, RefusedError
from bridge.osc.codec import Argument, Message
from bridge.osc.route import Route

__all__ = ["Client", "Clients", "Feed", "Reader"]

Reader = Callable[[Iterable[str]], Iterable[Message]]
"""Returns the values of addresses as messages, as far as they are known."""

LEASE_S = 60.0
"""A registration or subscription ends when its client has been silent for this long."""
REVIVAL_S = 600.0
"""How long after that the next packet of the client revives it."""
FAILS_PER_S = 10.0
"""Most failures sent to one client, in a second and in a burst."""
MAX_CLIENTS = 64
MAX_FEEDS = 64
MAX_PORTS = 8
"""Most ports that one client may register."""
CROSSING_S = 1.0
"""How long a value may be under way to a client; what the client sends meanwhile crosses it."""
SETTLE_S = 0.1
"""A movement has ended when no change has come for this long."""
DEFAULT_PERIOD_S = 1 / 30
"""Shortest time between two messages of the latest value of an address."""


@dataclass(slots=True)
class Feed:
    """Addresses whose changes one client is sent; times are steady seconds."""

    addresses: tuple[str, ...]
    period_s: float
    due_s: float
    known: dict[str, tuple[Argument, ...]] = field(default_factory=dict)
    """The values the client knows already."""
    sent_s: dict[str, float] = field(default_factory=dict)
    """When it was last sent a value of each address."""
    settles_s: dict[str, float] = field(default_factory=dict)
    """When to send it the final value of an address where its changes and others crossed."""

    def due_messages(self, read: Reader, now_s: float) -> Iterator[Message]:
        """Yield what has changed since the last time, once the period has passed."""
        if now_s < self.due_s:
            return
        self.due_s = now_s + self.period_s
        for message in read(self.addresses):
            settles_s = self.settles_s.get(message.address)
            if settles_s is not None:
                if now_s < settles_s:
                    continue
                del self.settles_s[message.address]
            elif self.known.get(message.address) == message.arguments:
                continue
            self.known[message.address] = message.arguments
            self.sent_s[message.address] = now_s
            yield message

    def moved(self, address: str, arguments: tuple[Argument, ...], now_s: float) -> None:
        """Note that the client itself set ``address`` and needs no echo.

        If another value was sent to it just before, it is unknown which of the two it shows:
        it is then sent the value once its movement has ended.
        """
        sent_s = self.sent_s.get(address, -inf)
        may_cross = now_s - sent_s < CROSSING_S and self.known.get(address) != arguments
        if may_cross or address in self.settles_s:
            self.settles_s[address] = now_s + SETTLE_S
        self.known[address] = arguments


@dataclass(slots=True)
class Client:
    """One sender, identified by the source of its packets."""

    source: Route
    last_seen_s: float
    lease_s: float | None = LEASE_S
    """How long it may be silent; None for any time."""
    registered_ports: list[Route] = field(default_factory=list)
    """Ports it has registered."""
    feeds: dict[str, Feed] = field(default_factory=dict)
    """By pattern; the empty pattern stands for the registration."""
    allowance: float = FAILS_PER_S
    lapsed: bool = False
    """Whether its lease has ended; it is sent nothing until its next packet."""

    @property
    def registered(self) -> bool:
        """Whether it is sent every change, heartbeats and ``/bye``."""
        return "" in self.feeds

    @property
    def listens_at(self) -> tuple[Route, ...]:
        """Routes for changes: its registered ports, or its source if there are none."""
        return tuple(self.registered_ports) or (self.source,)

    @property
    def answered_at(self) -> tuple[Route, ...]:
        """Routes for replies: its source and its registered ports."""
        return tuple(dict.fromkeys((self.source, *self.registered_ports)))

    def moved(self, address: str, arguments: tuple[Argument, ...], now_s: float) -> None:
        """Note that the client set ``address`` itself and needs no echo."""
        for feed in self.feeds.values():
            if address in feed.addresses:
                feed.moved(address, arguments, now_s)

    def may_be_told_of_failure(self) -> bool:
        """Return whether one more failure may be sent to this client, and count it."""
        if self.allowance < 1.0:
            return False
        self.allowance -= 1.0
        return True


class Clients:
    """Recent senders, and all clients with a registration or subscription.

    A registration or subscription whose lease has ended is kept for ``REVIVAL_S``, and revived
    by the next packet of its client.
    """

    def __init__(self) -> None:
        self._by_source: dict[Route, Client] = {}
        self._revived: list[Client] = []

    def __iter__(self) -> Iterator[Client]:
        return iter(list(self._by_source.values()))

    @property
    def followers(self) -> list[Client]:
        """Clients that are sent changes."""
        return [client for client in self if client.feeds and not client.lapsed]

    def renew(self, source: Route, now_s: float) -> Client:
        """Return the client that sends from ``source``, with its lease renewed.

        A packet from a registered port also renews the lease of the client that registered it.
        """
        client = self._by_source.get(source)
        if client is None:
            self._make_room()
            client = self._by_source[source] = Client(source, now_s)
            self.lease(client, LEASE_S)
        refill = (now_s - client.last_seen_s) * FAILS_PER_S
        client.allowance = min(FAILS_PER_S, client.allowance + refill)
        client.last_seen_s = now_s
        self._revive(client)
        for other in self._by_source.values():
            if source in other.registered_ports:
                other.last_seen_s = now_s
                self._revive(other)
        return client

    def take_revived(self) -> list[Client]:
        """Return the clients that a packet has revived since the last call."""
        revived, self._revived = self._revived, []
        return revived

    def _revive(self, client: Client) -> None:
        """Let a client whose lease had ended follow again, where there is room."""
        if not client.lapsed:
            return
        if len(self.followers) >= MAX_CLIENTS:
            client.feeds.clear()
        client.lapsed = False
        if client.feeds:
            self._revived.append(client)

    def lease(self, client: Client, lease_s: float | None) -> None:
        """Set how long a client may be silent; over TCP or WebSocket it lasts as they do."""
        client.lease_s = lease_s if client.source.transport == "udp" else None

    def add_feed(
        self, client: Client, pattern: str, addresses: tuple[str, ...], period_s: float
    ) -> Feed:
        """Add a feed that is due at once; the same pattern again replaces it.

        Raises:
            RefusedError: Code 13, too many clients, or too many feeds of this one.
        """
        if not client.feeds and len(self.followers) >= MAX_CLIENTS:
            raise RefusedError(
                f"{MAX_CLIENTS} clients are registered already", FailureCode.CLIENTS
            )
        if pattern not in client.feeds and len(client.feeds) >= MAX_FEEDS:
            raise RefusedError(
                f"a client may have {MAX_FEEDS} subscriptions", FailureCode.CLIENTS
            )
        self._by_source[client.source] = client
        feed = client.feeds[pattern] = Feed(addresses, period_s, client.last_seen_s)
        return feed

    def listen_at(self, client: Client, route: Route) -> None:
        """Register another route of a client; a client restarted there replaces the old one.

        Raises:
            RefusedError: Code 13, it has registered too many ports.
        """
        if route not in client.registered_ports:
            if len(client.registered_ports) >= MAX_PORTS:
                raise RefusedError(
                    f"a client may register {MAX_PORTS} ports", FailureCode.CLIENTS
                )
            client.registered_ports.append(route)
        self._supersede(client, route)

    def listen_at_source(self, client: Client) -> None:
        """Send a client its changes to its source only."""
        client.registered_ports.clear()
        self._supersede(client, client.source)

    def _supersede(self, client: Client, route: Route) -> None:
        """End the feeds of other clients at ``route``, so that it is sent everything once."""
        for other in self:
            if other is client or route not in other.listens_at:
                continue
            if route in other.registered_ports:
                other.registered_ports.remove(route)
            if not other.registered_ports:
                other.feeds.clear()

    def forget(self, source: Route) -> None:
        """Remove a client whose connection has ended."""
        self._by_source.pop(source, None)

    def expire(self, now_s: float) -> list[Client]:
        """End the leases of clients that have been silent for longer; return the followers.

        Those are to be told; who was no follower, or could have been revived for too long, is
        removed.
        """
        ended = []
        for client in self:
            if client.lease_s is None:
                continue
            over_s = now_s - client.last_seen_s - client.lease_s
            if over_s > 0.0 and client.feeds and not client.lapsed:
                client.lapsed = True
                ended.append(client)
            elif over_s > (REVIVAL_S if client.feeds else 0.0):
                del self._by_source[client.source]
        return ended

    def _make_room(self) -> None:
        """Remove the longest silent sender that follows nothing if there are too many."""
        idle = [client for client in self if client.lapsed or not client.feeds]
        if len(idle) >= MAX_CLIENTS:
            del self._by_source[min(idle, key=lambda client: client.last_seen_s).source]
