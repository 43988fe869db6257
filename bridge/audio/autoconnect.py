"""Automatic connections: those that rules ask for, and those of an earlier run.

Pure: takes the graph of ports and returns what to connect. A connection is made when its ports
appear; one that was removed by hand stays away until they appear again.
"""

import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from bridge.common.errors import ConfigError

__all__ = [
    "AutoConnector",
    "ConnectionRule",
    "PortGraph",
    "connections_toml",
    "parse_connections",
    "parse_rule",
    "parse_rules",
]

Connection = tuple[str, str]
"""Full names of an output port and the input port it leads to."""

_ARROW = "=>"
_MANY = 64
"""Most connections that one rule makes at a time; a glob that fits more is a mistake."""


@dataclass(frozen=True, slots=True)
class ConnectionRule:
    """Connects every output that matches a glob to every input that matches another."""

    source: str
    """Glob over full port names."""
    destination: str

    def matches(self, graph: "PortGraph") -> list[Connection]:
        """Return the connections this rule asks for."""
        sources = [port for port in graph.outputs if fnmatchcase(port, self.source)]
        targets = [port for port in graph.inputs if fnmatchcase(port, self.destination)]
        return [(source, target) for source in sources for target in targets][:_MANY]


@dataclass(frozen=True, kw_only=True, slots=True)
class PortGraph:
    """The audio server's ports, and the connections of our own."""

    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    connections: frozenset[Connection] = frozenset()
    """Those that begin or end at one of our ports."""

    def has_ports_of(self, connection: Connection) -> bool:
        """Return whether both ends of a connection exist."""
        return connection[0] in self.outputs and connection[1] in self.inputs


def parse_rule(text: str, client: str) -> ConnectionRule:
    """Return the rule that a text stands for.

    Args:
        text: ``SOURCE=>DESTINATION``, each a glob (``*``, ``?``, ``[abc]``) over port names.
            A name without a colon is one of our own ports.
        client: Our name on the server.

    Raises:
        ConfigError: It is not a rule.

    Example:
        >>> parse_rule("ardour:*/audio_out 1 => in_L", "liveband")
        ConnectionRule(source='ardour:*/audio_out 1', destination='liveband:in_L')
    """
    source, arrow, destination = (part.strip() for part in text.partition(_ARROW))
    if not arrow or not source or not destination or _ARROW in destination:
        raise ConfigError(
            f"a rule is SOURCE{_ARROW}DESTINATION, e.g. 'ardour:Mix/audio_out 1{_ARROW}in_L'; "
            f"got {text!r}"
        )
    if ":" not in source and ":" not in destination:
        raise ConfigError(f"a rule leads from or to another program, CLIENT:PORT; got {text!r}")
    ends = (end if ":" in end else f"{client}:{end}" for end in (source, destination))
    return ConnectionRule(*ends)


def parse_rules(text: str, client: str) -> tuple[ConnectionRule, ...]:
    """Return the rules of a TOML file with the one key ``rules``.

    Raises:
        ConfigError: It is another file, or one of the rules is none.
    """
    return tuple(parse_rule(rule, client) for rule in _strings(text, "rules"))


def parse_connections(text: str) -> frozenset[Connection]:
    """Return the connections that ``connections_toml`` wrote.

    Raises:
        ConfigError: It is another file.
    """
    connections = set()
    for line in _strings(text, "wires"):
        source, _, destination = line.partition(f" {_ARROW} ")
        connections.add((source, destination))
    return frozenset(connections)


def connections_toml(connections: Iterable[Connection]) -> str:
    """Return connections as TOML, sorted."""
    lines = (
        f"  {json.dumps(f'{source} {_ARROW} {destination}', ensure_ascii=False)},\n"
        for source, destination in sorted(connections)
    )
    head = "# Wires of liveband, made again when their ports are there."
    return f"{head}\nwires = [\n{''.join(lines)}]\n"


@dataclass
class AutoConnector:
    """Remembers connections and decides, from graph to graph, which ones to make.

    Args:
        rules: What to connect as it appears.
        remembered: Connections of an earlier run.
    """

    rules: Sequence[ConnectionRule] = ()
    remembered: frozenset[Connection] = frozenset()
    """Connections in force, and those whose ports are away."""
    _before: PortGraph = field(default_factory=PortGraph)

    def due(self, graph: PortGraph) -> list[Connection]:
        """Take note of a new graph and return the connections to make, each once.

        Args:
            graph: As it is now; empty while the server is away.
        """
        due: list[Connection] = []
        kept = set(graph.connections)
        for connection in sorted(self.remembered - graph.connections):
            if not graph.has_ports_of(connection):
                kept.add(connection)
            elif not self._before.has_ports_of(connection):
                kept.add(connection)
                due.append(connection)
        for rule in self.rules:
            for connection in rule.matches(graph):
                appeared = not self._before.has_ports_of(connection)
                if appeared and connection not in (*graph.connections, *due):
                    due.append(connection)
        self.remembered = frozenset(kept)
        self._before = graph
        return due

    def missing(self, graph: PortGraph) -> list[Connection]:
        """Return the remembered connections whose ports exist and that are not made."""
        return sorted(filter(graph.has_ports_of, self.remembered - graph.connections))


def _strings(text: str, key: str) -> list[str]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(error)) from error
    unknown = [name for name in document if name != key]
    found = document.get(key, [])
    if unknown or not isinstance(found, list) or not all(isinstance(x, str) for x in found):
        got = f"the key {unknown[0]!r}" if unknown else repr(found)[:80]
        raise ConfigError(f"expected {key} = [ texts ] and nothing else, got {got}")
    return found
