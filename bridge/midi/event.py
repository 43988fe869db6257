"""Encoder and decoder of MIDI messages.

JACK and RtMidi deliver whole messages, so a message never begins with a data byte; bytes that
do are no event. Nothing here knows a clock or a port.

Source: MIDI 1.0 Detailed Specification, version 4.2.1.
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["EventKind", "MidiEvent", "decode", "encode", "encode_system"]


class EventKind(StrEnum):
    """Kinds of events, by the names used in maps and monitors."""

    NOTE = "note"
    POLY = "poly"
    CC = "cc"
    PROGRAM = "program"
    PRESSURE = "pressure"
    BEND = "bend"
    CLOCK = "clock"
    START = "start"
    CONTINUE = "continue"
    STOP = "stop"
    SONG = "song"


_CHANNEL = {
    0x80: EventKind.NOTE,
    0x90: EventKind.NOTE,
    0xA0: EventKind.POLY,
    0xB0: EventKind.CC,
    0xC0: EventKind.PROGRAM,
    0xD0: EventKind.PRESSURE,
    0xE0: EventKind.BEND,
}
_SYSTEM = {
    0xF2: EventKind.SONG,
    0xF8: EventKind.CLOCK,
    0xFA: EventKind.START,
    0xFB: EventKind.CONTINUE,
    0xFC: EventKind.STOP,
}
_STATUS = {kind: status for status, kind in (_CHANNEL | _SYSTEM).items()}
_DATA_BYTES = {0xC0: 1, 0xD0: 1, 0xF2: 2, 0xF8: 0, 0xFA: 0, 0xFB: 0, 0xFC: 0}


@dataclass(frozen=True, slots=True)
class MidiEvent:
    """One message and the frame it arrived at."""

    frame: int
    """Absolute frame at which it arrived."""
    kind: EventKind
    """Kind of the message."""
    channel: int = 0
    """1..16; 0 for messages without a channel."""
    number: int = 0
    """Note, controller or program, 0..127; 0 where there is none."""
    value: int = 0
    """0..127; 0..16383 for bend (8192 is the middle) and song position (sixteenths). A
    released note has 0."""


def decode(data: bytes, frame: int) -> MidiEvent | None:
    """Return the event of a message; None for unknown kinds and incomplete messages.

    Args:
        data: One message.
        frame: The frame it arrived at.

    Example:
        >>> decode(bytes([0xB1, 7, 100]), 480)
        MidiEvent(frame=480, kind=<EventKind.CC: 'cc'>, channel=2, number=7, value=100)
    """
    if not data or max(data[1:], default=0) > 127:
        return None
    status = data[0] & 0xF0 if data[0] < 0xF0 else data[0]
    kind = _CHANNEL.get(status) or _SYSTEM.get(status)
    if kind is None or len(data) != 1 + _DATA_BYTES.get(status, 2):
        return None
    channel = (data[0] & 0x0F) + 1 if status < 0xF0 else 0
    first, second = (*data[1:], 0, 0)[:2]
    if kind in (EventKind.BEND, EventKind.SONG):
        return MidiEvent(frame, kind, channel, 0, first | second << 7)
    if kind is EventKind.PRESSURE:
        return MidiEvent(frame, kind, channel, 0, first)
    if kind is EventKind.PROGRAM:
        return MidiEvent(frame, kind, channel, first, 127)
    return MidiEvent(frame, kind, channel, first, second if status != 0x80 else 0)


def encode(kind: EventKind, channel: int, number: int, value: int) -> bytes:
    """Return the message of a channel event, the opposite of ``decode``.

    Args:
        kind: One that has a channel.
        channel: 1..16.
        number: As in ``MidiEvent``.
        value: As in ``MidiEvent``; a note with 0 is sent as a note-on of velocity 0, which
            every controller takes for switching its LED off.

    Example:
        >>> encode(EventKind.BEND, 1, 0, 8192).hex()
        'e00040'
    """
    status = _STATUS[kind] | channel - 1
    if kind is EventKind.BEND:
        return bytes((status, value & 0x7F, value >> 7))
    if kind is EventKind.PRESSURE:
        return bytes((status, value))
    if kind is EventKind.PROGRAM:
        return bytes((status, number))
    return bytes((status, number, value))


def encode_system(kind: EventKind, value: int = 0) -> bytes:
    """Return the message of an event without a channel, the opposite of ``decode``.

    Args:
        kind: ``CLOCK``, ``START``, ``CONTINUE``, ``STOP`` or ``SONG``.
        value: Song position in sixteenths, 0..16383; of no meaning to the others.

    Example:
        >>> encode_system(EventKind.SONG, 300).hex(), encode_system(EventKind.CLOCK).hex()
        ('f22c02', 'f8')
    """
    if kind is EventKind.SONG:
        return bytes((_STATUS[kind], value & 0x7F, value >> 7))
    return bytes((_STATUS[kind],))
