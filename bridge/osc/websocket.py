"""One WebSocket of the query server: a line of the OSC server that also takes JSON."""

import asyncio
import json
from collections import deque
from contextlib import suppress

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from bridge.osc.clients import DEFAULT_PERIOD_S
from bridge.osc.connections import Backlog
from bridge.osc.failures import Code, Reject
from bridge.osc.route import Route
from bridge.osc.server import OscServer

__all__ = ["WebSocketLine"]

_CLOGGED = 64
"""Changes are kept back while this many packets wait."""
_MAX_TEXTS = 1024
"""Text messages that wait; beyond, the oldest are dropped."""


class WebSocketLine:
    """Carries packets to and from one client.

    Args:
        connection: Open.
        server: Gets every packet.
    """

    def __init__(self, connection: ServerConnection, server: OscServer) -> None:
        host, port = connection.remote_address[:2]
        self.route = Route("ws", host, port)
        self._connection = connection
        self._server = server
        self._waiting = Backlog()
        self._texts: deque[str] = deque(maxlen=_MAX_TEXTS)
        self._wake = asyncio.Event()
        self._finishing = False

    @property
    def clogged(self) -> bool:
        """Whether the client does not read as fast as it is told."""
        return len(self._waiting) >= _CLOGGED

    def send(self, packet: bytes, route: Route) -> bool:
        """Send a packet as soon as the client reads; the oldest has to go first.

        Returns:
            Whether nothing was dropped.
        """
        self._wake.set()
        return self._waiting.add(packet)

    def tell(self, text: str) -> None:
        """Send a text message of the OSCQuery proposal as soon as the client reads."""
        self._texts.append(text)
        self._wake.set()

    def finish(self) -> None:
        """Hang up once all that waits has been sent."""
        self._finishing = True
        self._wake.set()

    async def serve(self) -> None:
        """Carry packets until either end hangs up."""
        self._server.outbox.lines[self.route] = self
        listening = asyncio.ensure_future(self._listen())
        try:
            await self._deliver(listening)
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            self._server.outbox.lines.pop(self.route, None)
            self._server.service.clients.forget(self.route)

    async def _deliver(self, listening: "asyncio.Future[None]") -> None:
        listening.add_done_callback(lambda _: self.finish())
        with suppress(ConnectionClosed):
            while self._waiting or self._texts or not self._finishing:
                self._wake.clear()
                while self._texts:
                    await self._connection.send(self._texts.popleft())
                while self._waiting:
                    await self._connection.send(self._waiting.take())
                if not self._finishing:
                    await self._wake.wait()

    async def _listen(self) -> None:
        async for message in self._connection:
            if isinstance(message, bytes):
                self._server.receive(message, self.route)
            else:
                self._obey(message)

    def _obey(self, text: str) -> None:
        """Do what a text message of the OSCQuery proposal says."""
        service = self._server.service
        client = service.clients.hear(self.route, self._server.now_s)
        path = ""
        try:
            command, path = _command(text)
            if command == "IGNORE":
                client.feeds.pop(path, None)
                return
            news = list(service.following.listen(client, path, DEFAULT_PERIOD_S))
        except Reject as reject:
            self._server.refuse(client, reject, path)
        else:
            self._server.outbox.answer(client, news)


def _command(text: str) -> tuple[str, str]:
    """Return what a text message commands, and of which address.

    Raises:
        Reject: Code 11, it is neither LISTEN nor IGNORE.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        message = None
    command = message.get("COMMAND") if isinstance(message, dict) else None
    path = message.get("DATA") if isinstance(message, dict) else None
    if command not in ("LISTEN", "IGNORE") or not isinstance(path, str):
        expected = 'expected {"COMMAND": "LISTEN" or "IGNORE", "DATA": "/address"}'
        raise Reject(Code.MALFORMED, f"{expected}, got {text[:80]!r}")
    return command, path
