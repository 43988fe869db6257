"""Strict encoder and decoder of OSC packets.

Decoding refuses everything that is not OSC 1.0 to the last byte, so that a sender with a bug
is told instead of setting something by accident: python-osc reads and writes the single values,
and what it accepts wrongly is checked here. Encoding uses only the tags ``i f s``, which every
receiver understands (Pure Data's ``oscparse`` stops at ``T`` and ``F``).

Source:
    Matthew Wright, The Open Sound Control 1.0 Specification, 2002.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pythonosc.parsing import osc_types

from bridge.common.foreign_text import shown_text

__all__ = [
    "IMMEDIATELY",
    "Argument",
    "Bundle",
    "MalformedPacketError",
    "Message",
    "Opaque",
    "decode",
    "encode",
    "encode_bundle",
    "parse",
    "time_tag",
    "type_tag",
    "unix_time",
]

IMMEDIATELY = 1
"""The time tag that means now."""

MAX_DEPTH = 8
"""Bundles within bundles beyond this depth are refused."""

_BUNDLE = b"#bundle\0"
_EPOCH_S = 2_208_988_800
"""Seconds from 1900, where time tags begin, to 1970."""
_INT32_LOW, _INT32_HIGH = -(2**31), 2**31 - 1
_NUMBERS: dict[str, tuple[Callable[[bytes, int], tuple[float, int]], int]] = {
    "i": (osc_types.get_int, 4),
    "f": (osc_types.get_float, 4),
    "h": (osc_types.get_int64, 8),
    "d": (osc_types.get_double, 8),
}
_OPAQUE_SIZES = {"t": 8, "c": 4, "r": 4, "m": 4, "N": 0, "I": 0}
_EMPTY = {"T": True, "F": False}


class MalformedPacketError(ValueError):
    """The bytes are not an OSC packet; the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """An argument of a type that no control takes, such as a blob or a colour."""

    tag: str
    """Its OSC type tag."""

    def __str__(self) -> str:
        return f"an argument of OSC type {self.tag!r}"


Argument = float | int | str | bool | Opaque
"""Argument of a received message; a bool counts as an int of 0 or 1."""


@dataclass(frozen=True, slots=True)
class Message:
    """One OSC message."""

    address: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """Messages that belong together, and the time they are meant for."""

    time_tag: int
    """64 bits: seconds since 1900, and 2**32 parts of one; 1 means now."""
    elements: "tuple[Message | Bundle, ...]" = ()


def time_tag(unix_s: float) -> int:
    """Return the time tag of a moment given in seconds since 1970."""
    return round((unix_s + _EPOCH_S) * 2**32)


def unix_time(tag: int) -> float:
    """Return the moment of a time tag, in seconds since 1970.

    Example:
        >>> unix_time(time_tag(1.7e9 + 0.25))
        1700000000.25
    """
    return tag / 2**32 - _EPOCH_S


def parse(packet: bytes) -> Message | Bundle:
    """Return the message or bundle of a packet.

    Args:
        packet: One datagram.

    Raises:
        MalformedPacketError: The bytes are not exactly one OSC message or bundle.
    """
    return _packet(packet, 0)


def decode(packet: bytes) -> list[Message]:
    """Return the messages of a packet in order, those of bundles in place.

    Args:
        packet: One datagram.

    Raises:
        MalformedPacketError: The bytes are not exactly one OSC message or bundle.

    Example:
        >>> decode(encode(Message("/liveband/stem", ("bass",))))
        [Message(address='/liveband/stem', arguments=('bass',))]
    """
    return list(_messages(_packet(packet, 0)))


def encode_bundle(tag: int, messages: Iterable[Message]) -> bytes:
    """Return messages as one bundle with the time tag ``tag``.

    Example:
        >>> decode(encode_bundle(IMMEDIATELY, [Message("/a"), Message("/b")]))
        [Message(address='/a', arguments=()), Message(address='/b', arguments=())]
    """
    packets = map(encode, messages)
    body = b"".join(struct.pack(">i", len(packet)) + packet for packet in packets)
    return _BUNDLE + struct.pack(">Q", tag) + body


def encode(message: Message) -> bytes:
    """Return a message as a datagram with the tags ``i f s`` only.

    A bool becomes ``i`` 0 or 1; an int beyond 32 bits and an opaque argument become text.

    Example:
        >>> encode(Message("/abc", (1,))).hex(" ", 4)
        '2f616263 00000000 2c690000 00000001'
    """
    tags, data = ",", b""
    for argument in message.arguments:
        if isinstance(argument, int) and _INT32_LOW <= argument <= _INT32_HIGH:
            tags += "i"
            data += osc_types.write_int(argument)
        elif isinstance(argument, float):
            tags += "f"
            data += _float32(argument)
        else:
            tags += "s"
            data += _padded(str(argument))
    return _padded(message.address) + _padded(tags) + data


