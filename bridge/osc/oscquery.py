"""OSCQuery: what there is as JSON over HTTP, and changes over WebSockets, on one port."""

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
from bridge.osc.namespace_diff import differences, shape
from bridge.osc.server import OscServer
from bridge.osc.websocket import WebSocketLine

__all__ = ["QueryServer"]

MAX_CONNECTIONS = 64
"""Further WebSockets are told so and closed."""

_MAX_MESSAGE = 65536
_LOOK_S = 0.2
"""How often to see whether there is something new to be queried."""
_PATIENCE_S = 1.0
"""How long a client may take to hang up when we do."""
_TRY_AGAIN_LATER = 1013


class QueryServer:
    """Answers queries about an OSC server. Make one with ``open``.

    Args:
        server: What is asked about.
        osc_port: Where it is reached, by UDP and by TCP.
    """

    def __init__(self, server: OscServer, osc_port: int) -> None:
        self._server = server
        self._osc_port = osc_port
        self._lines: set[WebSocketLine] = set()
        self._http: Server
        self._watching: asyncio.Task[None]

    @classmethod
    async def open(cls, server: OscServer, host: str, port: int, osc_port: int) -> Self:
        """Begin to answer in the running loop.

        Args:
            server: What is asked about.
            host: Address to listen on.
            port: TCP port, 0 for any free one.
            osc_port: Where the OSC server is reached.

        Raises:
            OSError: The port is taken or the address is not this machine's.
        """
        query = cls(server, osc_port)
        quiet = logging.getLogger(f"{__name__}.websockets")
        quiet.setLevel(logging.CRITICAL)  # it reports every stranger's nonsense as an error
        query._http = await serve(
            query._converse,
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
        """Send what still waits, and let go of the port."""
        self._watching.cancel()
        await asyncio.gather(self._watching, return_exceptions=True)
        for line in self._lines:
            line.finish()
        for _ in range(round(_PATIENCE_S / 0.01)):
            if not self._lines:
                break
            await asyncio.sleep(0.01)
        self._http.close()
        await self._http.wait_closed()

    async def _watch(self) -> None:
        """Tell whoever is connected when there is more, less, or something else to query."""
        view = self._server.service.view
        known = shape(view)
        while True:
            await asyncio.sleep(_LOOK_S)
            before, known = known, shape(view)
            for notice, path in differences(before, known):
                for line in self._lines:
                    line.tell(json.dumps({"COMMAND": notice, "DATA": path}))

    async def _converse(self, connection: ServerConnection) -> None:
        if len(self._lines) >= MAX_CONNECTIONS:
            await connection.close(_TRY_AGAIN_LATER, f"{MAX_CONNECTIONS} are connected already")
            return
        line = WebSocketLine(connection, self._server)
        self._lines.add(line)
        try:
            await line.serve()
        finally:
            self._lines.discard(line)

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer a query; return None to let a WebSocket be opened."""
        access = self._server.service.access
        if not access.allows(connection.remote_address[0]):
            return _response(HTTPStatus.FORBIDDEN, {})
        origin = request.headers.get("Origin")
        welcome = origin is None or _is_ours(origin, access)
        if "websocket" in request.headers.get("Upgrade", "").casefold():
            return None if welcome else _response(HTTPStatus.FORBIDDEN, {})
        if request.method not in ("GET", "HEAD"):
            return _response(HTTPStatus.METHOD_NOT_ALLOWED, {})
        url = urlsplit(request.path)
        attribute = url.query.partition("=")[0] or None
        if attribute == "HOST_INFO":
            status, node = HTTPStatus.OK, self._host_info()
        else:
            status, node = lookup(self._server.service.view, unquote(url.path), attribute)
        return _response(status, node, origin if welcome else None, request.method == "HEAD")

    def _host_info(self) -> Node:
        return {
            "NAME": "liveband",
            "EXTENSIONS": EXTENSIONS,
            "OSC_PORT": self._osc_port,
            "OSC_TRANSPORT": "UDP",
            "WS_PORT": self.port,
        }


def _is_ours(origin: str, access: Access) -> bool:
    """Return whether a web page may speak for who looks at it.

    Any page that a browser on this machine shows could otherwise command the bridge, in the
    name of this machine.
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
