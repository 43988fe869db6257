"""Read the notes of a Standard MIDI File; times stay in quarter-note beats.

Only what MMA writes is understood: notes and programme changes. Tempo is left out on
purpose, because MMA truncates it to an integer; the song keeps its own, exact one.

Source: Standard MIDI Files 1.0, The MIDI Association.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from model.errors import DataError

__all__ = ["Note", "read_notes"]

DRUM_CHANNEL = 9


@dataclass(frozen=True, slots=True)
class Note:
    """One note of one track."""

    start: float
    """Onset in beats, or in seconds once a song has been timed."""
    length: float
    """Duration in the same unit."""
    pitch: int
    """MIDI key 0..127; for drums the instrument."""
    velocity: int
    """1..127."""
    programme: int
    """General MIDI programme 0..127, or the kit for drums."""
    track: str
    """Name of the track it came from."""
    drum: bool = False
    """Whether it is on the drum channel."""


def read_notes(data: bytes) -> list[Note]:
    """Return every note of a MIDI file, ordered by onset, track by track.

    Args:
        data: The whole file.

    Returns:
        Notes with times in beats. A note that never ends is left out.

    Raises:
        DataError: The bytes are not a MIDI file with a musical time base.
    """
    if data[:4] != b"MThd" or len(data) < 14:
        raise DataError(f"expected a MIDI file starting with b'MThd', got {data[:4]!r}")
    header, _, _, division = struct.unpack(">IHHH", data[4:14])
    if division & 0x8000 or not division:
        raise DataError(f"expected ticks per beat, got time division {division:#06x}")
    notes: list[Note] = []
    position = 8 + header
    while position + 8 <= len(data):
        kind, size = (
            data[position : position + 4],
            struct.unpack_from(">I", data, position + 4)[0],
        )
        if kind == b"MTrk":
            notes += _track_notes(data[position + 8 : position + 8 + size], division)
        position += 8 + size
    return sorted(notes, key=lambda note: note.start)


def _track_notes(track: bytes, ticks_per_beat: int) -> list[Note]:
    name = ""
    programmes = [0] * 16
    held: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    notes: list[Note] = []
    for tick, status, payload in _events(track):
        kind, channel = status & 0xF0, status & 0x0F
        if status == 0xFF and payload[0] == 0x03:
            name = payload[1:].decode("latin-1").strip()
        elif kind == 0xC0:
            programmes[channel] = payload[0]
        elif kind == 0x90 and payload[1]:
            held.setdefault((channel, payload[0]), []).append(
                (tick, payload[1], programmes[channel])
            )
        elif kind in (0x80, 0x90) and held.get((channel, payload[0])):
            start, velocity, programme = held[channel, payload[0]].pop(0)
            notes.append(
                Note(
                    start=start / ticks_per_beat,
                    length=(tick - start) / ticks_per_beat,
                    pitch=payload[0],
                    velocity=velocity,
                    programme=programme,
                    track=name,
                    drum=channel == DRUM_CHANNEL,
                )
            )
    return notes


def _events(track: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield ``(tick, status, payload)``; of a meta event the payload begins with its type."""
    position = tick = status = 0
    while position < len(track):
        delta, position = _variable_length(track, position)
        tick += delta
        if track[position] & 0x80:
            status, position = track[position], position + 1
        if status >= 0xF0:
            first = position if status == 0xFF else position - 1
            size, begin = _variable_length(track, position + (status == 0xFF))
            kind = track[first : first + 1]
            yield tick, status, kind + track[begin : begin + size]
            position = begin + size
        else:
            size = 1 if status & 0xF0 in (0xC0, 0xD0) else 2
            yield tick, status, track[position : position + size]
            position += size


def _variable_length(track: bytes, position: int) -> tuple[int, int]:
    """Return the number coded at ``position`` and the position behind it."""
    value = 0
    while True:
        byte = track[position]
        position += 1
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            return value, position
