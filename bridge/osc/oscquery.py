"""OSCQuery server: the address space as JSON over HTTP, changes over WebSockets, one port."""

import asyncio
import json
import logging
from http import HTTPStatus
from ipaddress import ip_address
from typing import Self
from urllib.parse import unquote, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from bridge.osc.access import Access
from bridge.osc.namespace import EXTENSIONS, Node, lookup
from bridge.osc.namespace_diff import differences, snapshot
from bridge.osc.server import OscServer
from bridge.osc.websocket import WebSocketConnection

__all__ = ["QueryServer"]

MAX_CONNECTIONS = 64
"""Further WebSockets are closed with a reason."""

_MAX_MESSAGE = 65536
_WATCH_S = 0.2
"""Period of looking for changes of the address space."""
_PATIENCE_S = 1.0
"""How long a client may take to close its end."""
_TRY_AGAIN_LATER = 1013


class QueryServer:
    """Answers queries about an OSC server. Make one with ``open``.

    Args:
        server: The OSC server described.
        osc_port: Its UDP and TCP port.
    """

    def __init__(self, server: OscServer, osc_port: int) -> None:
        self._server = server
        self._osc_port = osc_port
        self._websockets: set[WebSocketConnection] = set()
        self._http: Server
        self._watching: asyncio.Task[None]

    @classmethod
    async def open(cls, server: OscServer, host: str, port: int, osc_port: int) -> Self:
        """Start answering in the running loop.

        Args:
            server: The OSC server described.
            host: Address to listen on.
            port: TCP port, 0 for any free one.
            osc_port: UDP and TCP port of the OSC server.

        Raises:
            OSError: The port is taken or the address is not this machine's.
        """
        query = cls(server, osc_port)
        quiet = logging.getLogger(f"{__name__}.websockets")
        quiet.setLevel(logging.CRITICAL)  # it logs every malformed request as an error
        query._http = await serve(
            query._serve_websocket,
            host,
            port,
            process_request=query._answer,
            compression=None,
            max_size=_MAX_MESSAGE,
            close_timeout=_PATIENCE_S,
            server_header=None,
            logger=quiet,
        )
        query._watching = asyncio.get_running_loop().create_task(query._watch())
        return query

    @property
    def port(self) -> int:
        """The TCP port in use."""
        return int(next(iter(self._http.sockets)).getsockname()[1])

    async def close(self) -> None:
        """Send what still waits, and free the port."""
        self._watching.cancel()
        await asyncio.gather(self._watching, return_exceptions=True)
        for websocket in self._websockets:
            websocket.finish()
        for _ in range(round(_PATIENCE_S / 0.01)):
            if not self._websockets:
                break
            await asyncio.sleep(0.01)
        self._http.close()
        await self._http.wait_closed()

    async def _watch(self) -> None:
        """Send all clients a notice when the address space changes."""
        view = self._server.service.view
        known = snapshot(view)
        while True:
            await asyncio.sleep(_WATCH_S)
            before, known = known, snapshot(view)
            for notice, path in differences(before, known):
                for websocket in self._websockets:
                    websocket.send_text(json.dumps({"COMMAND": notice, "DATA": path}))

    async def _serve_websocket(self, connection: ServerConnection) -> None:
        if len(self._websockets) >= MAX_CONNECTIONS:
            await connection.close(_TRY_AGAIN_LATER, f"{MAX_CONNECTIONS} are connected already")
            return
        websocket = WebSocketConnection(connection, self._server)
        self._websockets.add(websocket)
        try:
            await websocket.serve()
        finally:
            self._websockets.discard(websocket)

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer a query; return None to let a WebSocket be opened."""
        access = self._server.service.access
        if not access.allows(connection.remote_address[0]):
            return _response(HTTPStatus.FORBIDDEN, {})
        origin = request.headers.get("Origin")
        trusted = origin is None or _is_trusted_page(origin, access)
        if "websocket" in request.headers.get("Upgrade", "").casefold():
            return None if trusted else _response(HTTPStatus.FORBIDDEN, {})
        if request.method not in ("GET", "HEAD"):
            return _response(HTTPStatus.METHOD_NOT_ALLOWED, {})
        url = urlsplit(request.path)
        attribute = url.query.partition("=")[0] or None
        if attribute == "HOST_INFO":
            status, node = HTTPStatus.OK, self._host_info()
        else:
            status, node = lookup(self._server.service.view, unquote(url.path), attribute)
        return _response(status, node, origin if trusted else None, request.method == "HEAD")

    def _host_info(self) -> Node:
        return {
            "NAME": "liveband",
            "EXTENSIONS": EXTENSIONS,
            "OSC_PORT": self._osc_port,
            "OSC_TRANSPORT": "UDP",
            "WS_PORT": self.port,
        }


def _is_trusted_page(origin: str, access: Access) -> bool:
    """Return whether a web page may command the bridge.

    Without this check any page open in a browser on this machine could, with the permissions
    of this machine.
    """
    host = urlsplit(origin).hostname
    if host == "localhost":
        return True
    try:
        return host is not None and access.trusts(str(ip_address(host)))
    except ValueError:
        return False


def _response(
    status: HTTPStatus, node: Node, origin: str | None = None, head: bool = False
) -> Response:
    body = json.dumps(node, ensure_ascii=False).encode() if status == HTTPStatus.OK else b""
    headers = Headers({"Content-Type": "application/json", "Cache-Control": "no-store"})
    headers["Content-Length"] = str(len(body))
    headers["Connection"] = "close"
    if origin is not None:
        headers["Access-Control-Allow-Origin"] = origin
    return Response(int(status), status.phrase, headers, b"" if head else body)
