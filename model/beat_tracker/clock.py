"""The fine clock: a fading least-squares line through the filter's beat phase.

The filter knows tempi of whole frames a beat only, and its phase trembles. A fading
least-squares line through its phase knows parts of a frame, runs on where there is nothing to
hear, and is what is extrapolated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from model.beat_tracker.spectrum import FRAMES_PER_SECOND

__all__ = ["BeatClock", "ClockState"]

_MEMORY = 400
"""Frames that the line goes through: 8 s."""
_HEAD_START = 4
"""Frames that it is taken to have seen at first: it begins with a tempo already."""
_SNAP = 0.125
"""Beats by which the filter may differ; where it differs by more ..."""
_SNAP_OCTAVES = 0.1
"""or in tempo by this ..."""
_SNAP_S = 0.4
"""for as long as this, the clock begins anew."""
_YOUNG = 100
"""Frames until which a line may not differ by more octaves than that at all: a few phases that
tremble would bend it anywhere."""
_SLOWEST, _FASTEST = 1 / 60, 1 / 12
"""Beats a frame."""


@dataclass(slots=True)
class ClockState:
    """Where the line is."""

    phase: float = 0.0
    """Of the beat, 0..1, at the newest frame."""
    frequency: float = 0.0
    """Beats a frame; 0 before the first."""
    age: int = 0
    """Frames that the line goes through."""
    apart_s: float = 0.0
    """For how long the filter has differed, on balance."""

    @property
    def period(self) -> float:
        """Frames a beat."""
        return 1.0 / self.frequency

    @property
    def is_set(self) -> bool:
        """Whether there is a line."""
        return self.frequency > 0.0

    @property
    def maturity(self) -> float:
        """How much of its memory the line goes through, 0..1."""
        return self.age / _MEMORY

    def set(self, phase: float, frequency: float) -> None:
        """Begin a line."""
        self.phase, self.frequency, self.age, self.apart_s = phase % 1.0, frequency, 0, 0.0


class BeatClock:
    """Keeps a line to a filter's phase."""

    def run(self, state: ClockState) -> int:
        """Go on by one frame; return how many beats have begun: 0 or 1."""
        return self._go(state, state.frequency)

    def correct(
        self, state: ClockState, phase: float, frequency: float, *, hold: bool = False
    ) -> int | None:
        """Take in what the filter says of the frame that the clock is at.

        Args:
            state: Of the clock.
            phase: The filter's, 0..1.
            frequency: Likewise, beats a frame.
            hold: Whether the tempo stays what it is.

        Returns:
            How many beats have begun by it, -1 where one has not begun yet after all; None
            where the clock has begun anew, because the filter went elsewhere.
        """
        error = (phase - state.phase + 0.5) % 1.0 - 0.5
        octaves = abs(math.log2(frequency / state.frequency))
        apart = abs(error) > _SNAP or octaves > _SNAP_OCTAVES
        step_s = 1 / FRAMES_PER_SECOND
        state.apart_s = max(0.0, state.apart_s + (step_s if apart else -step_s))
        if state.apart_s > _SNAP_S:
            state.set(phase, state.frequency if hold else frequency)
            return None
        state.age = min(state.age + 1, _MEMORY)
        n = state.age + _HEAD_START
        if not hold:
            moved = state.frequency + 6 / (n * (n + 1)) * error
            free = _SNAP_OCTAVES if state.age < _YOUNG else math.inf
            low, high = max(_SLOWEST, frequency * 2**-free), min(_FASTEST, frequency * 2**free)
            state.frequency = min(max(moved, low), high)
        return self._go(state, 2 * (2 * n - 1) / (n * (n + 1)) * error)

    @staticmethod
    def _go(state: ClockState, beats: float) -> int:
        gone = state.phase + beats
        begun = math.floor(gone)
        state.phase = gone - begun
        return begun
