"""Rules of automatic connections: exact names of ports, or patterns over them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from bridge.audio.port_graph import Connection, PortGraph
from bridge.common.errors import ConfigError

__all__ = ["ARROW", "ConnectionRule", "parse_rule"]

ARROW = "=>"
"""Stands between source and destination in a rule."""
_MANY = 64
"""Most connections that one rule makes at a time; a pattern that fits more is a mistake."""


@dataclass(frozen=True, slots=True)
class ConnectionRule:
    """Connects the outputs that one text names to the inputs that another names.

    A text that is the exact name of a port means that port. Otherwise it is a pattern, in
    which ``*`` and ``?`` stand for any text and any one character; brackets stand for
    themselves where a port has them there, else for a choice of characters, ``[12]``.
    """

    text: str
    """As it was written."""
    client: str
    """Our name on the server."""
    names: tuple[Connection, ...]
    """Source and destination, if the text has exact names; several, since an arrow or a space
    next to it may belong to a name."""
    patterns: tuple[Connection, ...]
    """Source and destination, if they are patterns; without the spaces around them."""

    def matches(self, graph: PortGraph) -> list[Connection]:
        """Return the connections this rule asks for, each of two audio or two MIDI ports.

        Our outputs are not led into our own inputs, unless both are named exactly.
        """
        exact = next(filter(graph.has_ports_of, self.names), None)
        if exact is not None:
            return [exact]
        found = (pair for ends in self.patterns for pair in _pairs(ends, graph))
        own = f"{self.client}:"
        foreign = (pair for pair in found if not all(end.startswith(own) for end in pair))
        return list(dict.fromkeys(foreign))[:_MANY]


def parse_rule(text: str, client: str) -> ConnectionRule:
    """Return the rule that a text stands for.

    Args:
        text: ``SOURCE=>DESTINATION``, each the exact name of a port or a pattern; see
            :class:`ConnectionRule`. A name without a colon is one of our own ports.
        client: Our name on the server.

    Raises:
        ConfigError: It is not a rule.

    Example:
        >>> parse_rule("ardour:*/audio_out 1 => in_L", "liveband").patterns
        (('ardour:*/audio_out 1', 'liveband:in_L'),)
    """
    splits = [ends for ends in _splits(text) if all(end.strip() for end in ends)]
    if not splits:
        raise ConfigError(
            f"a rule is SOURCE{ARROW}DESTINATION, e.g. 'ardour:Mix/audio_out 1{ARROW}in_L'; "
            f"got {text!r}"
        )
    foreign = [ends for ends in splits if any(":" in end for end in ends)]
    if not foreign:
        raise ConfigError(f"a rule leads from or to another program, CLIENT:PORT; got {text!r}")
    patterns = [(source.strip(), destination.strip()) for source, destination in foreign]
    names = [
        (source, destination)
        for left, right in foreign
        for source in (left, left.removesuffix(" "), left.strip())
        for destination in (right, right.removeprefix(" "), right.strip())
    ]
    return ConnectionRule(
        text, client, _full_names(names, client), _full_names(patterns, client)
    )


def _splits(text: str) -> Iterator[Connection]:
    """Yield what may be source and destination: the text before and after each arrow."""
    for arrow in re.finditer(f"(?={ARROW})", text):
        yield text[: arrow.start()], text[arrow.start() + len(ARROW) :]


def _full_names(pairs: Iterable[Connection], client: str) -> tuple[Connection, ...]:
    full = (
        (_full_name(source, client), _full_name(destination, client))
        for source, destination in pairs
    )
    return tuple(dict.fromkeys(full))


def _full_name(end: str, client: str) -> str:
    return end if ":" in end else f"{client}:{end}"


def _pairs(ends: Connection, graph: PortGraph) -> Iterator[Connection]:
    sources = _selected(ends[0], graph.outputs(), graph)
    destinations = _selected(ends[1], graph.inputs(), graph)
    for ports in graph.kinds:
        for source in filter(sources.__contains__, ports.outputs):
            for destination in filter(destinations.__contains__, ports.inputs):
                yield source, destination


def _selected(text: str, names: Iterable[str], graph: PortGraph) -> set[str]:
    """Return which of the names a text means."""
    known = set(names)
    if graph.has_port(text):
        return known & {text}
    for pattern in (text.replace("[", "[[]"), text):
        found = {name for name in known if fnmatchcase(name, pattern)}
        if found:
            return found
    return set()