def type_tag(kind: object) -> str:
    """Return the type tag with which ``encode`` writes values of a Python type."""
    if kind in (int, bool):
        return "i"
    return "f" if kind is float else "s"


def _messages(element: Message | Bundle) -> Iterator[Message]:
    if isinstance(element, Message):
        yield element
    else:
        for inner in element.elements:
            yield from _messages(inner)


def _packet(packet: bytes, depth: int) -> Message | Bundle:
    if len(packet) % 4 or not packet:
        raise MalformedPacketError(f"size {len(packet)} is not a positive multiple of 4")
    return _bundle(packet, depth) if packet.startswith(_BUNDLE) else _message(packet)


def _bundle(packet: bytes, depth: int) -> Bundle:
    if depth == MAX_DEPTH:
        raise MalformedPacketError(f"more than {MAX_DEPTH} bundles within each other")
    position = len(_BUNDLE) + 8
    if len(packet) < position:
        raise MalformedPacketError("a bundle without its time tag")
    (tag,) = struct.unpack(">Q", packet[len(_BUNDLE) : position])
    elements = []
    while position < len(packet):
        size, _ = osc_types.get_int(_field(packet, position, 4), 0)
        position += 4
        left = len(packet) - position
        if not 0 < size <= left:
            raise MalformedPacketError(f"a bundle element of {size} of {left} bytes left")
        elements.append(_packet(packet[position : position + size], depth + 1))
        position += size
    return Bundle(tag, tuple(elements))


def _message(packet: bytes) -> Message:
    address, position = _string(packet, 0)
    if not (address.startswith("/") and address.isascii() and address.isprintable()):
        raise MalformedPacketError(f"{address[:40]!r} is no address: a slash, then plain ASCII")
    if " " in address:
        raise MalformedPacketError(f"a space in the address {address[:40]!r}")
    if position == len(packet):  # accepted: senders older than type tags
        return Message(address)
    tags, position = _string(packet, position)
    if not tags.startswith(","):
        raise MalformedPacketError(f"no type tags after {address[:40]}")
    arguments: list[Argument] = []
    for tag in tags[1:]:
        argument, position = _argument(packet, position, tag)
        arguments.append(argument)
    if left := len(packet) - position:
        raise MalformedPacketError(f"{left} bytes left over after {address[:40]}")
    return Message(address, tuple(arguments))


def _argument(packet: bytes, start: int, tag: str) -> tuple[Argument, int]:
    """Return one argument and the position after it."""
    if tag in _EMPTY:
        return _EMPTY[tag], start
    if tag in _NUMBERS:
        read, size = _NUMBERS[tag]
        return read(_field(packet, start, size), 0)[0], start + size
    if tag in _OPAQUE_SIZES:
        return Opaque(tag), start + len(_field(packet, start, _OPAQUE_SIZES[tag]))
    if tag == "s":
        return _string(packet, start)
    if tag == "S":
        return Opaque(tag), _string(packet, start)[1]
    if tag == "b":
        return Opaque(tag), _blob_end(packet, start)
    raise MalformedPacketError(f"unknown type tag {tag!r}")


def _field(packet: bytes, start: int, size: int) -> bytes:
    """Return exactly the bytes of one value.

    Given the packet itself, ``get_float`` would fill a short value with zeros, and every
    reader would copy all that follows the value.
    """
    field = packet[start : start + size]
    if len(field) < size:
        raise MalformedPacketError(f"{len(field)} bytes left for a value of {size}")
    return field


def _string(packet: bytes, start: int) -> tuple[str, int]:
    try:
        text, position = osc_types.get_string(packet, start)
    except osc_types.ParseError:
        raise MalformedPacketError("a string without its end") from None
    except UnicodeDecodeError as error:
        raise MalformedPacketError(f"a string that is not UTF-8: {error.reason}") from None
    if packet[start:position] != osc_types.write_string(text):
        raise MalformedPacketError("a string that is not padded with zeros to 4 bytes")
    return text, position


def _blob_end(packet: bytes, start: int) -> int:
    """Return the position after a blob; ``get_blob`` would take a negative size."""
    size, _ = osc_types.get_int(_field(packet, start, 4), 0)
    position = start + 4 + (size + 3) // 4 * 4
    if size < 0 or position > len(packet):
        raise MalformedPacketError(f"a blob of {size} of {len(packet) - start - 4} bytes left")
    return position


def _padded(text: str) -> bytes:
    """Return any text as an OSC string: zeros left out, lone surrogates as question marks.

    Surrogates that stand for bytes which are no UTF-8 are shown as ``foreign_text`` shows them.
    """
    shown = shown_text(text.replace("\0", ""))
    plain = shown.encode("utf-8", "replace").decode("utf-8")
    return osc_types.write_string(plain)


def _float32(number: float) -> bytes:
    try:
        return osc_types.write_float(number)
    except OverflowError:
        return osc_types.write_float(float("inf") if number > 0 else float("-inf"))
