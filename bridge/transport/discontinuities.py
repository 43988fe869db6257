"""Watches a transport for starts and jumps, and its timebase for faults.

Pure: frames are arguments.
"""

from dataclasses import dataclass

__all__ = ["TimebaseWatch", "TransportWatch"]

_SLACK_BEATS = 0.1
"""What a timebase may be off by, between two looks."""
_LONGEST_LOOK_S = 1.0
"""Two looks that are further apart do not tell whether a timebase goes on evenly."""
_PROOF_S = 2.0
"""How long a timebase that was wrong has to be right before it is believed again."""


class TransportWatch:
    """Notices that a transport started, or is somewhere else than time took it.

    Args:
        slack: By how much it may be elsewhere without having been moved.
        edge: The same across a start or a stop, whose very moment is not known.

    Example:
        >>> watch = TransportWatch(slack=1, edge=100)
        >>> watch.look(False, 0, 0), watch.look(True, 40, 48), watch.look(True, 90, 50)
        ((False, False), (True, False), (False, False))
        >>> watch.look(True, 500, 50)
        (False, True)
    """

    def __init__(self, slack: float, edge: float) -> None:
        self._slack = slack
        self._edge = edge
        self._last: tuple[bool, float] | None = None

    def look(self, rolling: bool, place: float, elapsed: float) -> tuple[bool, bool]:
        """Return whether it started, and whether it was moved, since the last look.

        Args:
            rolling: Whether it rolls.
            place: Where it is, in any unit.
            elapsed: What passed since the last look, in the same unit.
        """
        last, self._last = self._last, (rolling, place)
        if last is None:
            return False, False
        was_rolling, before = last
        expected = before + (elapsed if rolling and was_rolling else 0.0)
        slack = self._slack if rolling is was_rolling else self._edge + elapsed
        return rolling and not was_rolling, abs(place - expected) > slack


@dataclass(frozen=True, slots=True)
class _Told:
    frame: float
    beat: float
    tempo_bpm: float


class TimebaseWatch:
    """Notices that a timebase stands still, or jumps, while the transport's frames go on.

    Args:
        rate: Frames per second.

    Example:
        >>> watch = TimebaseWatch(48000)
        >>> watch.look(0, 0.0, 120.0), watch.look(4800, 0.2, 120.0)
        (True, True)
        >>> watch.look(9600, 0.2, 120.0)
        False
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._last: _Told | None = None
        self._proven = 0.0

    def look(self, frame: float, beat: float, tempo_bpm: float) -> bool:
        """Return whether a timebase can be believed.

        Args:
            frame: Of the transport.
            beat: What the timebase says of it, in beats since the song began.
            tempo_bpm: What it says of the tempo.
        """
        last, self._last = self._last, _Told(frame, beat, tempo_bpm)
        if last is None:
            return self._proven <= 0.0
        passed = frame - last.frame
        if 0.0 < passed < _LONGEST_LOOK_S * self._rate:  # else it stands, or was moved
            bpm = sorted((last.tempo_bpm, tempo_bpm))
            least, most = (passed * each / (60.0 * self._rate) for each in bpm)
            if least - _SLACK_BEATS < beat - last.beat < most + _SLACK_BEATS:
                self._proven = max(0.0, self._proven - passed / self._rate)
            else:
                self._proven = _PROOF_S
        return self._proven <= 0.0
