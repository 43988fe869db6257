"""Who talks to us, where they want to be answered, and what they want to be told.

Pure: time is an argument, in seconds of any steady clock, and nothing is sent from here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bridge.osc.codec import Argument, Message
from bridge.osc.failures import Code, Reject
from bridge.osc.route import Route

__all__ = ["Client", "Clients", "Feed", "Reader", "Touch"]

Reader = Callable[[Iterable[str]], Iterable[Message]]
"""Returns what addresses report now, as far as that is known."""

LEASE_S = 60.0
"""A registration or subscription ends when its client has been silent for this long."""
FAILS_PER_S = 10.0
"""Most failures told to one client, in a second and in a burst."""
MAX_CLIENTS = 64
MAX_FEEDS = 64
MAX_RETURNS = 8
"""Most ports that one client may register."""
CROSSING_S = 1.0
"""Two moves of one hand that are further apart are not one movement."""
SETTLE_S = 0.1
"""A hand that has been still for this long has come to rest."""
DEFAULT_PERIOD_S = 1 / 30
"""Changes are told at most this often, the latest value of each address."""


@dataclass(slots=True)
class Touch:
    """A client's hand on one address; times are steady seconds."""

    moved_s: float = float("-inf")
    """When it last moved it."""
    told_s: float = float("-inf")
    """When it was last told of another's move."""
    settles_s: float | None = None
    """When to tell it what came of it, if its moves and others' have crossed."""

    def crossed(self, now_s: float) -> bool:
        """Return whether a move that comes now may have met our news on the way."""
        return self.moved_s < self.told_s and now_s - self.moved_s < CROSSING_S


@dataclass(slots=True)
class Feed:
    """Addresses one client is told about, as they change."""

    addresses: tuple[str, ...]
    period_s: float
    due_s: float
    told: dict[str, tuple[Argument, ...]] = field(default_factory=dict)
    """What the client knows already."""
    touches: dict[str, "Touch"] = field(default_factory=dict)
    """What is known of the client's own moves, by address."""

    def take(self, read: Reader, now_s: float) -> Iterator[Message]:
        """Yield the news since the last time, if it is time again."""
        if now_s < self.due_s:
            return
        self.due_s = now_s + self.period_s
        for message in read(self.addresses):
            touch = self.touches.get(message.address)
            if touch is not None and touch.settles_s is not None:
                if now_s < touch.settles_s:
                    continue
                touch.settles_s = None
            elif self.told.get(message.address) == message.arguments:
                continue
            self.told[message.address] = message.arguments
            if touch is not None:
                touch.told_s = now_s
            yield message

    def moved(self, address: str, arguments: tuple[Argument, ...], now_s: float) -> None:
        """Note that the client itself set ``address`` and needs no echo.

        Unless it was told of another's move between two of its own: then neither can say
        which of them it shows now, and it is told once more when it has come to rest.
        """
        touch = self.touches.setdefault(address, Touch())
        known = self.told.get(address) == arguments
        if touch.settles_s is not None or (not known and touch.crossed(now_s)):
            touch.settles_s = now_s + SETTLE_S
        touch.moved_s = now_s
        self.told[address] = arguments


@dataclass(slots=True)
class Client:
    """One sender, known by where its packets come from."""

    source: Route
    heard_s: float
    lease_s: float | None = LEASE_S
    """How long it may be silent; None for as long as it likes."""
    returns: list[Route] = field(default_factory=list)
    """Ports it has registered."""
    feeds: dict[str, Feed] = field(default_factory=dict)
    """By pattern; the empty pattern is what registration brings."""
    allowance: float = FAILS_PER_S

    @property
    def registered(self) -> bool:
        """Whether it is told of every change, and of our coming and going."""
        return "" in self.feeds

    @property
    def listens_at(self) -> tuple[Route, ...]:
        """Where news goes: its registered ports, else where it sends from."""
        return tuple(self.returns) or (self.source,)

    @property
    def answered_at(self) -> tuple[Route, ...]:
        """Where answers go: to the sender, and to its registered ports."""
        return tuple(dict.fromkeys((self.source, *self.returns)))

    def moved(self, address: str, arguments: tuple[Argument, ...], now_s: float) -> None:
        """Take note that the client set ``address`` itself and needs no echo."""
        for feed in self.feeds.values():
            if address in feed.addresses:
                feed.moved(address, arguments, now_s)

    def may_be_told_of_failure(self) -> bool:
        """Return whether one more failure fits in this client's allowance, and use it."""
        if self.allowance < 1.0:
            return False
        self.allowance -= 1.0
        return True


