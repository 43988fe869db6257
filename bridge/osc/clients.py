"""Who talks to us, where they want to be answered, and what they want to be told.

Pure: time is an argument, in seconds of any steady clock, and nothing is sent from here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bridge.osc.codec import Argument, Message
from bridge.osc.failures import Code, Reject

__all__ = ["Client", "Clients", "Feed", "Peer", "Reader"]

Peer = tuple[str, int]
"""Host and UDP port."""

Reader = Callable[[Iterable[str]], Iterable[Message]]
"""Returns what addresses report now, as far as that is known."""

LEASE_S = 60.0
"""A registration or subscription ends when its client has been silent for this long."""
FAILS_PER_S = 10.0
"""Most failures told to one client, in a second and in a burst."""
MAX_CLIENTS = 64
MAX_FEEDS = 64
DEFAULT_PERIOD_S = 1 / 30
"""Changes are told at most this often, the latest value of each address."""


@dataclass(slots=True)
class Feed:
    """Addresses one client is told about, as they change."""

    addresses: tuple[str, ...]
    period_s: float
    due_s: float
    told: dict[str, tuple[Argument, ...]] = field(default_factory=dict)
    """What the client knows already."""

    def take(self, read: Reader, now_s: float) -> Iterator[Message]:
        """Yield the news since the last time, if it is time again."""
        if now_s < self.due_s:
            return
        self.due_s = now_s + self.period_s
        for message in read(self.addresses):
            if self.told.get(message.address) != message.arguments:
                self.told[message.address] = message.arguments
                yield message


@dataclass(slots=True)
class Client:
    """One sender, known by the address its packets come from."""

    source: Peer
    heard_s: float
    return_port: int | None = None
    feeds: dict[str, Feed] = field(default_factory=dict)
    """By pattern; the empty pattern is what registration brings."""
    allowance: float = FAILS_PER_S

    @property
    def listens_at(self) -> Peer:
        """Where news goes: the registered port, else where it sends from."""
        return (self.source[0], self.return_port or self.source[1])

    @property
    def answered_at(self) -> tuple[Peer, ...]:
        """Where answers go: to the sender, and to its registered port."""
        return tuple(dict.fromkeys((self.source, self.listens_at)))

    def knows(self, address: str, arguments: tuple[Argument, ...]) -> None:
        """Take note that the client set ``address`` itself and needs no echo."""
        for feed in self.feeds.values():
            if address in feed.addresses:
                feed.told[address] = arguments

    def may_be_told_of_failure(self) -> bool:
        """Return whether one more failure fits in this client's allowance, and use it."""
        if self.allowance < 1.0:
            return False
        self.allowance -= 1.0
        return True


class Clients:
    """Everyone heard of late, and everyone with a registration or subscription."""

    def __init__(self) -> None:
        self._by_source: dict[Peer, Client] = {}

    def __iter__(self) -> Iterator[Client]:
        return iter(list(self._by_source.values()))

    @property
    def followers(self) -> list[Client]:
        """Clients that are told about changes."""
        return [client for client in self if client.feeds]

    def hear(self, source: Peer, now_s: float) -> Client:
        """Return the client that sends from ``source``, its lease renewed."""
        client = self._by_source.get(source)
        if client is None:
            self._make_room()
            client = self._by_source[source] = Client(source, now_s)
        refill = (now_s - client.heard_s) * FAILS_PER_S
        client.allowance = min(FAILS_PER_S, client.allowance + refill)
        client.heard_s = now_s
        return client

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

    def return_to(self, client: Client, port: int | None) -> None:
        """Note a client's return port; a client restarted on it replaces its former self."""
        client.return_port = port
        for other in self:
            if other is not client and other.listens_at == client.listens_at:
                other.feeds.clear()
                other.return_port = None

    def expire(self, now_s: float) -> None:
        """Forget clients that have been silent for longer than their lease."""
        for client in self:
            if now_s - client.heard_s > LEASE_S:
                del self._by_source[client.source]

    def _make_room(self) -> None:
        """Let go of the longest silent one of many senders that follow nothing."""
        idle = [client for client in self if not client.feeds]
        if len(idle) >= MAX_CLIENTS:
            del self._by_source[min(idle, key=lambda client: client.heard_s).source]
