"""What the server sends by itself and in answer, over whatever lines there are."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import count

from bridge.controls.parameters import ROOT
from bridge.osc.clients import Client
from bridge.osc.codec import Message, encode, encode_bundle
from bridge.osc.connections import Line
from bridge.osc.route import Route
from bridge.osc.service import Service

__all__ = ["Outbox"]

_TICK_S = 0.01
_IDLE_S = 0.05
_HEARTBEAT_S = 1.0


class Outbox:
    """Sends answers at once and news in time.

    Args:
        service: Knows the clients and what is new to them.
        clock: Steady seconds.
    """

    def __init__(self, service: Service, clock: Callable[[], float]) -> None:
        self.lines: dict[Route, Line] = {}
        """Of connected clients; the others are reached by ``udp``."""
        self.udp: Line | None = None
        self.dropped = 0
        """Messages not sent, because their client does not read."""
        self._service = service
        self._clock = clock

    def answer(self, client: Client, messages: Sequence[Message]) -> None:
        """Send to where a client sends from, and to the ports it registered."""
        for message in messages:
            self._send(message, client.answered_at)

    def tell(self, client: Client, message: Message) -> None:
        """Send to where a client wants to hear of changes."""
        self._send(message, client.listens_at)

    def tell_dated(self, message: Message, tag: int) -> None:
        """Tell whoever follows an address what is new there, with the time it is meant for.

        Args:
            message: What its address reports now.
            tag: OSC time tag.
        """
        packet = encode_bundle(tag, [message])
        for client in self._service.clients.followers:
            feeds = [f for f in client.feeds.values() if message.address in f.addresses]
            for feed in feeds:
                feed.told[message.address] = message.arguments
            if feeds and not any(map(self._clogged, client.listens_at)):
                self._send_packet(packet, client.listens_at)

    async def feed(self) -> None:
        """Tell followers what has changed, for as long as the server runs.

        The news of a client that does not keep up waits until it does, the latest values only.
        """
        clients = self._service.clients
        while True:
            await asyncio.sleep(_TICK_S if clients.followers else _IDLE_S)
            now_s = self._clock()
            clients.expire(now_s)
            self._service.following.keep_up()
            for client in clients.followers:
                if any(map(self._clogged, client.listens_at)):
                    continue
                for feed in list(client.feeds.values()):
                    for message in self._service.news(feed, now_s):
                        self.tell(client, message)

    async def beat(self) -> None:
        """Tell registered clients every second that we are there."""
        for number in count():
            for client in self._service.clients.followers:
                if client.registered and not any(map(self._clogged, client.listens_at)):
                    self.tell(client, Message(f"{ROOT}/heartbeat", (number % 2**31,)))
            await asyncio.sleep(_HEARTBEAT_S)

    def _line(self, route: Route) -> Line | None:
        return self.udp if route.transport == "udp" else self.lines.get(route)

    def _clogged(self, route: Route) -> bool:
        line = self._line(route)
        return line is not None and line.clogged

    def _send(self, message: Message, routes: Sequence[Route]) -> None:
        self._send_packet(encode(message), routes)

    def _send_packet(self, packet: bytes, routes: Sequence[Route]) -> None:
        for route in routes:
            line = self._line(route)
            if line is None or not line.send(packet, route):
                self.dropped += 1
