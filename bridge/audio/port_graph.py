"""Graph of the audio server: its audio and MIDI ports, and the connections of our own."""

from collections.abc import Iterator
from dataclasses import dataclass

from bridge.controls.table import MAX_PLAYERS

__all__ = ["Connection", "PortGraph", "PortSet", "band_ports"]

Connection = tuple[str, str]
"""Full names of an output port and the input port it leads to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PortSet:
    """Full names of all ports that carry the same: audio or MIDI."""

    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()

    def __or__(self, others: "PortSet") -> "PortSet":
        """Return the ports of both, each once."""
        return PortSet(
            outputs=tuple(dict.fromkeys((*self.outputs, *others.outputs))),
            inputs=tuple(dict.fromkeys((*self.inputs, *others.inputs))),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class PortGraph:
    """The audio server's ports, and the connections of our own."""

    audio: PortSet = PortSet()
    midi: PortSet = PortSet()
    connections: frozenset[Connection] = frozenset()
    """Those that begin or end at one of our ports."""

    def __or__(self, others: "PortGraph") -> "PortGraph":
        """Return the ports and connections of both."""
        return PortGraph(
            audio=self.audio | others.audio,
            midi=self.midi | others.midi,
            connections=self.connections | others.connections,
        )

    @property
    def kinds(self) -> tuple[PortSet, PortSet]:
        """Ports by kind; a connection joins two of one kind."""
        return self.audio, self.midi

    def has_port(self, name: str) -> bool:
        """Return whether there is a port of exactly that name."""
        return name in self.outputs() or name in self.inputs()

    def has_ports_of(self, connection: Connection) -> bool:
        """Return whether both ends of a connection exist, and are of one kind."""
        source, destination = connection
        return any(
            source in ports.outputs and destination in ports.inputs for ports in self.kinds
        )

    def outputs(self) -> Iterator[str]:
        """Yield the names of all outputs, audio first."""
        for ports in self.kinds:
            yield from ports.outputs

    def inputs(self) -> Iterator[str]:
        """Yield the names of all inputs, audio first."""
        for ports in self.kinds:
            yield from ports.inputs


def band_ports(client: str) -> PortGraph:
    """Return the ports that a band of the most players has under a client's name."""
    stems = ("out", *(f"out{player}" for player in range(2, MAX_PLAYERS + 1)))
    return PortGraph(
        audio=PortSet(
            outputs=tuple(f"{client}:{stem}_{side}" for stem in stems for side in "LR"),
            inputs=tuple(f"{client}:in_{side}" for side in "LR"),
        ),
        midi=PortSet(outputs=(f"{client}:control_out",), inputs=(f"{client}:control_in",)),
    )
