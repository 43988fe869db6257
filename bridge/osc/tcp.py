"""OSC over TCP, for clients that must not lose a message."""

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import cast

from bridge.common.errors import FailureCode, RefusedError
from bridge.osc.connections import SendQueue
from bridge.osc.framing import Framing, FramingError, RawFraming, framing_of
from bridge.osc.route import Route
from bridge.osc.server import OscServer

__all__ = ["MAX_CONNECTIONS", "TcpConnection"]

MAX_CONNECTIONS = 64
"""Further connections are refused with a message and closed."""

_AT_ONCE = 64
"""Packets taken from one connection before the others are served."""
_BUFFER = 65536
_UNFRAMED_S = 2.0
"""How long a stream may go on without a sign of its framing."""
_UNFRAMED = (
    "this stream has no framing that tells where a packet ends: send SLIP, END before and "
    "after each packet (OSC 1.1), or each packet after its length in four bytes (OSC 1.0)"
)
_CUT_OFF = "the stream ended within a packet"


class TcpConnection(asyncio.Protocol):
    """One client's connection; made by asyncio.

    Args:
        server: Receives every packet.
        connections: All open ones; this one adds and removes itself.
    """

    def __init__(self, server: OscServer, connections: set["TcpConnection"]) -> None:
        self._server = server
        self._connections = connections
        self._transport: asyncio.Transport
        self._route: Route
        self._framing: Framing | None = None
        self._incoming: deque[bytes | FramingError] = deque()
        self._queue = SendQueue()
        self._paused = False
        self._recognition: asyncio.TimerHandle | None = None

    @property
    def clogged(self) -> bool:
        """Whether the client reads more slowly than it is sent packets."""
        return self._paused

    def send(self, packet: bytes, route: Route) -> bool:
        """Send or queue a packet; return False if it or an older one was dropped."""
        if self._transport.is_closing():
            return False
        framing = self._framing or framing_of(0xC0)
        if not self._paused:
            self._transport.write(framing.pack(packet))
            return True
        return self._queue.add(framing.pack(packet))

    def close(self) -> None:
        """Send what can be sent and close the connection."""
        self._transport.close()

    def abort(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Accept the client if there is room; called by asyncio."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=_BUFFER)
        host, port = self._transport.get_extra_info("peername")[:2]
        self._route = Route("tcp", host, port)
        self._server.outbox.connections[self._route] = self
        self._connections.add(self)
        if len(self._connections) > MAX_CONNECTIONS:
            client = self._server.service.clients.renew(self._route, self._server.now_s)
            text = f"{MAX_CONNECTIONS} TCP connections are open already"
            self._server.refuse(client, RefusedError(text, FailureCode.CLIENTS))
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client; called by asyncio."""
        self._stop_recognition()
        self._connections.discard(self)
        self._server.outbox.connections.pop(self._route, None)
        self._server.service.clients.forget(self._route)

    def data_received(self, data: bytes) -> None:
        """Take packets from the stream; called by asyncio."""
        if self._framing is None:
            self._framing = framing_of(data[0])
            if isinstance(self._framing, RawFraming):
                self._refuse_unframed()
        was_idle = not self._incoming
        self._incoming.extend(self._framing.feed(data))
        if self._framing.is_recognised:
            self._stop_recognition()
        elif self._recognition is None:
            loop = asyncio.get_running_loop()
            self._recognition = loop.call_later(_UNFRAMED_S, self._refuse_unframed)
        if was_idle:
            self._start_packets()

    def eof_received(self) -> None:
        """Tell a client of a packet that it did not end; called by asyncio."""
        framing = self._framing
        if framing is not None and not framing.is_recognised:
            self._refuse_unframed()
        elif framing is not None and framing.is_within_packet:
            self._server.malformed(self._route, _CUT_OFF)

    def _refuse_unframed(self) -> None:
        """Tell a client in its own way that its packets cannot be told apart, and close."""
        self._stop_recognition()
        self._framing = RawFraming()
        self._server.malformed(self._route, _UNFRAMED)
        self.close()

    def _stop_recognition(self) -> None:
        if self._recognition is not None:
            self._recognition.cancel()
            self._recognition = None

    def pause_writing(self) -> None:
        """Begin to queue packets; called by asyncio."""
        self._paused = True

    def resume_writing(self) -> None:
        """Send what was queued, as far as it goes; called by asyncio."""
        self._paused = False
        while self._queue and not self._paused:
            self._transport.write(self._queue.take())

    def _start_packets(self) -> None:
        """Start some packets; the rest after other connections were served."""
        for packet in self._next_packets():
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
            asyncio.get_running_loop().call_soon(self._start_packets)
        else:
            self._transport.resume_reading()

    def _next_packets(self) -> Iterator[bytes | FramingError]:
        for _ in range(min(_AT_ONCE, len(self._incoming))):
            if self._incoming:
                yield self._incoming.popleft()
