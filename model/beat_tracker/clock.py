"""The beat clock: a least-squares line through the filter's beat phase.

The filter has only tempi of whole frames per beat, and its phase is noisy. A line fitted to the
phase, with older frames weighted less, has subframe resolution, continues through silence, and
is extrapolated into the future.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from model.beat_tracker.spectrum import FRAMES_PER_SECOND

__all__ = ["BeatClock", "ClockState"]

_MEMORY = 400
"""Frames to which the line is fitted: 8 s."""
_HEAD_START = 4
"""Frames that a new line counts as fitted, since it begins with a tempo."""
_SNAP = 0.125
"""Largest difference of phase from the filter, in beats, before the clock resets."""
_SNAP_OCTAVES = 0.1
"""Largest difference of tempo, in octaves, before the clock resets."""
_SNAP_S = 0.4
"""Time for which a difference must last until the clock resets."""
_YOUNG = 100
"""Age in frames below which the tempo is limited to ``_SNAP_OCTAVES`` from the filter's, as a
few noisy phases would bend the line anywhere."""
_SLOWEST, _FASTEST = 1 / 60, 1 / 12
"""Limits of the tempo in beats per frame."""


@dataclass(slots=True)
class ClockState:
    """The fitted line."""

    phase: float = 0.0
    """Beat phase at the newest frame, 0..1."""
    frequency: float = 0.0
    """Tempo in beats per frame; 0 before the first frame."""
    age: int = 0
    """Frames to which the line is fitted."""
    apart_s: float = 0.0
    """Time for which the filter has differed, less the time for which it has agreed."""

    @property
    def period(self) -> float:
        """Frames per beat."""
        return 1.0 / self.frequency

    @property
    def is_set(self) -> bool:
        """Whether a line has begun."""
        return self.frequency > 0.0

    @property
    def maturity(self) -> float:
        """Age of the line as a share of its full memory, 0..1."""
        return self.age / _MEMORY

    def set(self, phase: float, frequency: float) -> None:
        """Begin a new line."""
        self.phase, self.frequency, self.age, self.apart_s = phase % 1.0, frequency, 0, 0.0


class BeatClock:
    """Fits a line to the filter's phase, frame by frame."""

    def run(self, state: ClockState) -> int:
        """Advance by one frame; return how many beats have begun: 0 or 1."""
        return self._advance(state, state.frequency)

    def correct(
        self, state: ClockState, phase: float, frequency: float, *, hold: bool = False
    ) -> int | None:
        """Correct the line by the filter's estimate for the present frame.

        Args:
            state: State of the clock.
            phase: The filter's beat phase, 0..1.
            frequency: The filter's tempo in beats per frame.
            hold: Whether the tempo is kept.

        Returns:
            Number of beats that begin with the correction, -1 where one is taken back; None
            where the clock was reset, because the filter differed for too long.
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
        return self._advance(state, 2 * (2 * n - 1) / (n * (n + 1)) * error)

    @staticmethod
    def _advance(state: ClockState, beats: float) -> int:
        gone = state.phase + beats
        begun = math.floor(gone)
        state.phase = gone - begun
        return begun
