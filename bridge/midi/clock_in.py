"""The beat from MIDI clock: 24 ticks a quarter note, each some milliseconds off, made steady.

A phase-locked loop of second order. Its gains begin as those of a straight line fitted through
all ticks so far, so it is locked after a few; they settle where it remembers about two beats,
so that it averages jitter out and still follows a player who pushes. Ticks that were lost on
the way are found out by their gap, and the song goes on where it is; ticks that keep coming at
another pace are a new tempo, and the fit begins again.

Pure: frames come with the events, and ``position`` answers for any frame.

Source: F. Adriaensen, "Using a DLL to filter time" (2005), for the loop; E. Brookner,
"Tracking and Kalman Filtering Made Easy" (1998), chapter 1.2.10, for the gains.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bridge.midi.event import EventKind, MidiEvent

__all__ = ["ClockFollower", "ClockPosition"]

_TICKS_PER_BEAT = 24
_TICKS_PER_SIXTEENTH = 6
_MEMORY = 48
"""Ticks the loop averages over once it has settled."""
_COAST_S = 1.0
"""How long the beat goes on without ticks."""
_TRUSTED = 4
"""Ticks after which the tempo is told."""
_LOCKED = 6
"""Ticks after which one that comes at half or twice the pace is thought strange."""
_WATCHED = 12
"""Ticks of late whose pace is compared with the loop's."""
_NEW = 5
"""How many of them, at least, are of the new tempo when most have another pace."""
_ANOTHER_PACE = 0.12
"""Part of the period by which it must differ."""
_LEANING = 10
"""Ticks in a row all early or all late, that make the loop open up again; ..."""
_LEANING_FAR = 4
"""... so few of them, ..."""
_FAR = 0.3
"""... if the last is off by this part of the period, before it is taken for another tick."""
_OPEN = 6
"""Ticks it then remembers."""


@dataclass(frozen=True, slots=True)
class ClockPosition:
    """Where the music is."""

    beats: float
    """Quarter notes since the start of the song; stands still while it is stopped."""
    tempo_bpm: float
    """Quarter notes per minute."""
    rolling: bool
    """Whether the song is playing."""


class ClockFollower:
    """Follows one MIDI clock.

    Args:
        rate: Frames per second.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._fit = _Fit()
        self._late: deque[_Tick] = deque(maxlen=_WATCHED)
        """The newest ticks."""
        self._rolling = False
        self._next_index = 0
        """Ticks from the start of the song to the next tick, while rolling."""
        self._first_count = 0
        """Ticks counted when tick 0 of the song was, or would have been, due."""

    @property
    def rolling(self) -> bool:
        """Whether the song is playing."""
        return self._rolling

    def feed(self, event: MidiEvent) -> None:
        """Take one event; those that are none of the clock's are ignored."""
        match event.kind:
            case EventKind.CLOCK:
                self._tick(event.frame)
            case EventKind.START:
                self._roll_from(0)
            case EventKind.CONTINUE if not self._rolling:
                self._roll_from(self._next_index)
            case EventKind.STOP if self._rolling:
                self._next_index = self._fit.count + 1 - self._first_count
                self._rolling = False
            case EventKind.SONG:
                self._locate(event.value * _TICKS_PER_SIXTEENTH)

    def position(self, frame: int) -> ClockPosition | None:
        """Return where the music is at a frame.

        Args:
            frame: Any, before or after the newest tick.

        Returns:
            None until a tempo is known, and when no tick came for a second.
        """
        fit = self._fit
        if fit.ticks < _TRUSTED or frame - fit.heard > _COAST_S * self._rate:
            return None
        ticks = float(self._next_index)
        if self._rolling:
            ticks = max(fit.count_at(frame) - self._first_count, float(self._next_index))
        tempo_bpm = 60.0 * self._rate / (fit.period * _TICKS_PER_BEAT)
        return ClockPosition(ticks / _TICKS_PER_BEAT, tempo_bpm, self._rolling)

    def _roll_from(self, index: int) -> None:
        self._next_index = index
        self._first_count = self._fit.count + 1 - index
        self._rolling = True

    def _locate(self, index: int) -> None:
        self._next_index = index
        if self._rolling:
            self._first_count = self._fit.count + 1 - index

    def _tick(self, frame: int) -> None:
        fit = self._fit
        if not fit.ticks or frame - fit.heard > _COAST_S * self._rate:
            fit.begin(frame)
            self._late.clear()
            return
        advance = fit.advance(frame) if fit.ticks >= _LOCKED else 1
        if len(self._late) == _WATCHED:
            self._judge(self._late[0])
        self._late.append(_Tick(frame, frame - fit.heard, advance))
        fit.take(frame, advance)
        if self._pace_changed():
            new = self._newly_paced()
            if len(new) >= _NEW:
                fit.refit(new)
                for tick in self._late:
                    self._judge(tick)
                self._late.clear()

    def _judge(self, tick: "_Tick") -> None:
        """Count a strange tick anew, now that it is clear which tempo it belonged to."""
        if tick.advance != 1:
            self._fit.count += round(tick.gap / self._fit.period) - tick.advance

    def _pace_changed(self) -> bool:
        """Return whether most ticks of late, not only a few around a gap, have another pace."""
        if len(self._late) < _WATCHED:
            return False
        ticks = list(self._late)
        strange = sum(tick.advance != 1 for tick in ticks)
        pace = median(
            (one.gap + two.gap) / max(1, one.advance + two.advance)
            for one, two in pairwise(ticks[1:])
        )
        period = self._fit.period
        return 2 * strange >= _WATCHED or abs(pace - period) > _ANOTHER_PACE * period

    def _newly_paced(self) -> list[int]:
        """Return the frames of the newest ticks that share a pace, the new one, and no gap."""
        ticks = list(self._late)
        pace = median(tick.gap for tick in ticks[-_NEW:])
        begin = len(ticks) - 1
        while begin and abs(ticks[begin].gap - pace) < min(
            abs(ticks[begin].gap - self._fit.period), pace / 2
        ):
            begin -= 1
        return [tick.frame for tick in ticks[begin:]]


