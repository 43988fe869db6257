"""All network services of the bridge for controllers, opened and closed together."""

import asyncio
import errno
import logging
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from ipaddress import ip_address
from typing import Self

from bridge.common.background import TaskErrors
from bridge.common.errors import ConfigError, EnvironmentMissing
from bridge.config import OscSettings
from bridge.controls.readings import OscReading
from bridge.controls.store import ControlStore
from bridge.osc.access import Access
from bridge.osc.client import LOCAL
from bridge.osc.free_ports import holder
from bridge.osc.listeners import SocketError, listeners, network_addresses
from bridge.osc.oscquery import QueryServer
from bridge.osc.route import Route, parse_target
from bridge.osc.server import OscServer
from bridge.osc.tcp import TcpConnection
from bridge.osc.udp import UdpSocket
from bridge.remote.doctor_process import DoctorProcess
from bridge.remote.invitations import Invitations
from bridge.remote.qr_code import terminal_blocks
from bridge.remote.site import ROOT_PATH, RemoteSite
from bridge.remote.visitors import VisitorCheck

__all__ = ["OscEndpoint"]

logger = logging.getLogger(__name__)

_PATIENCE_S = 1.0
_TICK_S = 0.01
_TRIES = 20
"""Attempts to find a port that is free for UDP and for TCP."""


class OscEndpoint:
    """OSC over UDP and TCP, OSCQuery, and their advertisement. Make one with ``open``.

    Args:
        server: Receives the packets.
    """

    def __init__(self, server: OscServer) -> None:
        self.server = server
        self.port = 0
        """UDP and TCP port in use."""
        self.query_port = 0
        """TCP port of OSCQuery."""
        self._stack = AsyncExitStack()

    @classmethod
    async def open(
        cls,
        store: ControlStore,
        *,
        settings: OscSettings,
        version: str,
        errors: TaskErrors | None = None,
        doctor: Sequence[str] = (),
    ) -> Self:
        """Bind the sockets and start answering in the running loop.

        Args:
            store: Where changes go and values come from.
            settings: Addresses and ports to listen at, and permissions of hosts.
            version: Version of the program, for ``/ping``.
            errors: Told what goes wrong beside the answers.
            doctor: Options of ``liveband doctor`` for the page, beside the port.

        Raises:
            ConfigError: A client of ``settings.feedback`` has no numeric address.
            EnvironmentMissing: A port is taken or the address is not this machine's.
        """
        feedback = [_feedback_route(text) for text in settings.feedback]
        access = Access(settings.allow, settings.trust)
        server = OscServer(store, access, version=version, errors=errors)
        endpoint = cls(server)
        async with AsyncExitStack() as stack:
            await endpoint._bind(settings, stack)
            await endpoint._open_query_server(settings, stack, doctor)
            server.start(feedback)
            stack.push_async_callback(server.stop)
            endpoint._stack = stack.pop_all()
        return endpoint

    @property
    def page_link(self) -> str:
        """Where browsers on this machine find the remote."""
        return _page_link(LOCAL, self.query_port)

    @property
    def reading(self) -> OscReading:
        """Counters of the traffic so far."""
        return self.server.reading

    async def close(self) -> None:
        """Send ``/bye`` to all followers and close the ports; may be called again."""
        await self._stack.aclose()

    async def _bind(self, settings: OscSettings, stack: AsyncExitStack) -> None:
        """Open one port for UDP and TCP."""
        loop = asyncio.get_running_loop()
        connections: set[TcpConnection] = set()
        for left in reversed(range(_TRIES)):
            try:
                streams = await loop.create_server(
                    lambda: TcpConnection(self.server, connections),
                    settings.host,
                    settings.port,
                )
            except OSError as error:
                raise _cannot_bind("TCP", settings.host, settings.port, error) from error
            self.port = streams.sockets[0].getsockname()[1]
            try:
                _, datagrams = await loop.create_datagram_endpoint(
                    lambda: UdpSocket(self.server), local_addr=(settings.host, self.port)
                )
            except OSError as error:
                streams.close()
                await streams.wait_closed()
                if settings.port == 0 and left and error.errno == errno.EADDRINUSE:
                    continue
                raise _cannot_bind("UDP", settings.host, self.port, error) from error
            break
        self.server.outbox.udp = datagrams
        stack.push_async_callback(_close_sockets, streams, connections, datagrams)

    async def _open_query_server(
        self, settings: OscSettings, stack: AsyncExitStack, doctor: Sequence[str]
    ) -> None:
        wanted = settings.query_port
        if wanted is None:
            wanted = settings.port and settings.port + 1
        try:
            sockets = listeners(
                [settings.host, settings.remote_host or settings.host, LOCAL], wanted
            )
        except SocketError as error:
            raise _cannot_bind(
                "TCP",
                error.host,
                wanted,
                error,
                option="--osc-query-port",
                address="--remote-bind" if error.host == settings.remote_host else "--osc-bind",
            ) from error
        access = self.server.service.access
        invitations = Invitations(time.monotonic) if settings.remote_host else None
        check = VisitorCheck(access.allows, access.trusts, settings.host, invitations)
        doctor_process = DoctorProcess([*doctor, "--osc-port", str(self.port)])
        links = partial(self._room_links, settings.remote_host)
        site = RemoteSite(check, invitations, links, doctor_process)
        query = await QueryServer.open(self.server, sockets, self.port, check, site)
        stack.push_async_callback(query.close)
        stack.push_async_callback(doctor_process.close)
        self.query_port = query.port
        if invitations is not None:
            invitations.on_code = lambda code: self._invite(settings.remote_host, code)
            invitations.on_code(invitations.code)
        if settings.advertised:
            from bridge.osc.discovery import Advertisement

            notice = await Advertisement.open(settings.host, self.port, self.query_port)
            if notice is not None:
                stack.push_async_callback(notice.close)

    def _room_links(self, host: str) -> list[str]:
        """Return where browsers in the room find the remote; nothing where it is closed."""
        if not host:
            return []
        address = ip_address(host)
        hosts = network_addresses(address.version) if address.is_unspecified else [host]
        return [_page_link(each, self.query_port) for each in hosts]

    def _invite(self, host: str, code: str) -> None:
        """Tell in the terminal how the next browser in the room is let in."""
        links = self._room_links(host)
        picture = f"\n{terminal_blocks(f'{links[0]}#{code}')}" if sys.stderr.isatty() else ""
        where = " or ".join(links)
        logger.info("to let a browser in the room in: %s and code %s%s", where, code, picture)


