"""Ports of a JACK server by name, whatever bytes other programs chose for their names.

JACK-Client gives port objects and decodes names as strict UTF-8, so that one port of another
program hides all the others. Here names are read from libjack itself, and a port that goes
meanwhile is left out.
"""

import errno
from enum import Enum, IntFlag
from types import ModuleType

from bridge._native import ffi
from bridge.common.foreign_text import foreign_text

__all__ = ["JackPorts", "PortDirection", "PortKind"]


class PortDirection(IntFlag):
    """Which way sound or MIDI goes through a port; flags of JACK's own interface."""

    ANY = 0x0
    INPUT = 0x1
    OUTPUT = 0x2


class PortKind(Enum):
    """What ports carry: a regular expression for their type, as JACK writes it."""

    ANY = b""
    AUDIO = b"audio"
    MIDI = b"midi"


class JackPorts:
    """Lists and connects the ports of the server that a client is on.

    Names are texts; see ``foreign_text``. Where two ports have the same text, the one whose
    name is UTF-8 is meant.

    Args:
        jack: The module JACK-Client.
        client: An open ``jack.Client``.
    """

    def __init__(self, jack: ModuleType, client: ffi.CData) -> None:
        self._jack, self._client = jack, client._ptr
        self._lib, self._ffi = jack._lib, jack._ffi

    def names(
        self, kind: PortKind = PortKind.ANY, direction: PortDirection = PortDirection.ANY
    ) -> list[str]:
        """Return the full names of the ports of a kind and a direction."""
        return [foreign_text(name) for name in self._names(kind, direction)]

    def name_of(self, number: int) -> str:
        """Return the full name of the port that JACK has under a number; empty for none."""
        pointer = self._lib.jack_port_by_id(self._client, number)
        name = self._lib.jack_port_name(pointer) if pointer else self._ffi.NULL
        return foreign_text(self._ffi.string(name)) if name else ""

    def connected_to(self, port: str) -> list[str]:
        """Return the full names of the ports that one is connected to.

        Raises:
            JackError: There is no such port.
        """
        pointer = self._find(port)
        if not pointer:
            raise self._jack.JackError(f"there is no port {port!r}")
        peers = self._lib.jack_port_get_all_connections(self._client, pointer)
        return [foreign_text(name) for name in self._taken(peers)]

    def connect(self, source: str, destination: str) -> None:
        """Connect an output port to an input port.

        Raises:
            JackErrorCode: EEXIST, they are connected already.
            JackError: The server refused; the text has the reason.
        """
        self._pair(self._lib.jack_connect, source, destination)

    def disconnect(self, source: str, destination: str) -> None:
        """Take a connection away.

        Raises:
            JackError: The server refused, e.g. because they are not connected.
        """
        self._pair(self._lib.jack_disconnect, source, destination)

    def _pair(self, act: ffi.CData, source: str, destination: str) -> None:
        code = act(self._client, self._bytes(source), self._bytes(destination))
        if code == errno.EEXIST:
            raise self._jack.JackErrorCode("they are connected", code)
        if code:
            raise self._jack.JackError(self._objection(source, destination))

    def _objection(self, source: str, destination: str) -> str:
        """Return what speaks against a connection, as far as it can be seen."""
        kinds = {}
        for name, wanted in (
            (source, PortDirection.OUTPUT),
            (destination, PortDirection.INPUT),
        ):
            port = self._find(name)
            if not port:
                return f"there is no port {name!r}"
            if not self._lib.jack_port_flags(port) & wanted:
                return f"{name!r} is no {str(wanted.name).lower()}"
            kinds[name] = foreign_text(self._ffi.string(self._lib.jack_port_type(port)))
        if kinds[source] != kinds[destination]:
            return f"{source!r} carries {kinds[source]}, {destination!r} {kinds[destination]}"
        return "the server gives no reason"

    def _find(self, port: str) -> ffi.CData:
        return self._lib.jack_port_by_name(self._client, self._bytes(port))

    def _bytes(self, port: str) -> bytes:
        """Return the name by which JACK knows a port; the text in UTF-8 if it knows none."""
        plain = port.encode("utf-8", "replace")
        if self._lib.jack_port_by_name(self._client, plain):
            return plain
        names = self._names(PortKind.ANY, PortDirection.ANY)
        return next((name for name in names if foreign_text(name) == port), plain)

    def _names(self, kind: PortKind, direction: PortDirection) -> list[bytes]:
        found = self._lib.jack_get_ports(self._client, b"", kind.value, int(direction))
        return self._taken(found)

    def _taken(self, names: ffi.CData) -> list[bytes]:
        """Return the names of a list that libjack made for us, and free it."""
        if not names:
            return []
        taken: list[bytes] = []
        while names[len(taken)]:
            taken.append(self._ffi.string(names[len(taken)]))
        self._lib.jack_free(names)
        return taken
