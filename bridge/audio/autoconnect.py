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
    _just_made: set[Connection] = field(default_factory=set)
    """Connections that the next graph may not show yet."""
    _before: PortGraph = field(default_factory=PortGraph)

    def due(self, graph: PortGraph) -> list[Connection]:
        """Take note of a new graph and return the connections to make.

        One that cannot be made yet, for example because its program is still starting, is due
        again with the next graph.

        Args:
            graph: As it is now; empty while the server is away.
        """
        kept = set(graph.connections)
        pending = set(filter(graph.has_ports_of, self._pending))
        missing = self.remembered - graph.connections
        away = {connection for connection in missing if not graph.has_ports_of(connection)}
        for connection in missing - away:
            if self._has_appeared(connection, graph):
                pending.add(connection)
            if connection in pending or connection in self._just_made:
                kept.add(connection)
        if graph.kinds != self._before.kinds or graph.appeared:
            pending.update(self._ruled(graph))
        self.unmatched = tuple(
            rule.text for rule in self.rules if rule.text not in self._matched
        )
        self.remembered, self.away = frozenset(kept | away), len(away)
        self._pending = pending - graph.connections
        self._just_made.clear()
        self._before = graph
        return sorted(self._pending)

    def made(self, connection: Connection) -> None:
        """Take note that a connection was made, which the next graph may not show yet."""
        self._pending.discard(connection)
        self._just_made.add(connection)

    def missing(self, graph: PortGraph) -> list[Connection]:
        """Return the remembered connections whose ports exist and that are not made."""
        return sorted(filter(graph.has_ports_of, self.remembered - graph.connections))

    def _ruled(self, graph: PortGraph) -> Iterator[Connection]:
        """Yield what rules ask for of ports that have appeared."""
        for rule in self.rules:
            found = rule.matches(graph)
            if found:
                self._matched.add(rule.text)
            yield from (pair for pair in found if self._has_appeared(pair, graph))

    def _has_appeared(self, connection: Connection, graph: PortGraph) -> bool:
        """Return whether a port of a connection was not there in the graph before."""
        return not self._before.has_ports_of(connection) or any(
            end in graph.appeared for end in connection
        )
