"""Automatic connections of a running band: looked after twice a second, and remembered."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bridge.audio.autoconnect import AutoConnector
from bridge.audio.port_graph import Connection, PortGraph
from bridge.common.errors import BridgeError, FailureCode
from bridge.controls.readings import ConnectionsReading
from bridge.controls.target import CommandHandler, Reply, done
from bridge.live.connections import ask_server

__all__ = ["AutoConnections", "Connector"]

logger = logging.getLogger(__name__)

_Found = tuple[PortGraph, frozenset[str]]
"""Ports and our connections, and the ports registered since they were last asked for."""

_STANDS_S = 0.4
"""A server that has run no cycle for so long stands; the longest cycle of JACK is 0.2 s."""
_LONGEST_PAUSE = 16
"""Most looks between two tries of a connection that is refused, about 8 s."""


class Connector(Protocol):
    """An audio server whose ports can be connected."""

    def graph(self) -> PortGraph:
        """Return ports and our connections; empty without a server. It may hang."""

    def appeared(self) -> frozenset[str]:
        """Return the ports registered since this was last asked; it may hang."""

    def frame(self) -> int:
        """Return the frame that the server has come to."""

    async def connect(self, source: str, destination: str) -> None:
        """Connect an output port to an input port."""


@dataclass
class _Refusal:
    """When to try a connection again that was refused, counted in looks."""

    pause: int = 1
    left: int = 1


class AutoConnections:
    """Makes connections by rule, and those that are remembered from an earlier run.

    Args:
        server: Where connections are made.
        connector: Says which are due.
        wanted: Whether connections are to be made at all, right now.
        remember: Keeps connections from run to run; may wait for the disk.
    """

    def __init__(
        self,
        server: Connector,
        connector: AutoConnector,
        wanted: Callable[[], bool],
        remember: Callable[[frozenset[Connection]], None],
    ) -> None:
        self._server = server
        self._connector = connector
        self._wanted = wanted
        self._remember = remember
        self._saved = connector.remembered
        self._refusals: dict[Connection, _Refusal] = {}
        self._frame, self._moved_s = -1, 0.0
        self.reading = ConnectionsReading()
        """What the last look found."""
        self.commands: Mapping[str, CommandHandler] = {
            "jack/graph": self._list,
            "jack/restore": self._restore,
        }
        """For ``ControlTarget.commands``."""

    async def observe(self) -> None:
        """Take note of the connections there are, where a session manager makes them."""
        try:
            graph = await ask_server(self._server.graph)
        except BridgeError as error:  # the server is going away; the next look will tell
            logger.debug("connections: %s", error)
            return
        self.reading = ConnectionsReading(made=len(graph.connections))

    async def look(self) -> None:
        """Make the connections that are due, and remember those there are."""
        try:
            found = await self._found()
        except BridgeError as error:  # the server is going away; the next look will tell
            logger.debug("connections: %s", error)
            return
        if found is None:
            return
        graph, appeared = found
        due = self._connector.due(graph, appeared)
        self.reading = ConnectionsReading(
            made=len(graph.connections),
            away=self._connector.away,
            unmatched="; ".join(self._connector.unmatched),
        )
        if self._wanted():
            await self._make(self._to_try(due))
        if self._connector.remembered != self._saved:
            self._saved = self._connector.remembered
            try:
                await asyncio.to_thread(self._remember, self._saved)
            except BridgeError as error:
                logger.warning("connections: %s", error)

    async def _found(self) -> _Found | None:
        """Ask the server; None where it stands, and so nobody can have changed a connection.

        JACK shows a connection from its next cycle on. Of a server that runs none, what was
        just made would be missing from one graph after the other, as if removed by hand.

        Raises:
            BridgeError: It has no answer.
        """
        given_up = threading.Event()
        try:
            return await ask_server(self._ask, given_up)
        finally:
            given_up.set()

    def _ask(self, given_up: threading.Event) -> _Found | None:
        """Return what there is; which ports are new only while somebody waits to hear it.

        They are told once, to the look after a server that hung has answered.
        """
        frame, graph = self._server.frame(), self._server.graph()
        if given_up.is_set():
            return graph, frozenset()
        if frame != self._frame:
            self._frame, self._moved_s = frame, time.monotonic()
        elif graph != PortGraph() and time.monotonic() - self._moved_s > _STANDS_S:
            return None
        return graph, self._server.appeared()

    def _to_try(self, due: Sequence[Connection]) -> list[Connection]:
        """Return the connections to try now: one that was refused is tried ever more rarely."""
        waiting = {pair: self._refusals[pair] for pair in due if pair in self._refusals}
        for refusal in waiting.values():
            refusal.left -= 1
        self._refusals = waiting
        return [pair for pair in due if pair not in waiting or waiting[pair].left <= 0]

    async def _make(self, connections: Sequence[Connection]) -> int:
        made = 0
        for connection in connections:
            try:
                await self._server.connect(*connection)
            except BridgeError as error:
                self._note_refusal(connection, error)
                if error.code == FailureCode.JACK_ABSENT:  # nor would it answer for the others
                    break
            else:
                logger.info("connected %s to %s", *connection)
                self._connector.made(connection)
                made += 1
        return made

    def _note_refusal(self, connection: Connection, error: BridgeError) -> None:
        refusal = self._refusals.get(connection)
        if refusal is None:  # told once; the program of that port may still be starting
            logger.warning("connections: %s", error)
            self._refusals[connection] = _Refusal()
        else:
            refusal.pause = refusal.left = min(2 * refusal.pause, _LONGEST_PAUSE)

    async def _list(self) -> Sequence[Reply]:
        graph = await ask_server(self._server.graph)
        told: list[Reply] = [("jack/graph", pair) for pair in sorted(graph.connections)]
        return [*told, done("jack/graph", len(told))]

    async def _restore(self) -> Sequence[Reply]:
        graph = await ask_server(self._server.graph)
        made = await self._make(self._connector.missing(graph))
        return [done("jack/restore", made)]
