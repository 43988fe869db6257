"""Outgoing messages of the server: replies, changes and heartbeats."""

from collections.abc import Callable, Sequence
from itertools import count

from bridge.common.background import TaskErrors
from bridge.controls.parameters import ROOT
from bridge.osc.clients import LEASE_S, Client
from bridge.osc.codec import Message, encode, encode_bundle
from bridge.osc.connections import Connection
from bridge.osc.route import Route
from bridge.osc.service import Service

__all__ = ["Outbox"]

_TICK_S = 0.01
_IDLE_S = 0.05
_HEARTBEAT_S = 1.0
_LEASE_ENDED = f"no packet for {LEASE_S:g} s: send any, and you hear of changes again"


class Outbox:
    """Sends replies immediately, and changes as often as each client wants them.

    Args:
        service: The clients, their feeds and the values.
        clock: Steady seconds.
        errors: Told what goes wrong while followers are told.
    """

    def __init__(
        self, service: Service, clock: Callable[[], float], errors: TaskErrors
    ) -> None:
        self.connections: dict[Route, Connection] = {}
        """TCP connections and WebSockets; other clients are reached through ``udp``."""
        self.udp: Connection | None = None
        self.dropped = 0
        """Packets not sent because the client does not read."""
        self._service = service
        self._clock = clock
        self._errors = errors
        self._beats = count()

    def answer(self, client: Client, messages: Sequence[Message]) -> None:
        """Send replies to the source of a client and to the ports it registered."""
        for message in messages:
            self._send(message, client.answered_at)

    def notify(self, client: Client, message: Message) -> None:
        """Send a message to the routes for changes of a client."""
        self._send(message, client.listens_at)

    def notify_dated(self, message: Message, tag: int) -> None:
        """Send all followers of an address a new value in a bundle dated to its moment.

        Args:
            message: The value its address reports now.
            tag: OSC time tag.
        """
        packet = encode_bundle(tag, [message])
        for client in self._service.clients.followers:
            feeds = [f for f in client.feeds.values() if message.address in f.addresses]
            for feed in feeds:
                feed.known[message.address] = message.arguments
            if feeds and not any(map(self._clogged, client.listens_at)):
                self._send_packet(packet, client.listens_at)

    async def feed(self) -> None:
        """Send followers what has changed, until cancelled.

        A client that does not keep up is sent the latest values once it does.
        """
        clients = self._service.clients
        await self._errors.repeat(
            "OSC feeds", self._feed, lambda: _TICK_S if clients.followers else _IDLE_S
        )

    def _feed(self) -> None:
        now_s = self._clock()
        for client in self._service.clients.expire(now_s):
            self.notify(client, Message(f"{ROOT}/bye", (_LEASE_ENDED,)))
        self._service.subscriptions.update_addresses()
        for client in self._service.clients.followers:
            if any(map(self._clogged, client.listens_at)):
                continue
            for feed in list(client.feeds.values()):
                for message in self._service.news(feed, now_s):
                    self.notify(client, message)

    async def heartbeat(self) -> None:
        """Send registered clients a heartbeat every second, until cancelled."""
        await self._errors.repeat("OSC heartbeat", self._beat, lambda: _HEARTBEAT_S)

    def _beat(self) -> None:
        message = Message(f"{ROOT}/heartbeat", (next(self._beats) % 2**31,))
        for client in self._service.clients.followers:
            if client.registered and not any(map(self._clogged, client.listens_at)):
                self.notify(client, message)

    def _connection(self, route: Route) -> Connection | None:
        return self.udp if route.transport == "udp" else self.connections.get(route)

    def _clogged(self, route: Route) -> bool:
        connection = self._connection(route)
        return connection is not None and connection.clogged

    def _send(self, message: Message, routes: Sequence[Route]) -> None:
        self._send_packet(encode(message), routes)

    def _send_packet(self, packet: bytes, routes: Sequence[Route]) -> None:
        for route in routes:
            connection = self._connection(route)
            if connection is None or not connection.send(packet, route):
                self.dropped += 1
