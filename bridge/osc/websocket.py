"""A WebSocket of the query server: carries OSC packets and the JSON commands of OSCQuery."""

import asyncio
import json
from collections import deque
from contextlib import suppress

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from bridge.common.errors import FailureCode, RefusedError
from bridge.osc.clients import DEFAULT_PERIOD_S
from bridge.osc.connections import SendQueue
from bridge.osc.route import Route
from bridge.osc.server import OscServer

__all__ = ["WebSocketConnection"]

_CLOGGED = 64
"""No changes are sent while this many packets wait."""
_MAX_TEXTS = 1024
"""Text messages that wait; beyond, the oldest are dropped."""


class WebSocketConnection:
    """Carries packets to and from one client.

    Args:
        connection: An open WebSocket.
        server: Receives every packet.
    """

    def __init__(self, connection: ServerConnection, server: OscServer) -> None:
        host, port = connection.remote_address[:2]
        self.route = Route("ws", host, port)
        self._connection = connection
        self._server = server
        self._queue = SendQueue()
        self._texts: deque[str] = deque(maxlen=_MAX_TEXTS)
        self._wake = asyncio.Event()
        self._finishing = False

    @property
    def clogged(self) -> bool:
        """Whether the client reads more slowly than it is sent packets."""
        return len(self._queue) >= _CLOGGED

    def send(self, packet: bytes, route: Route) -> bool:
        """Queue a packet; return False if an older one had to be dropped for it."""
        self._wake.set()
        return self._queue.add(packet)

    def send_text(self, text: str) -> None:
        """Queue a text message of the OSCQuery proposal."""
        self._texts.append(text)
        self._wake.set()

    def finish(self) -> None:
        """Close the connection once everything queued has been sent."""
        self._finishing = True
        self._wake.set()

    async def serve(self) -> None:
        """Carry packets until either end closes the connection."""
        self._server.outbox.connections[self.route] = self
        receiving = asyncio.ensure_future(self._receive())
        try:
            await self._send_queued(receiving)
        finally:
            receiving.cancel()
            self._server.outbox.connections.pop(self.route, None)
            self._server.service.clients.forget(self.route)
            with suppress(asyncio.CancelledError, ConnectionClosed):
                await receiving

    async def _send_queued(self, receiving: "asyncio.Future[None]") -> None:
        receiving.add_done_callback(lambda _: self.finish())
        with suppress(ConnectionClosed):
            while self._queue or self._texts or not self._finishing:
                self._wake.clear()
                while self._texts:
                    await self._connection.send(self._texts.popleft())
                while self._queue:
                    await self._connection.send(self._queue.take())
                if not self._finishing:
                    await self._wake.wait()

    async def _receive(self) -> None:
        async for message in self._connection:
            if isinstance(message, bytes):
                self._server.receive(message, self.route)
            else:
                self._run_text(message)

    def _run_text(self, text: str) -> None:
        """Run a text message of the OSCQuery proposal."""
        service = self._server.service
        client = service.clients.renew(self.route, self._server.now_s)
        path = ""
        try:
            command, path = _command(text)
            if command == "IGNORE":
                client.feeds.pop(path, None)
                return
            values = list(service.subscriptions.subscribe(client, path, DEFAULT_PERIOD_S))
        except Exception as error:  # no text may end the connection
            self._server.refuse(client, error, path)
        else:
            self._server.outbox.answer(client, values)


def _command(text: str) -> tuple[str, str]:
    """Return the command and the address of a text message.

    Raises:
        RefusedError: Code 11, it is neither LISTEN nor IGNORE.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        message = None
    command = message.get("COMMAND") if isinstance(message, dict) else None
    path = message.get("DATA") if isinstance(message, dict) else None
    if command not in ("LISTEN", "IGNORE") or not isinstance(path, str):
        expected = 'expected {"COMMAND": "LISTEN" or "IGNORE", "DATA": "/address"}'
        raise RefusedError(f"{expected}, got {text[:80]!r}", FailureCode.MALFORMED)
    return command, path
