"""Sender of a MIDI clock: 24 ticks a quarter note, each at its frame of the tempo map.

While the transport rolls, tick ``n`` lies at ``n / 24`` beats of the tempo map, so a receiver
that counts ticks has the same position. While it is stopped, ticks continue at the tempo, so
that receivers know it before the next start. At the beginning of a song a start is sent; from
anywhere else a song position and a continue, and the next tick is the first of that sixteenth.
A stall delays ticks but loses none.

Frames are arguments, and the messages to send are returned with their frames.

Source: MIDI 1.0 Detailed Specification, version 4.2.1, pages 27 to 30.
"""

from math import ceil

from bridge.midi.event import EventKind, encode_system
from bridge.tempo import TempoMap

__all__ = ["ClockSender"]

_TICKS = 24
"""In a quarter note; beats are taken for quarter notes."""
_SIXTEENTHS = 4
_POSITIONS = 16384
"""Song positions there are, in sixteenths."""
_START_TICKS = 6
"""A start is sent up to this many ticks into the song, which are then sent at once: the length
of a sixteenth, from which on a song position can express where it is."""
_EQUAL_BEATS = 0.002
"""Maps that differ by less, 1 ms at 120 bpm, count as equal: measured ones fluctuate."""
_SOON_S = 2.0
_JUMP_BEATS = 0.25
"""A larger difference is a jump of the transport."""
_ROUNDING = 1e-6


class ClockSender:
    """Sends the position of the transport to any number of receivers.

    Example:
        >>> tempo = TempoMap(frame=0, beat=0.0, tempo_bpm=120.0, beats_per_bar=4.0, rate=48000)
        >>> [(frame, message.hex()) for frame, message in ClockSender().due(tempo, 0, 2500)]
        [(0, 'fa'), (0, 'f8'), (1000, 'f8'), (2000, 'f8')]
    """

    def __init__(self) -> None:
        self._tempo: TempoMap | None = None
        self._rolling = False
        self._index = 0
        """The next tick, from the start of the song; only while it rolls."""
        self._tick = 0.0
        """Frame of the next tick while the transport is stopped."""
        self._sent = 0
        """Frame of the newest message; none is due before it."""

    def due(self, tempo: TempoMap | None, now: int, until: int) -> list[tuple[int, bytes]]:
        """Return the messages before a frame that have not been returned yet.

        Args:
            tempo: The map in force, its frames counted as ``now``; None without a beat.
            now: The earliest frame at which a message can still be sent.
            until: End of the span; not far ahead, since messages cannot be taken back.
        """
        before = self._tempo
        if tempo is None:
            self._tempo = None
            return self._stopped(now)
        if before is None:
            self._tick = float(now)
        if before is None or not _same(before, tempo, now):
            self._tempo = tempo
        jumped = before is not None and abs(before.beats(now) - tempo.beats(now)) > _JUMP_BEATS
        messages: list[tuple[int, bytes]] = []
        if self._rolling and (jumped or not tempo.rolling):
            messages += self._stopped(now)
        if tempo.rolling and not self._rolling:
            messages += self._started(tempo, now)
        return messages + self._ticks(until)

    def _stopped(self, now: int) -> list[tuple[int, bytes]]:
        if not self._rolling:
            return []
        self._rolling = False
        self._sent = max(now, self._sent)
        self._tick = float(self._sent)
        return [(self._sent, encode_system(EventKind.STOP))]

    def _started(self, tempo: TempoMap, now: int) -> list[tuple[int, bytes]]:
        frame = max(now, self._sent)  # ticks may have been sent ahead while stopped
        self._rolling, self._sent = True, frame
        if tempo.beats(now) * _TICKS < _START_TICKS:
            self._index = 0
            return [(frame, encode_system(EventKind.START))]
        sixteenths = ceil(tempo.beats(frame) * _SIXTEENTHS - _ROUNDING)
        self._index = sixteenths * _TICKS // _SIXTEENTHS
        position = encode_system(EventKind.SONG, _in_range(sixteenths, tempo.beats_per_bar))
        return [(frame, position), (frame, encode_system(EventKind.CONTINUE))]

    def _ticks(self, until: int) -> list[tuple[int, bytes]]:
        tempo = self._tempo
        assert tempo is not None
        per_tick = tempo.frames_per_beat / _TICKS
        tick = encode_system(EventKind.CLOCK)
        messages: list[tuple[int, bytes]] = []
        while True:
            due = self._tick
            if self._rolling:
                due = tempo.frame + (self._index - tempo.beat * _TICKS) * per_tick
            frame = max(round(due), self._sent)
            if frame >= until:
                return messages
            messages.append((frame, tick))
            self._sent = frame
            if self._rolling:
                self._index += 1
            else:
                self._tick = due + per_tick


def _same(one: TempoMap, two: TempoMap, now: int) -> bool:
    """Return whether two maps have the same positions now and for the next seconds."""
    soon = now + _SOON_S * two.rate
    apart = (abs(one.beats(frame) - two.beats(frame)) for frame in (now, soon))
    return one.rolling is two.rolling and max(apart) < _EQUAL_BEATS


def _in_range(sixteenths: int, beats_per_bar: float) -> int:
    """Return a song position within the range of MIDI, at the same position in the bar.

    Example:
        >>> _in_range(100, 4.0), _in_range(16384 + 3, 4.0)
        (100, 3)
    """
    bar = max(1, round(beats_per_bar * _SIXTEENTHS))
    return sixteenths % (_POSITIONS // bar * bar)
