"""The beat as MIDI clock for others: 24 ticks a quarter note, each on its frame.

While the music rolls, tick ``n`` lies where the tempo map has the ``n``-th part of a beat, so
who counts ticks is where we are. While it stands, ticks go on at the tempo, that others know
it when it rolls again. A song begins with start; from anywhere else it goes on with song
position and continue, and the next tick is the first of the sixteenth that was told. A stall
delays ticks, it loses none.

Pure: frames are arguments, what is to be sent comes back with its frame.

Source: MIDI 1.0 Detailed Specification, version 4.2.1, pages 27 to 30.
"""

from math import ceil

from bridge.midi.event import EventKind, encode_system
from bridge.tempo import TempoMap

__all__ = ["ClockSender"]

_TICKS = 24
"""In a quarter note; beats are taken for quarter notes."""
_SIXTEENTHS = 4
_PLACES = 16384
"""Song positions there are, in sixteenths."""
_FROM_THE_TOP = 6
"""Ticks of a song that may be over and it still is a start; they are sent at once. As many as
a sixteenth: from there on, song positions can tell where it is."""
_SAME_BEATS = 0.002
"""Maps that differ by less, at 120 bpm 1 ms, are the same; what measures them trembles."""
_SOON_S = 2.0
_JUMP_BEATS = 0.25
"""A map that is off by more was sent somewhere else."""
_ROUNDING = 1e-6


class ClockSender:
    """Tells one listener, or many, where the music is.

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
        """Frame of the next tick while the music stands."""
        self._sent = 0
        """Frame of the newest message; none is due before it."""

    def due(self, tempo: TempoMap | None, now: int, until: int) -> list[tuple[int, bytes]]:
        """Return what is to be sent before a frame and was not yet.

        Args:
            tempo: The map in force, its frames counted as ``now``; None without a beat.
            now: The next frame that can still be reached.
            until: Where to end; messages are never taken back, so not far ahead.
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
        frame = max(now, self._sent)  # ticks may have been sent ahead while it stood
        self._rolling, self._sent = True, frame
        if tempo.beats(now) * _TICKS < _FROM_THE_TOP:
            self._index = 0
            return [(frame, encode_system(EventKind.START))]
        place = ceil(tempo.beats(frame) * _SIXTEENTHS - _ROUNDING)
        self._index = place * _TICKS // _SIXTEENTHS
        position = encode_system(EventKind.SONG, _within_reach(place, tempo.beats_per_bar))
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
    """Return whether two maps have everybody in the same place, now and for a while."""
    soon = now + _SOON_S * two.rate
    apart = (abs(one.beats(frame) - two.beats(frame)) for frame in (now, soon))
    return one.rolling is two.rolling and max(apart) < _SAME_BEATS


def _within_reach(place: int, beats_per_bar: float) -> int:
    """Return a song position that can be told, at the same place in the bar.

    Example:
        >>> _within_reach(100, 4.0), _within_reach(16384 + 3, 4.0)
        (100, 3)
    """
    bar = max(1, round(beats_per_bar * _SIXTEENTHS))
    return place % (_PLACES // bar * bar)
