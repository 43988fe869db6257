"""Follower of a MIDI clock: a steady beat from 24 jittering ticks a quarter note.

It is a phase-locked loop of second order. Its gains begin as those of a straight line fitted
through all ticks so far, so that it locks after a few; they settle at a memory of about two
beats, so that it averages jitter out and still follows gradual changes of tempo. Lost ticks are
detected by their gap, and the song position continues; ticks that keep coming at another rate
are a new tempo, and the fit begins again.

Frames come with the events, and ``position`` returns the position at any frame.

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
"""How long the beat continues without ticks."""
_TRUSTED = 4
"""Ticks after which the tempo is reported."""
_LOCKED = 6
"""Ticks after which one at half or twice the rate is taken for lost or extra ticks."""
_WATCHED = 12
"""Latest ticks whose rate is compared with the loop's."""
_NEW = 5
"""Smallest number of them that establishes a new tempo."""
_NEW_TEMPO = 0.12
"""Part of the period by which a new tempo differs."""
_ERROR_RUN = 10
"""Ticks in a row, all early or all late, that raise the gains again; ..."""
_FAR_RUN = 4
"""... or this many ..."""
_FAR = 0.3
"""... if the last one is off by this part of the period."""
_SHORT_MEMORY = 6
"""Ticks of memory left by that."""


@dataclass(frozen=True, slots=True)
class ClockPosition:
    """Position and tempo of the song."""

    beats: float
    """Quarter notes since the start of the song; constant while it is stopped."""
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
        self._latest: deque[_Tick] = deque(maxlen=_WATCHED)
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

    def follow_rate(self, rate: int) -> None:
        """Count frames at a rate from now on; where it is another, the fit begins again."""
        if rate != self._rate:
            self._rate, self._fit.ticks = rate, 0

    def feed(self, event: MidiEvent) -> None:
        """Process one event; those that do not belong to a clock are ignored."""
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
        """Return the position of the song at a frame.

        Args:
            frame: Any, before or after the newest tick.

        Returns:
            None until a tempo is known, and when no tick has come for a second.
        """
        fit = self._fit
        if fit.ticks < _TRUSTED or frame - fit.newest > _COAST_S * self._rate:
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
        if not fit.ticks or frame - fit.newest > _COAST_S * self._rate:
            fit.begin(frame)
            self._latest.clear()
            return
        advance = fit.advance(frame) if fit.ticks >= _LOCKED else 1
        if len(self._latest) == _WATCHED:
            self._recount(self._latest[0])
        self._latest.append(_Tick(frame, frame - fit.newest, advance))
        fit.take(frame, advance)
        if self._tempo_changed():
            new = self._ticks_of_new_tempo()
            if len(new) >= _NEW:
                fit.refit(new)
                for tick in self._latest:
                    self._recount(tick)
                self._latest.clear()

    def _recount(self, tick: "_Tick") -> None:
        """Count an irregular tick again, now that the tempo it belonged to is known."""
        if tick.advance != 1:
            self._fit.count += round(tick.gap / self._fit.period) - tick.advance

    def _tempo_changed(self) -> bool:
        """Return whether most of the latest ticks, not only a few, have another interval."""
        if len(self._latest) < _WATCHED:
            return False
        ticks = list(self._latest)
        irregular = sum(tick.advance != 1 for tick in ticks)
        interval = median(
            (one.gap + two.gap) / max(1, one.advance + two.advance)
            for one, two in pairwise(ticks[1:])
        )
        period = self._fit.period
        return 2 * irregular >= _WATCHED or abs(interval - period) > _NEW_TEMPO * period

    def _ticks_of_new_tempo(self) -> list[int]:
        """Return the frames of the latest ticks that have the new rate without a gap."""
        ticks = list(self._latest)
        interval = median(tick.gap for tick in ticks[-_NEW:])
        begin = len(ticks) - 1
        while begin and abs(ticks[begin].gap - interval) < min(
            abs(ticks[begin].gap - self._fit.period), interval / 2
        ):
            begin -= 1
        return [tick.frame for tick in ticks[begin:]]


@dataclass(frozen=True, slots=True)
class _Tick:
    """One tick as received."""

    frame: int
    gap: int
    """Frames since the previous one."""
    advance: int
    """Number of ticks it was counted as."""


@dataclass(slots=True)
class _Fit:
    """Line fitted through the ticks: when the newest was due, and frames between two ticks."""

    ticks: int = 0
    """Number of ticks fitted, up to ``_MEMORY``; the gains follow from it."""
    count: int = -1
    """Ticks counted, from 0 for the first ever."""
    time: float = 0.0
    """Frame at which tick ``count`` was due."""
    period: float = 0.0
    """Frames from tick to tick."""
    newest: int = 0
    """Frame of the newest tick as received."""
    run: int = 0
    """Length of the current run of late ticks; negative for early ones."""

    def count_at(self, frame: int) -> float:
        """Return the ticks counted up to a frame, with the part of the next one."""
        return self.count + (frame - self.time) / self.period

    def advance(self, frame: int) -> int:
        """Return the number of ticks to count: 1 or more, if some were lost; 0 if extra.

        Both the line and the previous tick must agree on it. A tick far off the line at the
        usual distance from the previous one belongs to a new tempo.
        """
        by_line = max(0, round((frame - self.time) / self.period))
        by_last = round((frame - self.newest) / self.period)
        return 1 if by_last == 1 else by_line

    def begin(self, frame: int) -> None:
        """Process a first tick."""
        self.ticks, self.count = 1, self.count + 1
        self.time, self.newest = float(frame), frame
        self.period, self.run = 0.0, 0

    def take(self, frame: int, advance: int) -> None:
        """Process a tick that counts as ``advance`` ticks; 0 for an extra one."""
        self.newest = frame
        if advance == 0:
            return
        self.ticks = min(self.ticks + 1, _MEMORY)
        self.count += advance
        n = self.ticks
        due = self.time + advance * self.period
        error = frame - due
        self.time = due + error * 2 * (2 * n - 1) / (n * (n + 1))
        self.period += error / advance * 6 / (n * (n + 1))
        self._update_run(error)

    def refit(self, frames: list[int]) -> None:
        """Fit the line to the latest ticks and their tempo."""
        self.ticks = len(frames)
        self.period = (frames[-1] - frames[0]) / (len(frames) - 1)
        middle = sum(frames) / len(frames)
        self.time = middle + self.period * (len(frames) - 1) / 2
        self.run = 0

    def _update_run(self, error: float) -> None:
        same = (error > 0) is (self.run > 0)
        self.run = (self.run if same else 0) + (1 if error > 0 else -1)
        far = abs(error) > _FAR * self.period
        if abs(self.run) >= (_FAR_RUN if far else _ERROR_RUN):
            self.ticks, self.run = min(self.ticks, _SHORT_MEMORY), 0
