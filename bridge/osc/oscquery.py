"""HTTP server: OSCQuery's address space as JSON, its changes over WebSockets, the remote."""

import asyncio
import json
import logging
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Self
from urllib.parse import unquote, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from bridge.common.background import BackgroundTasks
from bridge.common.errors import FailureCode, RefusedError
from bridge.osc.namespace import EXTENSIONS, Node, lookup
from bridge.osc.namespace_diff import differences, snapshot
from bridge.osc.server import OscServer
from bridge.osc.websocket import WebSocketConnection
from bridge.remote.site import CODE_HEADER, ROOT_PATH, RemoteSite, session_cookie
from bridge.remote.visitors import Visit, VisitorCheck

__all__ = ["QueryServer"]

MAX_CONNECTIONS = 64
"""Further WebSockets are closed with a reason."""

_MAX_MESSAGE = 65536
_WATCH_S = 0.2
"""Period of looking for changes of the address space."""
_PATIENCE_S = 1.0
"""How long a client may take to close its end."""
_TRY_AGAIN_LATER = 1013
_TASK = "OSCQuery"
"""Name under which unexpected exceptions are counted."""


class QueryServer:
    """Answers queries about an OSC server. Make one with ``open``.

    Args:
        server: The OSC server described.
        osc_port: Its UDP and TCP port.
        check: Decides whose requests are answered.
        site: Answers requests for the remote's page.
    """

    def __init__(
        self, server: OscServer, osc_port: int, check: VisitorCheck, site: RemoteSite
    ) -> None:
        self._server = server
        self._osc_port = osc_port
        self._check = check
        self._site = site
        self._websockets: set[WebSocketConnection] = set()
        self._https: list[Server] = []
        self._known = snapshot(server.service.view)
        self._watching = BackgroundTasks(server.errors)

    @classmethod
    async def open(
        cls,
        server: OscServer,
        sockets: Sequence[socket.socket],
        osc_port: int,
        check: VisitorCheck,
        site: RemoteSite,
    ) -> Self:
        """Start answering in the running loop.

        Args:
            server: The OSC server described.
            sockets: Bound to one port; closed with the server.
            osc_port: UDP and TCP port of the OSC server.
            check: Decides whose requests are answered.
            site: Answers requests for the remote's page.
        """
        query = cls(server, osc_port, check, site)
        quiet = logging.getLogger(f"{__name__}.websockets")
        quiet.setLevel(logging.CRITICAL)  # it logs every malformed request as an error
        for listener in sockets:
            http = await serve(
                query._serve_websocket,
                sock=listener,
                process_request=query._answer,
                compression=None,
                max_size=_MAX_MESSAGE,
                close_timeout=_PATIENCE_S,
                server_header=None,
                logger=quiet,
            )
            query._https.append(http)
        query._watching.start(_TASK, query._watch())
        return query

    @property
    def port(self) -> int:
        """The TCP port in use."""
        return int(next(iter(self._https[0].sockets)).getsockname()[1])

    async def close(self) -> None:
        """Send what still waits, and free the port."""
        await self._watching.close()
        for websocket in self._websockets:
            websocket.finish()
        for _ in range(round(_PATIENCE_S / 0.01)):
            if not self._websockets:
                break
            await asyncio.sleep(0.01)
        for http in self._https:
            http.close()
            await http.wait_closed()

    async def _watch(self) -> None:
        """Send all clients a notice when the address space changes, until cancelled."""
        await self._server.errors.repeat(_TASK, self._tell_changes, lambda: _WATCH_S)

    def _tell_changes(self) -> None:
        before, self._known = self._known, snapshot(self._server.service.view)
        for notice, path in differences(before, self._known):
            for websocket in self._websockets:
                websocket.send_text(json.dumps({"COMMAND": notice, "DATA": path}))

    async def _serve_websocket(self, connection: ServerConnection) -> None:
        if len(self._websockets) >= MAX_CONNECTIONS:
            await connection.close(_TRY_AGAIN_LATER, f"{MAX_CONNECTIONS} are connected already")
            return
        websocket = WebSocketConnection(connection, self._server)
        self._websockets.add(websocket)
        try:
            with self._server.errors.caught(_TASK):
                await websocket.serve()
        finally:
            self._websockets.discard(websocket)

    async def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer a query; return None to let a WebSocket be opened."""
        try:
            return await self._answer_allowed(_visit(connection, request.headers), request)
        except RefusedError as error:
            is_malformed = error.code == FailureCode.MALFORMED
            status = HTTPStatus.BAD_REQUEST if is_malformed else HTTPStatus.FORBIDDEN
            kind = {"Content-Type": "text/plain; charset=utf-8"}
            return _response(status, str(error).encode(), kind)
        except Exception as error:  # the library would drop it, and close without a word
            self._server.errors.tell(_TASK, error)
            return _response(HTTPStatus.INTERNAL_SERVER_ERROR)

    async def _answer_allowed(self, visit: Visit, request: Request) -> Response | None:
        """Answer a query, or let a WebSocket be opened, if that is allowed.

        Raises:
            RefusedError: Code 10, it is not; code 11, there is no such path.
        """
        self._check.check(visit)
        is_socket = "websocket" in request.headers.get("Upgrade", "").casefold()
        if not is_socket and request.method not in ("GET", "HEAD"):
            return _response(HTTPStatus.METHOD_NOT_ALLOWED)
        path, query = _path_and_query(request.path)
        if not is_socket and f"{path}/".startswith(ROOT_PATH):
            code = ", ".join(request.headers.get_all(CODE_HEADER))
            told = await self._site.answer(path, visit, code)
            head = request.method == "HEAD"
            return _response(told.status, told.body, told.headers, head=head)
        self._check.check_code(visit)
        return None if is_socket else self._tell(path, query, request, visit)

    def _tell(self, path: str, query: str, request: Request, visit: Visit) -> Response:
        """Answer a query of the OSCQuery proposal."""
        attribute = query.partition("=")[0] or None
        if attribute == "HOST_INFO":
            status, node = HTTPStatus.OK, self._host_info()
        else:
            status, node = lookup(self._server.service.view, unquote(path), attribute)
        body = json.dumps(node, ensure_ascii=False).encode() if status == HTTPStatus.OK else b""
        headers = {"Content-Type": "application/json"}
        if visit.origin is not None:
            headers["Access-Control-Allow-Origin"] = visit.origin
        return _response(status, body, headers, head=request.method == "HEAD")

    def _host_info(self) -> Node:
        return {
            "NAME": "liveband",
            "EXTENSIONS": EXTENSIONS,
            "OSC_PORT": self._osc_port,
            "OSC_TRANSPORT": "UDP",
            "WS_PORT": self.port,
        }


def _path_and_query(target: str) -> tuple[str, str]:
    """Return the two parts of what a request asks for.

    Raises:
        RefusedError: Code 11, it has none, as ``//[``.
    """
    try:
        url = urlsplit(target)
    except ValueError as error:
        raise RefusedError(f"{target[:80]!r}: {error}", FailureCode.MALFORMED) from None
    return url.path, url.query


def _visit(connection: ServerConnection, headers: Headers) -> Visit:
    """Return what permission depends on; a header that comes twice counts as none of ours."""
    hosts, cookies = headers.get_all("Host"), SimpleCookie()
    with suppress(CookieError):
        cookies.load("; ".join(headers.get_all("Cookie")))
    host = ", ".join(hosts)
    session = cookies.get(session_cookie(host))
    embedded = headers.get_all("Sec-Fetch-Mode") != ["navigate"]
    return Visit(
        peer=connection.remote_address[0],
        local=connection.local_address[0],
        host=host,
        origin=", ".join(headers.get_all("Origin")) if "Origin" in headers else None,
        cross_site=embedded and headers.get_all("Sec-Fetch-Site") == ["cross-site"],
        session=session.value if session else "",
    )


def _response(
    status: HTTPStatus,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    head: bool = False,
) -> Response:
    """Return an answer after which the connection ends; no browser is to keep it."""
    told = Headers({"Cache-Control": "no-store", **(headers or {})})
    told["Content-Length"] = str(len(body))
    told["Connection"] = "close"
    return Response(int(status), status.phrase, told, b"" if head else body)
