"""Framing of packets on a stream: SLIP, or a length before each packet.

OSC 1.1 specifies SLIP with an END before and after each packet, OSC 1.0 four bytes of length
before each. The first byte tells them apart: a length below 16 MiB begins with 0, while
neither SLIP's END nor an address or a bundle does. Some send SLIP's END after a packet only, so
a stream of bare OSC shows in that no END comes.

Source:
    J. Romkey, RFC 1055, "A Nonstandard for Transmission of IP Datagrams over Serial Lines".
    A. Freed and A. Schmeder, "Features and Future of Open Sound Control version 1.1", 2009.
"""

from collections.abc import Iterator
from typing import Protocol

__all__ = [
    "MAX_PACKET",
    "Framing",
    "FramingError",
    "LengthFraming",
    "RawFraming",
    "SlipFraming",
    "framing_of",
]

MAX_PACKET = 65536
"""Bytes of the longest packet accepted."""

_END, _ESC, _ESC_END, _ESC_ESC = b"\xc0", b"\xdb", b"\xdb\xdc", b"\xdb\xdd"
_SLIP_BEGINS = _END + b"/#"
"""An END, or the first byte of an address or a bundle where an END comes after it only."""


class FramingError(ValueError):
    """The bytes do not separate into packets.

    Args:
        message: Description of the error.
        fatal: Whether the beginning of the next packet cannot be found.
    """

    def __init__(self, message: str, *, fatal: bool) -> None:
        super().__init__(message)
        self.fatal = fatal


class Framing(Protocol):
    """Way to send packets through a stream."""

    def pack(self, packet: bytes) -> bytes:
        """Return the bytes to send for a packet."""

    def feed(self, data: bytes) -> Iterator[bytes | FramingError]:
        """Yield the packets completed by ``data``, and errors."""

    @property
    def is_within_packet(self) -> bool:
        """Whether a packet has begun that has not ended."""

    @property
    def is_recognised(self) -> bool:
        """Whether the peer has shown that it uses this framing."""


class SlipFraming:
    """Packets between END bytes; the bytes END and ESC within are escaped.

    Example:
        >>> slip = SlipFraming()
        >>> [packet.hex() for packet in slip.feed(slip.pack(b"a") + slip.pack(_END + _ESC))]
        ['61', 'c0db']
    """

    is_recognised = False

    def __init__(self) -> None:
        self._rest = bytearray()
        self._skipping = False

    @property
    def is_within_packet(self) -> bool:
        """Whether bytes came after the last END."""
        return bool(self._rest)

    def pack(self, packet: bytes) -> bytes:
        """Return a packet between two ENDs."""
        escaped = packet.replace(_ESC, _ESC_ESC).replace(_END, _ESC_END)
        return _END + escaped + _END

    def feed(self, data: bytes) -> Iterator[bytes | FramingError]:
        """Yield the packets completed by ``data``, without empty ones."""
        *complete, rest = data.split(_END)
        self.is_recognised = self.is_recognised or bool(complete)
        for part in complete:
            self._rest += part
            packet, skipped = bytes(self._rest), self._skipping
            self._rest.clear()
            self._skipping = False
            if packet and not skipped:
                yield _unescaped(packet)
        if not self._skipping:
            self._rest += rest
            if len(self._rest) > 2 * MAX_PACKET:
                self._rest.clear()
                self._skipping = True
                yield FramingError(f"a packet of more than {MAX_PACKET} bytes", fatal=False)


class LengthFraming:
    """Packets, each after four bytes with its length.

    Example:
        >>> framing = LengthFraming()
        >>> list(framing.feed(framing.pack(b"abcd")[:6])), list(framing.feed(b"cd"))
        ([], [b'abcd'])
    """

    is_recognised = True

    def __init__(self) -> None:
        self._rest = bytearray()

    @property
    def is_within_packet(self) -> bool:
        """Whether a part of a length or a packet came."""
        return bool(self._rest)

    def pack(self, packet: bytes) -> bytes:
        """Return a packet after its length."""
        return len(packet).to_bytes(4, "big") + packet

    def feed(self, data: bytes) -> Iterator[bytes | FramingError]:
        """Yield the packets completed by ``data``."""
        self._rest += data
        start = 0
        while len(self._rest) - start >= 4:
            size = int.from_bytes(self._rest[start : start + 4], "big")
            if not 0 < size <= MAX_PACKET:
                yield FramingError(f"a length of {size} bytes, expected 4..65536", fatal=True)
                return
            if len(self._rest) < start + 4 + size:
                break
            yield bytes(self._rest[start + 4 : start + 4 + size])
            start += 4 + size
        del self._rest[:start]


class RawFraming:
    """Bare packets or no OSC, as a peer sends that knows no framing; it is only answered."""

    is_recognised = True
    is_within_packet = False

    def pack(self, packet: bytes) -> bytes:
        """Return a packet as it is."""
        return packet

    def feed(self, data: bytes) -> Iterator[bytes | FramingError]:
        """Yield nothing: the ends of packets are unknown."""
        yield from ()


def framing_of(first: int) -> Framing:
    """Return the framing of a stream by its first byte.

    A stream that begins like nothing of OSC is not looked through for packets: a request that a
    web page has its browser send here begins with a letter, and may hold packets further on.
    """
    if first == 0:
        return LengthFraming()
    return SlipFraming() if first in _SLIP_BEGINS else RawFraming()


def _unescaped(part: bytes) -> bytes | FramingError:
    packet = part.replace(_ESC_END, _END).replace(_ESC_ESC, _ESC)
    escapes = part.count(_ESC)
    if escapes != part.count(_ESC_END) + part.count(_ESC_ESC):
        return FramingError("an escape byte without what it escapes", fatal=False)
    return packet
