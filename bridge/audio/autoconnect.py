"""Automatic connections: those that rules ask for, and those of an earlier run.

Pure: takes the graph of ports and returns what to connect. A connection is made when its ports
appear; one that was removed by hand stays away until they appear again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bridge.audio.connection_rules import ConnectionRule
from bridge.audio.port_graph import Connection, PortGraph

__all__ = ["AutoConnector"]


@dataclass
class AutoConnector:
    """Remembers connections and decides, from graph to graph, which ones to make.

    Args:
        rules: What to connect as it appears.
        remembered: Connections of an earlier run.
    """

    rules: Sequence[ConnectionRule] = ()
    remembered: frozenset[Connection] = frozenset()
    """Connections in force, those whose ports are away, and those still to be made."""
    away: int = 0
    """How many remembered connections lack a port."""
    unmatched: tuple[str, ...] = ()
    """Rules, as they were written, that no ports have matched in any graph so far."""
    _matched: set[str] = field(default_factory=set)
    _pending: set[Connection] = field(default_factory=set)
    """Connections whose ports have appeared and that have not been made since."""
    _missed: set[Connection] = field(default_factory=set)
    """Connections that the graph before was the first to lack."""
    _before: PortGraph = field(default_factory=PortGraph)
    _appeared_before: frozenset[str] = frozenset()

    def due(self, graph: PortGraph, appeared: frozenset[str] = frozenset()) -> list[Connection]:
        """Take note of a new graph and return the connections to make.

        One that cannot be made yet, for example because its program is still starting, is due
        again with the next graph. One that two graphs lack, and whose ports have stayed, was
        removed by hand and is forgotten.

        Args:
            graph: As it is now; empty while the server is away.
            appeared: Ports registered since the graph before, or about then; among them those
                that went and came back in between, and so lost their connections.
        """
        missing = self.remembered - graph.connections
        away = {pair for pair in missing if not graph.has_ports_of(pair)}
        new = (appeared, self._appeared_before)
        returned = {pair for pair in missing - away if self._has_appeared(pair, new)}
        pending = set(filter(graph.has_ports_of, self._pending)) | returned
        if graph.kinds != self._before.kinds or any(new):
            pending.update(self._ruled(graph, new))
        pending -= graph.connections
        self._missed = set(missing - away - pending - self._missed)
        kept = graph.connections | away | self._missed | (pending & self.remembered)
        self.remembered, self.away = frozenset(kept), len(away)
        self._pending, self._before, self._appeared_before = pending, graph, appeared
        self.unmatched = tuple(
            rule.text for rule in self.rules if rule.text not in self._matched
        )
        return sorted(pending)

    def made(self, connection: Connection) -> None:
        """Take note that a connection was made, which the next graph may not show yet."""
        self._pending.discard(connection)

    def missing(self, graph: PortGraph) -> list[Connection]:
        """Return the remembered connections whose ports exist and that are not made."""
        return sorted(filter(graph.has_ports_of, self.remembered - graph.connections))

    def _ruled(
        self, graph: PortGraph, new: tuple[frozenset[str], frozenset[str]]
    ) -> Iterator[Connection]:
        """Yield what rules ask for of ports that have appeared."""
        for rule in self.rules:
            found = rule.matches(graph)
            if found:
                self._matched.add(rule.text)
            yield from (pair for pair in found if self._has_appeared(pair, new))

    def _has_appeared(
        self, connection: Connection, new: tuple[frozenset[str], frozenset[str]]
    ) -> bool:
        """Return whether a port of a connection appeared after the graph before.

        Args:
            connection: Its ports are there.
            new: Ports registered since about the graph before, and since the one before that;
                the latter count where that graph still showed the connection.
        """
        now, then = new
        was_there = connection in self._before.connections
        return not self._before.has_ports_of(connection) or any(
            end in now or (was_there and end in then) for end in connection
        )
