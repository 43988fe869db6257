"""Detection of timebases that contradict their own frames, or tell what cannot be.

Pure: frames are arguments.
"""

from dataclasses import dataclass
from math import inf, isfinite

from bridge.tempo import BarBeat

__all__ = ["TimebaseWatch", "implausible_tempo"]

_TEMPI_BPM = (10.0, 1000.0)
_BARS = (1.0, 64.0)
"""Beats in a bar."""
_SLACK_BEATS = 0.1
"""Deviation allowed within a window: ticks are rounded, and some timebases count few."""
_WINDOW_S = 4.0
"""Longest span over which deviations add up; shorter ones than it takes are found sooner."""
_LONGEST_UPDATE_S = 1.0
"""Longest interval between two updates over which a timebase is judged."""
_DISTRUST_S = 2.0
"""Seconds for which a faulty timebase must be right before it is believed again."""
_LONGEST_DISTRUST_S = 32.0
_RELAPSE_S = 60.0
"""A fault within this time after the last doubles the time; later ones begin anew."""

_STILL = "its beat stands still while its frames go on"
_UNEVEN = "its beats do not go on as its tempo and its frames say"


def implausible_tempo(tempo_bpm: float, beats_per_bar: float) -> str:
    """Return what is wrong with a tempo or a metre that no music has; empty for none.

    Example:
        >>> implausible_tempo(0.0, 4.0)
        'it tells 0 bpm, expected 10 to 1000'
        >>> implausible_tempo(120.0, 4.0)
        ''
    """
    if not _TEMPI_BPM[0] <= tempo_bpm <= _TEMPI_BPM[1]:
        low, high = _TEMPI_BPM
        return f"it tells {tempo_bpm:g} bpm, expected {low:g} to {high:g}"
    if not _BARS[0] <= beats_per_bar <= _BARS[1]:
        low, high = _BARS
        return f"it tells bars of {beats_per_bar:g} beats, expected {low:g} to {high:g}"
    return ""


@dataclass(slots=True)
class _Window:
    """Beats passed since it began: as told, and at the least and the most that may be."""

    seconds: float = 0.0
    told: float = 0.0
    least: float = 0.0
    most: float = 0.0

    @property
    def contradicts(self) -> bool:
        return not self.least - _SLACK_BEATS < self.told < self.most + _SLACK_BEATS


class TimebaseWatch:
    """Judges whether a timebase can be believed, and says why where it cannot.

    A timebase whose frames jump was moved by its user; its beats may go anywhere then. Its
    tempo may change at any time, its metre at a bar line. While its frames go on, its beats
    have to go on with them.

    Example:
        >>> watch = TimebaseWatch()
        >>> def told(frame, beat):
        ...     found = BarBeat(frame=frame, bar=0, beat=beat, tempo_bpm=120, beats_per_bar=4)
        ...     return watch.update(found, 48000)
        >>> told(0, 0.0), told(4800, 0.2), told(9600, 0.2)
        ('', '', 'its beat stands still while its frames go on')
    """

    def __init__(self) -> None:
        self._last: BarBeat | None = None
        self._window = _Window()
        self._fault = ""
        self._distrusted_s = 0.0
        self._needed_s = _DISTRUST_S
        self._right_s = inf

    def update(self, found: BarBeat, rate: int) -> str:
        """Return why the timebase is not believed; empty where it is.

        Args:
            found: What it tells now.
            rate: Frames per second.
        """
        last, self._last = self._last, found
        fault = _nonsense(found)
        if fault:
            self._last = None
            self._distrust(fault)
        elif last is not None:
            passed_s = (found.frame - last.frame) / rate
            if 0.0 < passed_s < _LONGEST_UPDATE_S:
                self._judge(last, found, passed_s)
            else:  # it stands, or was moved
                self._window = _Window()
        return self._fault

    def _judge(self, last: BarBeat, found: BarBeat, passed_s: float) -> None:
        window = self._window
        slow, fast = sorted((last.tempo_bpm, found.tempo_bpm))
        window.seconds += passed_s
        beats = _beats_between(last, found)
        window.told += beats
        window.least += passed_s * slow / 60.0
        window.most += passed_s * fast / 60.0
        contradicts = window.contradicts
        if contradicts:
            self._distrust(_STILL if beats == 0.0 else _UNEVEN)
        else:
            self._trust(passed_s)
        if contradicts or window.seconds > _WINDOW_S:
            self._window = _Window()

    def _distrust(self, fault: str) -> None:
        if not self._fault:
            relapsed = self._right_s < _RELAPSE_S
            self._needed_s = (
                min(2.0 * self._needed_s, _LONGEST_DISTRUST_S) if relapsed else _DISTRUST_S
            )
        self._fault, self._distrusted_s = fault, self._needed_s
        self._right_s = 0.0

    def _trust(self, seconds: float) -> None:
        self._right_s += seconds
        self._distrusted_s -= seconds
        if self._distrusted_s <= 0.0:
            self._fault = ""


def _nonsense(found: BarBeat) -> str:
    """Return what is wrong with a position on its own; empty for nothing."""
    fault = implausible_tempo(found.tempo_bpm, found.beats_per_bar)
    if fault:
        return fault
    if not isfinite(found.beat) or not 0.0 <= found.beat < found.beats_per_bar + _SLACK_BEATS:
        return f"it tells beat {found.beat + 1:g} in a bar of {found.beats_per_bar:g}"
    return ""


def _beats_between(last: BarBeat, found: BarBeat) -> float:
    """Return the beats from one position to another; a metre changes where a bar begins."""
    bars = found.bar - last.bar
    if found.beats_per_bar == last.beats_per_bar or bars == 0:
        return bars * found.beats_per_bar + found.beat - last.beat
    return last.beats_per_bar - last.beat + (bars - 1) * found.beats_per_bar + found.beat