@dataclass(frozen=True, slots=True)
class _Tick:
    """One tick as it came."""

    frame: int
    gap: int
    """Frames since the one before."""
    advance: int
    """By how many it was counted."""


@dataclass(slots=True)
class _Fit:
    """A line through the ticks: when the newest was due, and frames from one to the next."""

    ticks: int = 0
    """How many the line was fitted through, up to ``_MEMORY``; its gains follow from it."""
    count: int = -1
    """Ticks counted, from 0 for the first ever."""
    time: float = 0.0
    """Frame at which tick ``count`` was due."""
    period: float = 0.0
    """Frames from tick to tick."""
    heard: int = 0
    """Frame of the newest tick, as it came."""
    leaning: int = 0
    """Ticks in a row that were late; early ones count below zero."""

    def count_at(self, frame: int) -> float:
        """Return the ticks counted up to a frame, with the part of the next one."""
        return self.count + (frame - self.time) / self.period

    def advance(self, frame: int) -> int:
        """Return by how many a tick counts: more than 1 where some were lost, 0 if it is extra.

        It does so only where both the line and the tick before say so. A tick far off the line
        but in step with the one before is one of a new tempo.
        """
        by_line = max(0, round((frame - self.time) / self.period))
        by_last = round((frame - self.heard) / self.period)
        return 1 if by_last == 1 else by_line

    def begin(self, frame: int) -> None:
        """Take a first tick, of whatever tempo."""
        self.ticks, self.count = 1, self.count + 1
        self.time, self.heard = float(frame), frame
        self.period, self.leaning = 0.0, 0

    def take(self, frame: int, advance: int) -> None:
        """Take a tick that is ``advance`` after the one before; 0 is one too many."""
        self.heard = frame
        if advance == 0:
            return
        self.ticks = min(self.ticks + 1, _MEMORY)
        self.count += advance
        n = self.ticks
        due = self.time + advance * self.period
        error = frame - due
        self.time = due + error * 2 * (2 * n - 1) / (n * (n + 1))
        self.period += error / advance * 6 / (n * (n + 1))
        self._lean(error)

    def refit(self, frames: list[int]) -> None:
        """Lay the line through the ticks of late, at the pace they came at."""
        self.ticks = len(frames)
        self.period = (frames[-1] - frames[0]) / (len(frames) - 1)
        middle = sum(frames) / len(frames)
        self.time = middle + self.period * (len(frames) - 1) / 2
        self.leaning = 0

    def _lean(self, error: float) -> None:
        same = (error > 0) is (self.leaning > 0)
        self.leaning = (self.leaning if same else 0) + (1 if error > 0 else -1)
        far = abs(error) > _FAR * self.period
        if abs(self.leaning) >= (_LEANING_FAR if far else _LEANING):
            self.ticks, self.leaning = min(self.ticks, _OPEN), 0
