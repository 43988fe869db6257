"""Detection of starts and jumps of a transport, and of faults of its timebase.

Pure: frames are arguments.
"""

from dataclasses import dataclass

__all__ = ["TimebaseWatch", "TransportWatch"]

_SLACK_BEATS = 0.1
"""Deviation allowed to a timebase between two updates."""
_LONGEST_UPDATE_S = 1.0
"""Longest interval between two updates over which a timebase is judged."""
_DISTRUST_S = 2.0
"""Seconds for which a faulty timebase must be right before it is trusted again."""


class TransportWatch:
    """Detects that a transport started, or moved other than by rolling.

    Args:
        slack: Deviation of the position that does not count as a move.
        edge: The same across a start or a stop, whose exact time is unknown.

    Example:
        >>> watch = TransportWatch(slack=1, edge=100)
        >>> watch.update(False, 0, 0), watch.update(True, 40, 48), watch.update(True, 90, 50)
        ((False, False), (True, False), (False, False))
        >>> watch.update(True, 500, 50)
        (False, True)
    """

    def __init__(self, slack: float, edge: float) -> None:
        self._slack = slack
        self._edge = edge
        self._last: tuple[bool, float] | None = None

    def update(self, rolling: bool, position: float, elapsed: float) -> tuple[bool, bool]:
        """Return whether it started, and whether it was moved, since the last update.

        Args:
            rolling: Whether it rolls.
            position: Position in any unit.
            elapsed: Time since the last update, in the same unit.
        """
        last, self._last = self._last, (rolling, position)
        if last is None:
            return False, False
        was_rolling, before = last
        expected = before + (elapsed if rolling and was_rolling else 0.0)
        slack = self._slack if rolling is was_rolling else self._edge + elapsed
        return rolling and not was_rolling, abs(position - expected) > slack


@dataclass(frozen=True, slots=True)
class _Reading:
    frame: float
    beat: float
    tempo_bpm: float


class TimebaseWatch:
    """Detects that a timebase stands still, or jumps, while the transport's frames go on.

    Args:
        rate: Frames per second.

    Example:
        >>> watch = TimebaseWatch(48000)
        >>> watch.update(0, 0.0, 120.0), watch.update(4800, 0.2, 120.0)
        (True, True)
        >>> watch.update(9600, 0.2, 120.0)
        False
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._last: _Reading | None = None
        self._distrusted_s = 0.0

    def update(self, frame: float, beat: float, tempo_bpm: float) -> bool:
        """Return whether the timebase can be trusted.

        Args:
            frame: Frame of the transport.
            beat: Beats since the song began, by the timebase.
            tempo_bpm: Tempo by the timebase.
        """
        last, self._last = self._last, _Reading(frame, beat, tempo_bpm)
        if last is None:
            return self._distrusted_s <= 0.0
        passed = frame - last.frame
        if 0.0 < passed < _LONGEST_UPDATE_S * self._rate:  # otherwise it stands or was moved
            bpm = sorted((last.tempo_bpm, tempo_bpm))
            least, most = (passed * each / (60.0 * self._rate) for each in bpm)
            if least - _SLACK_BEATS < beat - last.beat < most + _SLACK_BEATS:
                self._distrusted_s = max(0.0, self._distrusted_s - passed / self._rate)
            else:
                self._distrusted_s = _DISTRUST_S
        return self._distrusted_s <= 0.0
