"""OSC over TCP, for clients that cannot afford to lose a message."""

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import cast

from bridge.osc.connections import Backlog
from bridge.osc.failures import Code, Reject
from bridge.osc.framing import Framing, FramingError, framing_of
from bridge.osc.route import Route
from bridge.osc.server import OscServer

__all__ = ["MAX_CONNECTIONS", "TcpConnection"]

MAX_CONNECTIONS = 64
"""Further connections are told so and closed."""

_AT_ONCE = 64
"""Packets taken from one connection before the others have their turn."""
_BUFFER = 65536


class TcpConnection(asyncio.Protocol):
    """One client's connection; made by asyncio.

    Args:
        server: Gets every packet.
        connections: All there are; keeps itself listed there.
    """

    def __init__(self, server: OscServer, connections: set["TcpConnection"]) -> None:
        self._server = server
        self._connections = connections
        self._transport: asyncio.Transport
        self._route: Route
        self._framing: Framing | None = None
        self._incoming: deque[bytes | FramingError] = deque()
        self._waiting = Backlog()
        self._paused = False

    @property
    def clogged(self) -> bool:
        """Whether the client does not read as fast as it is told."""
        return self._paused

    def send(self, packet: bytes, route: Route) -> bool:
        """Send a packet or keep it until the client reads; the oldest has to go first.

        Returns:
            Whether nothing was dropped.
        """
        if self._transport.is_closing():
            return False
        framing = self._framing or framing_of(0xC0)
        if not self._paused:
            self._transport.write(framing.pack(packet))
            return True
        return self._waiting.add(framing.pack(packet))

    def close(self) -> None:
        """Send what can be sent and hang up."""
        self._transport.close()

    def abort(self) -> None:
        """Hang up at once."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the client in, if there is room; called by asyncio."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=_BUFFER)
        host, port = self._transport.get_extra_info("peername")[:2]
        self._route = Route("tcp", host, port)
        self._server.outbox.lines[self._route] = self
        self._connections.add(self)
        if len(self._connections) > MAX_CONNECTIONS:
            client = self._server.service.clients.hear(self._route, self._server.now_s)
            text = f"{MAX_CONNECTIONS} TCP connections are open already"
            self._server.refuse(client, Reject(Code.CLIENTS, text))
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client; called by asyncio."""
        self._connections.discard(self)
        self._server.outbox.lines.pop(self._route, None)
        self._server.service.clients.forget(self._route)

    def data_received(self, data: bytes) -> None:
        """Take packets from the stream; called by asyncio."""
        if self._framing is None:
            self._framing = framing_of(data[0])
        was_idle = not self._incoming
        self._incoming.extend(self._framing.feed(data))
        if was_idle:
            self._work()

    def pause_writing(self) -> None:
        """Begin to keep packets back; called by asyncio."""
        self._paused = True

    def resume_writing(self) -> None:
        """Send what was kept back, as far as it goes; called by asyncio."""
        self._paused = False
        while self._waiting and not self._paused:
            self._transport.write(self._waiting.take())

    def _work(self) -> None:
        """Begin some packets; the rest after others had their turn."""
        for packet in self._some():
            if isinstance(packet, bytes):
                self._server.receive(packet, self._route)
                continue
            self._server.malformed(self._route, str(packet))
            if packet.fatal:
                self._incoming.clear()
                self.close()
        if self._transport.is_closing():
            self._incoming.clear()
        elif self._incoming:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_soon(self._work)
        else:
            self._transport.resume_reading()

    def _some(self) -> Iterator[bytes | FramingError]:
        for _ in range(min(_AT_ONCE, len(self._incoming))):
            if self._incoming:
                yield self._incoming.popleft()
