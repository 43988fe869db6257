"""The UDP socket of the bridge."""

import asyncio
import logging
from typing import cast

from bridge.osc.route import Route
from bridge.osc.server import OscServer

__all__ = ["UdpSocket"]

logger = logging.getLogger(__name__)


class UdpSocket(asyncio.DatagramProtocol):
    """Carries datagrams to and from the server; made by asyncio.

    Args:
        server: Receives every packet.
    """

    def __init__(self, server: OscServer) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport
        self._full = False
        self.closed = asyncio.Event()
        """Set when the port is free again."""

    @property
    def port(self) -> int:
        """The port in use."""
        return int(self._transport.get_extra_info("sockname")[1])

    @property
    def clogged(self) -> bool:
        """False: a datagram for which there is no room is dropped."""
        return False

    def send(self, packet: bytes, route: Route) -> bool:
        """Send a datagram; return whether there was room for it."""
        if self._full or self._transport.is_closing():
            return False
        self._transport.sendto(packet, (route.host, route.port))
        return True

    def close(self) -> None:
        """Close the port."""
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport; called by asyncio."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def pause_writing(self) -> None:
        """Begin to drop what the network does not take; called by asyncio."""
        self._full = True

    def resume_writing(self) -> None:
        """Stop dropping packets; called by asyncio."""
        self._full = False

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the port is free; called by asyncio."""
        self.closed.set()

    def error_received(self, exc: Exception) -> None:
        """Log that a client is gone; its lease will expire. Called by asyncio."""
        logger.debug("a datagram could not be delivered: %s", exc)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Pass a packet to the server; called by asyncio."""
        self._server.receive(data, Route("udp", addr[0], addr[1]))
