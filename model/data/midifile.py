"""Reader of Standard MIDI Files: notes in quarter-note beats, tempos and meters.

Parsing is mido's. What is added here: notes from pairs of messages, each with the programme,
volume and expression of its channel at its onset, and held on where the pedal is down. Pitch
bends are not followed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import mido

from model.errors import DataError

__all__ = ["DRUM_CHANNEL", "MidiFile", "Note", "read_midi", "read_notes"]

DRUM_CHANNEL = 9
"""Channel of the drums in General MIDI, counted from 0."""
_VOLUME, _EXPRESSION, _PEDAL = 7, 11, 64
_USUAL_VOLUME = 100
"""Volume of a channel before any controller says so."""


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


@dataclass(frozen=True, slots=True)
class MidiFile:
    """Contents of one file."""

    notes: tuple[Note, ...]
    """Times in beats; ordered by onset, then by track."""
    tempos: tuple[tuple[float, float], ...]
    """Beat and beats per minute from there on; the first is at 0."""
    meters: tuple[tuple[float, int, int], ...]
    """Beat, numerator and denominator of the time signature; the first is at 0."""


@dataclass(slots=True)
class _OpenNote:
    """A note that has not ended yet."""

    place: tuple[int, int]
    """Tick and number of the track."""
    pitch: int
    velocity: int
    programme: int


@dataclass(slots=True)
class _Channel:
    """State of a MIDI channel."""

    programme: int = 0
    volume: int = _USUAL_VOLUME
    expression: int = 127
    pedal: bool = False
    held: dict[int, list[_OpenNote]] = field(default_factory=dict)
    ringing: list[_OpenNote] = field(default_factory=list)

    def touch(self, velocity: int) -> int:
        """Return a velocity that includes the channel's volume and expression."""
        level = velocity * self.volume / _USUAL_VOLUME * self.expression / 127
        return min(127, max(1, round(level)))

    def process(self, place: tuple[int, int], message: mido.Message) -> Iterator[_OpenNote]:
        """Process a message; yield the notes that end by it."""
        if message.type == "program_change":
            self.programme = message.program
        elif message.type == "control_change":
            yield from self._turn(message.control, message.value)
        elif message.type == "note_on" and message.velocity:
            for begun in [ringing for ringing in self.ringing if ringing.pitch == message.note]:
                self.ringing.remove(begun)
                yield begun
            begun = _OpenNote(place, message.note, self.touch(message.velocity), self.programme)
            self.held.setdefault(message.note, []).append(begun)
        elif message.type in ("note_on", "note_off") and self.held.get(message.note):
            begun = self.held[message.note].pop(0)
            if self.pedal:
                self.ringing.append(begun)
            else:
                yield begun

    def _turn(self, control: int, value: int) -> Iterator[_OpenNote]:
        if control == _VOLUME:
            self.volume = value
        elif control == _EXPRESSION:
            self.expression = value
        elif control == _PEDAL:
            self.pedal = value >= 64
            if not self.pedal:
                yield from self.ringing
                self.ringing = []


def read_notes(data: bytes) -> list[Note]:
    """Return every note of a MIDI file, ordered by onset, then by track.

    Args:
        data: The whole file.

    Returns:
        Notes with times in beats. A note that never ends is left out.

    Raises:
        DataError: The bytes are not a MIDI file with a musical time base.
    """
    return list(read_midi(data).notes)


def read_midi(data: bytes) -> MidiFile:
    """Return the notes, tempos and time signatures of a MIDI file.

    Args:
        data: The whole file.

    Raises:
        DataError: The bytes are not a MIDI file with a musical time base.

    Source:
        Standard MIDI Files 1.0, The MIDI Association.
    """
    file = _parse(data)
    names = [track.name.strip() for track in file.tracks]
    channels = [_Channel() for _ in range(16)]
    ended: list[tuple[_OpenNote, int, int]] = []
    tempos, meters, tick = {0: 120.0}, {0: (4, 4)}, 0
    for (tick, track), message in _in_order(file):
        if message.type == "set_tempo":
            tempos[tick] = mido.tempo2bpm(message.tempo)
        elif message.type == "time_signature":
            meters[tick] = (message.numerator, message.denominator)
        elif hasattr(message, "channel"):
            number = message.channel
            for begun in channels[number].process((tick, track), message):
                ended.append((begun, tick, number))
    for number, channel in enumerate(channels):
        ended += [(begun, tick, number) for begun in channel.ringing]
    ended.sort(key=lambda item: (item[0].place, item[2], item[0].pitch))
    beat = file.ticks_per_beat
    return MidiFile(
        notes=tuple(
            Note(
                start=begun.place[0] / beat,
                length=(end - begun.place[0]) / beat,
                pitch=begun.pitch,
                velocity=begun.velocity,
                programme=begun.programme,
                track=names[begun.place[1]],
                drum=number == DRUM_CHANNEL,
            )
            for begun, end, number in ended
        ),
        tempos=tuple((tick / beat, tempo) for tick, tempo in sorted(tempos.items())),
        meters=tuple((tick / beat, *meter) for tick, meter in sorted(meters.items())),
    )


def _parse(data: bytes) -> mido.MidiFile:
    try:
        file = mido.MidiFile(file=io.BytesIO(data), clip=True)
    except (OSError, EOFError, ValueError, IndexError, mido.KeySignatureError) as error:
        raise DataError(
            f"expected a MIDI file, got {data[:4]!r} and so on: {str(error) or 'it ends early'}"
        ) from None
    if not 0 < file.ticks_per_beat < 0x8000:
        raise DataError(f"expected ticks per beat, got time division {file.ticks_per_beat:#x}")
    return file


def _in_order(file: mido.MidiFile) -> list[tuple[tuple[int, int], mido.Message]]:
    """Return all messages with tick and track, by time; each track keeps its own order."""
    events = []
    for number, track in enumerate(file.tracks):
        tick = 0
        for message in track:
            tick += message.time
            events.append(((tick, number), message))
    return sorted(events, key=lambda event: event[0])
