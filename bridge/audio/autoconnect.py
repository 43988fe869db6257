"""Which wires to make by ourselves: by rule as ports appear, and those that were there before.

Pure: looks at the graph and says what to connect. It never argues with the player: a wire is
made when its ports appear, and one that was taken away by hand stays away until then.
"""

import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from bridge.common.errors import ConfigError

__all__ = [
    "ConnectionKeeper",
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
"""Wires one rule makes at most at a time; a glob that says more was a slip."""


@dataclass(frozen=True, slots=True)
class ConnectionRule:
    """Connects every output that fits to every input that fits."""

    source: str
    """Glob over full port names."""
    destination: str

    def wires(self, graph: "PortGraph") -> list[Connection]:
        """Return the wires this rule wants."""
        sources = [port for port in graph.outputs if fnmatchcase(port, self.source)]
        targets = [port for port in graph.inputs if fnmatchcase(port, self.destination)]
        return [(source, target) for source in sources for target in targets][:_MANY]


@dataclass(frozen=True, kw_only=True, slots=True)
class PortGraph:
    """The audio server's ports, and our own wires."""

    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    wires: frozenset[Connection] = frozenset()
    """Those that begin or end at one of our ports."""

    def has(self, wire: Connection) -> bool:
        """Return whether both ends of a wire are there."""
        return wire[0] in self.outputs and wire[1] in self.inputs


def parse_rule(text: str, client: str) -> ConnectionRule:
    """Return the rule that a text stands for.

    Args:
        text: ``SOURCE=>DESTINATION``, each a port name in which ``*``, ``?`` and ``[abc]``
            stand for others. A name without a colon is one of our own ports.
        client: Our name on the server.

    Raises:
        ConfigError: It is no rule.

    Example:
        >>> parse_rule("ardour:*/audio_out 1 => in_L", "liveband")
        Rule(source='ardour:*/audio_out 1', destination='liveband:in_L')
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
    """Return the wires that ``connections_toml`` wrote.

    Raises:
        ConfigError: It is another file.
    """
    wires = set()
    for line in _strings(text, "wires"):
        source, _, destination = line.partition(f" {_ARROW} ")
        wires.add((source, destination))
    return frozenset(wires)


def connections_toml(wires: Iterable[Connection]) -> str:
    """Return wires as TOML, sorted."""
    lines = (
        f"  {json.dumps(f'{source} {_ARROW} {destination}', ensure_ascii=False)},\n"
        for source, destination in sorted(wires)
    )
    head = "# Wires of liveband, made again when their ports are there."
    return f"{head}\nwires = [\n{''.join(lines)}]\n"


@dataclass
class ConnectionKeeper:
    """Remembers wires and says which to make, look by look.

    Args:
        rules: What to connect as it appears.
        remembered: Wires of an earlier run.
    """

    rules: Sequence[ConnectionRule] = ()
    remembered: frozenset[Connection] = frozenset()
    """Wires in force, and those whose ports are away."""
    _before: PortGraph = field(default_factory=PortGraph)

    def look(self, graph: PortGraph) -> list[Connection]:
        """Take in the graph; return the wires that are due, each once.

        Args:
            graph: As it is now; empty while the server is away.
        """
        due: list[Connection] = []
        kept = set(graph.wires)
        for wire in sorted(self.remembered - graph.wires):
            if not graph.has(wire):
                kept.add(wire)
            elif not self._before.has(wire):
                kept.add(wire)
                due.append(wire)
        for rule in self.rules:
            for wire in rule.wires(graph):
                fresh = not self._before.has(wire) and wire not in graph.wires
                if fresh and wire not in due:
                    due.append(wire)
        self.remembered = frozenset(kept)
        self._before = graph
        return due

    def restore(self, graph: PortGraph) -> list[Connection]:
        """Return every remembered wire that could be there and is not."""
        return sorted(wire for wire in self.remembered - graph.wires if graph.has(wire))


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