def _page_link(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{ROOT_PATH}"


async def _close_sockets(
    streams: asyncio.Server, connections: set[TcpConnection], datagrams: UdpSocket
) -> None:
    """Close the sockets of OSC; wait at most ``_PATIENCE_S`` for clients that do not read."""
    streams.close()
    for connection in list(connections):
        connection.close()
    datagrams.close()
    for _ in range(round(_PATIENCE_S / _TICK_S)):
        if not connections:
            break
        await asyncio.sleep(_TICK_S)
    for connection in list(connections):
        connection.abort()
    while connections:
        await asyncio.sleep(0)
    await streams.wait_closed()
    await datagrams.closed.wait()


def _feedback_route(text: str) -> Route:
    """Return the route of a client of ``--osc-feedback``.

    Raises:
        ConfigError: It is not ``HOST:PORT``.
    """
    try:
        host, port = parse_target(text)
    except ValueError as error:
        raise ConfigError(f"--osc-feedback: {error}") from None
    try:
        return Route("udp", str(ip_address(host or LOCAL)), port)
    except ValueError:
        raise ConfigError(f"--osc-feedback takes a numeric address, got {host!r}") from None


def _cannot_bind(
    protocol: str,
    host: str,
    port: int,
    error: OSError,
    *,
    option: str = "--osc-port",
    address: str = "--osc-bind",
) -> EnvironmentMissing:
    if error.errno == errno.EADDRINUSE:
        who = holder(port, protocol) or "another program"
        return EnvironmentMissing(
            f"{protocol} port {port} is taken by {who}: end it, or start with {option} N and "
            f"tell your controllers, or {option} 0 for any free port"
        )
    ours = ""
    if error.errno == errno.EADDRNOTAVAIL:
        ours = f"; this machine's addresses are {', '.join((LOCAL, *network_addresses()))}"
    return EnvironmentMissing(
        f"cannot listen on {host}:{port}: {error.strerror}; check {address} and {option}{ours}"
    )
