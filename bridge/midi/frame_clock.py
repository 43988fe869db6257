"""Clock that interpolates the frame of the audio host between its blocks."""

from collections.abc import Callable
from math import inf

__all__ = ["FrameClock"]

_SPAN_S = 0.5
"""Time over which the lead of the host is observed; several of its longest blocks."""


class FrameClock:
    """Converts seconds to frames, as if the audio host advanced evenly and not by blocks.

    The host's position jumps ahead by a block and then waits; its greatest recent lead over the
    seconds is taken for its true position. While the host is gone, frames follow the seconds;
    when it is back, they follow the host again, whose frame may be an earlier one.

    Args:
        frame: Returns the next frame the host will process.
        rate: Returns the frames per second, which may change while the host is gone.
        clock: Steady seconds.
    """

    def __init__(
        self,
        frame: Callable[[], int],
        rate: Callable[[], int],
        clock: Callable[[], float],
    ) -> None:
        self._frame = frame
        self._told_rate = rate
        self._rate = rate()
        self._clock = clock
        self._seen = frame()
        self._moved_s = self._span_s = clock()
        self._lead = self._lead_before = self._seen - self._moved_s * self._rate

    @property
    def rate(self) -> int:
        """Frames per second of the frames that the clock counts now."""
        return self._rate

    def now(self) -> int:
        """Read the audio clock and return the present frame."""
        seconds, frame = self._clock(), self._frame()
        if frame != self._seen:
            if self._rate != self._told_rate():
                self._rate, self._moved_s = self._told_rate(), -inf
            self._follow(frame - seconds * self._rate, seconds)
            self._seen, self._moved_s = frame, seconds
        return self.at(seconds)

    def at(self, seconds: float) -> int:
        """Return the frame at a time of the steady clock, near the last call of ``now``."""
        return max(0, round(max(self._lead, self._lead_before) + seconds * self._rate))

    def _follow(self, lead: float, seconds: float) -> None:
        if seconds - self._moved_s > _SPAN_S:  # it stood still: the old leads are void
            self._lead = self._lead_before = lead
            self._span_s = seconds
        elif seconds - self._span_s > _SPAN_S:
            self._lead, self._lead_before = lead, self._lead
            self._span_s = seconds
        else:
            self._lead = max(self._lead, lead)
