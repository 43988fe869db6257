"""Ports and connections on the JACK server, and calls into a server that may hang."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from bridge.audio.jack import JackBackend
from bridge.audio.port_graph import PortGraph
from bridge.common.daemon_calls import call_in_daemon
from bridge.common.errors import FailureCode, ParameterError, RefusedError
from bridge.controls.target import CommandHandler, Reply, done
from bridge.live.reconnecting import ServerConnection

__all__ = ["JackConnections", "ask_server"]

T = TypeVar("T")

_PATIENCE_S = 5.0
"""A server that is well answers within a cycle or two."""


async def ask_server(call: Callable[..., T], *arguments: object) -> T:
    """Call into libjack where it waits for the server, which may hang and never answer.

    The call is on a thread of its own, that keeps nothing waiting: neither the loop nor the
    end of the program.

    Returns:
        What the call returns.

    Raises:
        RefusedError: Code 21, there is no answer within 5 s.
        BridgeError: What the call raises.
    """
    answer = asyncio.wrap_future(call_in_daemon(call, *arguments))
    try:
        return await asyncio.wait_for(answer, _PATIENCE_S)
    except TimeoutError:
        raise RefusedError(
            f"the audio server has not answered for {_PATIENCE_S:g} s; see whether it hangs",
            FailureCode.JACK_ABSENT,
        ) from None


class JackConnections:
    """Ports and connections of the JACK server that we are on.

    Args:
        connection: Holds our place there.
        backend: What was asked for; only ``jack`` has ports.
    """

    def __init__(self, connection: ServerConnection, backend: str) -> None:
        self._connection = connection
        self._backend = backend
        self.commands: Mapping[str, CommandHandler] = {
            "jack/ports": self._list_ports,
            "jack/connect": self._connect,
            "jack/disconnect": self._disconnect,
        }
        """For ``ControlTarget.commands``."""

    def graph(self) -> PortGraph:
        """Return ports and our connections; empty while there is no server."""
        backend = self._connection.backend
        if not isinstance(backend, JackBackend) or self._connection.offline:
            return PortGraph()
        return backend.graph()

    def appeared(self) -> frozenset[str]:
        """Return the ports registered since this was last asked; none without a server."""
        backend = self._connection.backend
        return backend.appeared_ports() if isinstance(backend, JackBackend) else frozenset()

    def frame(self) -> int:
        """Return the frame that the server has come to; it counts on from server to server."""
        backend = self._connection.backend
        return backend.frame if isinstance(backend, JackBackend) else 0

    async def ports(self) -> tuple[str, ...]:
        """Return every port of the host as ``client:port``.

        Raises:
            RefusedError: The back end has no ports, or the server is gone or hangs.
        """
        return await ask_server(self._jack().ports)

    async def connect(self, source: str, destination: str) -> None:
        """Connect an output port to an input port; both carry audio, or both MIDI.

        Args:
            source: Exact name; without a colon one of our own ports.
            destination: Likewise.

        Raises:
            RefusedError: The back end has no ports, or the server is gone or hangs.
            ParameterError: JACK refused.
        """
        jack = self._jack()
        await ask_server(
            jack.connect, *(_full_name(jack, end) for end in (source, destination))
        )

    async def disconnect(self, source: str, destination: str) -> None:
        """Take a connection away; names are those of ``connect``.

        Raises:
            RefusedError: The back end has no ports, or the server is gone or hangs.
            ParameterError: JACK refused.
        """
        jack = self._jack()
        ends = (_full_name(jack, end) for end in (source, destination))
        await ask_server(jack.disconnect, *ends)

    async def _list_ports(self, which: str = "") -> Sequence[Reply]:
        ports = await (self._ports_of(which.casefold()) if which else self.ports())
        told: list[Reply] = [("jack/ports", (port,)) for port in ports]
        return [*told, done("jack/ports", len(ports))]

    async def _ports_of(self, which: str) -> Sequence[str]:
        jack = self._jack()
        graph = await ask_server(jack.graph)
        own = {each for each in (*graph.outputs(), *graph.inputs()) if _is_own(jack, each)}
        kinds = {
            "own": sorted(own),
            "sources": graph.audio.outputs,
            "destinations": graph.audio.inputs,
            "midi/sources": graph.midi.outputs,
            "midi/destinations": graph.midi.inputs,
        }
        if which not in kinds:
            raise ParameterError(
                f"jack/ports lists {', '.join(kinds)}, or everything; got {which!r}"
            )
        return kinds[which] if which == "own" else [p for p in kinds[which] if p not in own]

    async def _connect(self, source: str, destination: str) -> Sequence[Reply]:
        await self.connect(source, destination)
        return [done("jack/connect", source, destination)]

    async def _disconnect(self, source: str, destination: str) -> Sequence[Reply]:
        await self.disconnect(source, destination)
        return [done("jack/disconnect", source, destination)]

    def _jack(self) -> JackBackend:
        if self._backend != "jack":
            raise RefusedError(f"{self._backend} has no ports to wire; use JACK")
        backend = self._connection.backend
        if self._connection.offline or not isinstance(backend, JackBackend):
            raise RefusedError(
                "the JACK server is gone; start it again", FailureCode.JACK_ABSENT
            )
        return backend


def _is_own(jack: JackBackend, port: str) -> bool:
    return port.startswith(f"{jack.name}:")


def _full_name(jack: JackBackend, port: str) -> str:
    return port if ":" in port else f"{jack.name}:{port}"
