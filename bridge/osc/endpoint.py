"""The UDP socket of the bridge, in the control process's asyncio loop.

Packets are decoded and begun in the order they came; what waits for the engine waits in a
task of its own, so that nothing a client sends can hold up, let alone stop, the others.
"""

import asyncio
import errno
import logging
import time
from dataclasses import dataclass, replace
from typing import Self, cast

from bridge.desk import Desk
from bridge.errors import EnvironmentMissing
from bridge.osc.clients import Client, Peer
from bridge.osc.codec import MalformedPacketError, Message, decode, encode
from bridge.osc.dispatch import Action, Call
from bridge.osc.failures import Code, Reject
from bridge.osc.ports import holder
from bridge.osc.service import Service
from bridge.parameters import DEFAULT_PORT, ROOT

__all__ = ["EndpointCounters", "OscEndpoint"]

logger = logging.getLogger(__name__)

MAX_UNDER_WAY = 1000
"""Actions waiting for the target beyond this many are refused as busy."""

_TICK_S = 0.01
_IDLE_S = 0.05


@dataclass(slots=True)
class EndpointCounters:
    """What went through the socket since it was opened."""

    packets: int = 0
    messages: int = 0
    malformed: int = 0
    failures: int = 0
    """Failures and notices, malformed packets included, also those a flood left untold."""


class OscEndpoint(asyncio.DatagramProtocol):
    """Receives, answers and keeps clients up to date. Make one with ``open``."""

    def __init__(self, service: Service) -> None:
        self._counters = EndpointCounters()
        self._service = service
        self._transport: asyncio.DatagramTransport
        self._under_way: set[asyncio.Task[None]] = set()
        self._feeding: asyncio.Task[None]
        self._closed = asyncio.Event()

    @classmethod
    async def open(
        cls, desk: Desk, *, host: str = "127.0.0.1", port: int = DEFAULT_PORT, version: str
    ) -> Self:
        """Bind the socket and start answering in the running loop.

        Args:
            desk: Where changes go and values come from.
            host: Address to listen on; the default hears this machine only.
            port: UDP port, 0 for any free one.
            version: The program's, for ``/ping``.

        Raises:
            EnvironmentMissing: The port is taken or the address is not this machine's.
        """
        loop = asyncio.get_running_loop()
        service = Service(desk, version=version, clock=time.monotonic)
        try:
            _, endpoint = await loop.create_datagram_endpoint(
                lambda: cls(service), local_addr=(host, port)
            )
        except OSError as error:
            raise EnvironmentMissing(_cannot_bind(host, port, error)) from error
        endpoint._feeding = loop.create_task(endpoint._feed())
        return endpoint

    @property
    def counters(self) -> EndpointCounters:
        """What went through the socket so far."""
        return replace(self._counters, failures=self._service.failures)

    @property
    def port(self) -> int:
        """The UDP port in use."""
        return int(self._transport.get_extra_info("sockname")[1])

    async def close(self) -> None:
        """Say ``/bye`` to whoever follows, and let go of the port; again is fine."""
        if self._closed.is_set():
            return
        pending = {self._feeding, *self._under_way}
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for client in self._service.clients.followers:
            self._send(Message(f"{ROOT}/bye"), client.listens_at)
        self._transport.close()
        await self._closed.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport; called by asyncio."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the port is free again; called by asyncio."""
        self._closed.set()

    def error_received(self, exc: Exception) -> None:
        """Note that a client is gone; its lease will run out. Called by asyncio."""
        logger.debug("a reply could not be delivered: %s", exc)

    def datagram_received(self, data: bytes, addr: Peer) -> None:
        """Begin whatever a packet asks for; called by asyncio."""
        self._counters.packets += 1
        client = self._service.clients.hear((addr[0], addr[1]), time.monotonic())
        try:
            for message in decode(data):
                self._counters.messages += 1
                for action in self._service.resolve(message):
                    self._begin(action, client)
        except MalformedPacketError as error:
            self._counters.malformed += 1
            reject = Reject(Code.MALFORMED, f"malformed packet of {len(data)} bytes: {error}")
            self._answer(client, self._service.fail(client, "", reject))
        except Exception as error:  # a packet of a stranger must never end the show
            logger.exception("a packet of %d bytes from %s", len(data), addr)
            reject = Reject(Code.INTERNAL, f"{type(error).__name__}: {error}")
            self._answer(client, self._service.fail(client, "", reject))

    def _begin(self, action: Action, client: Client) -> None:
        if isinstance(action, Call) and action.command.name == "sync":
            work = self._sync(frozenset(self._under_way), action, client)
        elif len(self._under_way) >= MAX_UNDER_WAY:
            reject = Reject(Code.BUSY, f"{MAX_UNDER_WAY} messages are waiting for the engine")
            self._answer(client, self._service.fail(client, action.address, reject))
            return
        else:
            work = self._carry_out(action, client)
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _carry_out(self, action: Action, client: Client) -> None:
        self._answer(client, await self._service.carry_out(action, client))

    async def _sync(
        self, before: frozenset[asyncio.Task[None]], call: Call, client: Client
    ) -> None:
        if before:
            await asyncio.wait(before)
        self._answer(client, [Message(f"{ROOT}/synced", call.arguments)])

    async def _feed(self) -> None:
        """Tell followers what has changed, for as long as the endpoint is open."""
        while True:
            clients = self._service.clients
            await asyncio.sleep(_TICK_S if clients.followers else _IDLE_S)
            now_s = time.monotonic()
            clients.expire(now_s)
            for client in clients.followers:
                for feed in list(client.feeds.values()):
                    for message in self._service.news(feed, now_s):
                        self._send(message, client.listens_at)

    def _answer(self, client: Client, replies: list[Message]) -> None:
        for reply in replies:
            for peer in client.answered_at:
                self._send(reply, peer)

    def _send(self, message: Message, peer: Peer) -> None:
        self._transport.sendto(encode(message), peer)


def _cannot_bind(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        who = holder(port) or "another program"
        return (
            f"UDP port {port} is taken by {who}: end it, or start with --osc-port N and tell "
            f"your controllers, or --osc-port 0 for any free port"
        )
    return f"cannot listen on {host}:{port}: {error.strerror}; check --osc-bind and --osc-port"
