"""Bytes to OSC messages and back, strictly.

Decoding refuses whatever is not OSC 1.0 to the last byte, so that a sender with a bug learns
of it instead of setting something by accident. Encoding uses only the tags ``i f s``, which
every receiver understands (Pure Data's ``oscparse`` stops at ``T`` and ``F``).

Source:
    Matthew Wright, The Open Sound Control 1.0 Specification, 2002.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Argument", "MalformedPacketError", "Message", "Opaque", "decode", "encode"]

MAX_DEPTH = 8
"""Bundles within bundles beyond this depth are refused."""

_BUNDLE = b"#bundle\0"
_INT32_LOW, _INT32_HIGH = -(2**31), 2**31 - 1
_FIXED = {
    "i": struct.Struct(">i"),
    "f": struct.Struct(">f"),
    "h": struct.Struct(">q"),
    "d": struct.Struct(">d"),
    "t": struct.Struct(">Q"),
    "c": struct.Struct(">i"),
    "r": struct.Struct(">I"),
    "m": struct.Struct(">I"),
}
_NUMBERS = "ifhd"
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
"""What a received message carries; a bool is an int of 0 or 1."""


@dataclass(frozen=True, slots=True)
class Message:
    """One OSC message."""

    address: str
    arguments: tuple[Argument, ...] = ()


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
    return list(_packet(packet, 0, len(packet), 0))


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
            data += struct.pack(">i", argument)
        elif isinstance(argument, float):
            tags += "f"
            data += _float32(argument)
        else:
            tags += "s"
            data += _padded(str(argument))
    return _padded(message.address) + _padded(tags) + data


def _packet(packet: bytes, start: int, end: int, depth: int) -> Iterator[Message]:
    if (end - start) % 4 or end == start:
        raise MalformedPacketError(f"size {end - start} is not a positive multiple of 4")
    if packet.startswith(_BUNDLE, start, end):
        yield from _bundle(packet, start + len(_BUNDLE), end, depth)
    else:
        yield _message(packet, start, end)


def _bundle(packet: bytes, start: int, end: int, depth: int) -> Iterator[Message]:
    if depth == MAX_DEPTH:
        raise MalformedPacketError(f"more than {MAX_DEPTH} bundles within each other")
    position = start + 8  # the time tag; every message takes effect on arrival
    if position > end:
        raise MalformedPacketError("a bundle without its time tag")
    while position < end:
        (size,) = _FIXED["i"].unpack_from(packet, position)
        position += 4
        if not 0 < size <= end - position:
            raise MalformedPacketError(
                f"a bundle element of {size} of {end - position} bytes left"
            )
        yield from _packet(packet, position, position + size, depth + 1)
        position += size


def _message(packet: bytes, start: int, end: int) -> Message:
    address, position = _string(packet, start, end)
    if not (address.startswith("/") and address.isascii() and address.isprintable()):
        raise MalformedPacketError(f"{address[:40]!r} is no address: a slash, then plain ASCII")
    if " " in address:
        raise MalformedPacketError(f"a space in the address {address[:40]!r}")
    if position == end:  # senders from before type tags existed; nothing follows, so be kind
        return Message(address)
    tags, position = _string(packet, position, end)
    if not tags.startswith(","):
        raise MalformedPacketError(f"no type tags after {address[:40]}")
    arguments: list[Argument] = []
    for tag in tags[1:]:
        argument, position = _argument(packet, position, end, tag)
        arguments.append(argument)
    if position != end:
        raise MalformedPacketError(f"{end - position} bytes left over after {address[:40]}")
    return Message(address, tuple(arguments))


def _argument(packet: bytes, start: int, end: int, tag: str) -> tuple[Argument, int]:
    """Return one argument and the position after it."""
    if tag in _EMPTY:
        return _EMPTY[tag], start
    if tag in _FIXED:
        stop = start + _FIXED[tag].size
        if stop > end:
            raise MalformedPacketError(f"the packet ends within an argument of type {tag!r}")
        value = _FIXED[tag].unpack_from(packet, start)[0]
        return (value if tag in _NUMBERS else Opaque(tag)), stop
    if tag == "s":
        return _string(packet, start, end)
    if tag == "S":
        return Opaque(tag), _string(packet, start, end)[1]
    if tag == "b":
        return Opaque(tag), _blob_end(packet, start, end)
    if tag in "NI":
        return Opaque(tag), start
    raise MalformedPacketError(f"unknown type tag {tag!r}")


def _string(packet: bytes, start: int, end: int) -> tuple[str, int]:
    stop = packet.find(b"\0", start, end)
    if stop < 0:
        raise MalformedPacketError("a string without its end")
    position = start + (stop - start) // 4 * 4 + 4
    if position > end or any(packet[stop:position]):
        raise MalformedPacketError("a string that is not padded with zeros to 4 bytes")
    try:
        return packet[start:stop].decode("utf-8"), position
    except UnicodeDecodeError as error:
        raise MalformedPacketError(f"a string that is not UTF-8: {error.reason}") from None


def _blob_end(packet: bytes, start: int, end: int) -> int:
    if start + 4 > end:
        raise MalformedPacketError("a blob without its size")
    (size,) = _FIXED["i"].unpack_from(packet, start)
    position: int = start + 4 + (size + 3) // 4 * 4
    if size < 0 or position > end:
        raise MalformedPacketError(f"a blob of {size} of {end - start - 4} bytes left")
    return position


def _padded(text: str) -> bytes:
    data = text.replace("\0", "").encode("utf-8", "replace")
    return data + b"\0" * (4 - len(data) % 4)


def _float32(number: float) -> bytes:
    try:
        return struct.pack(">f", number)
    except OverflowError:
        return struct.pack(">f", float("inf") if number > 0 else float("-inf"))