class Clients:
    """Everyone heard of late, and everyone with a registration or subscription."""

    def __init__(self) -> None:
        self._by_source: dict[Route, Client] = {}

    def __iter__(self) -> Iterator[Client]:
        return iter(list(self._by_source.values()))

    @property
    def followers(self) -> list[Client]:
        """Clients that are told about changes."""
        return [client for client in self if client.feeds]

    def hear(self, source: Route, now_s: float) -> Client:
        """Return the client that sends from ``source``, its lease renewed.

        A packet from a registered port renews the lease of whoever registered it.
        """
        client = self._by_source.get(source)
        if client is None:
            self._make_room()
            client = self._by_source[source] = Client(source, now_s, _lease_s(source))
        refill = (now_s - client.heard_s) * FAILS_PER_S
        client.allowance = min(FAILS_PER_S, client.allowance + refill)
        client.heard_s = now_s
        for other in self._by_source.values():
            if source in other.returns:
                other.heard_s = now_s
        return client

    def lease(self, client: Client, lease_s: float | None) -> None:
        """Set how long a client may be silent; one with a connection stays until it ends."""
        client.lease_s = lease_s if client.source.transport == "udp" else None

    def follow(
        self, client: Client, pattern: str, addresses: tuple[str, ...], period_s: float
    ) -> Feed:
        """Give a client a feed that is due at once; the same pattern again replaces it.

        Raises:
            Reject: Code 13, too many clients follow, or this one follows too much.
        """
        if not client.feeds and len(self.followers) >= MAX_CLIENTS:
            raise Reject(Code.CLIENTS, f"{MAX_CLIENTS} clients are registered already")
        if pattern not in client.feeds and len(client.feeds) >= MAX_FEEDS:
            raise Reject(Code.CLIENTS, f"a client may have {MAX_FEEDS} subscriptions")
        self._by_source[client.source] = client
        feed = client.feeds[pattern] = Feed(addresses, period_s, client.heard_s)
        return feed

    def return_to(self, client: Client, route: Route) -> None:
        """Note where else a client listens; restarted there, it replaces its former self.

        Raises:
            Reject: Code 13, it has registered too many ports.
        """
        if route not in client.returns:
            if len(client.returns) >= MAX_RETURNS:
                raise Reject(Code.CLIENTS, f"a client may register {MAX_RETURNS} ports")
            client.returns.append(route)
        self._supersede(client, route)

    def return_to_source(self, client: Client) -> None:
        """Let a client be told of changes where it sends from, and nowhere else."""
        client.returns.clear()
        self._supersede(client, client.source)

    def _supersede(self, client: Client, route: Route) -> None:
        """End what others have at ``route``, so that it hears everything once."""
        for other in self:
            if other is client or route not in other.listens_at:
                continue
            if route in other.returns:
                other.returns.remove(route)
            if not other.returns:
                other.feeds.clear()

    def forget(self, source: Route) -> None:
        """Let go of a client whose connection has ended."""
        self._by_source.pop(source, None)

    def expire(self, now_s: float) -> None:
        """Forget clients that have been silent for longer than their lease."""
        for client in self:
            if client.lease_s is not None and now_s - client.heard_s > client.lease_s:
                del self._by_source[client.source]

    def _make_room(self) -> None:
        """Let go of the longest silent one of many senders that follow nothing."""
        idle = [client for client in self if not client.feeds]
        if len(idle) >= MAX_CLIENTS:
            del self._by_source[min(idle, key=lambda client: client.heard_s).source]


def _lease_s(source: Route) -> float | None:
    """Return how long a new client may be silent: a connection is a lease of its own."""
    return LEASE_S if source.transport == "udp" else None
