"""Beat, bar and tempo from the networks' activations, frame by frame.

The bar-pointer filter updates its belief, the metrical level selects a range of tempi, and the
beat clock follows that part of the belief; the output is read from the clock. In silence only
the clock runs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.array_types import Float32Array
from model.beat_tracker.bar_pointer import BarPointer, Belief
from model.beat_tracker.clock import BeatClock, ClockState
from model.beat_tracker.metrical_level import LevelState, MetricalLevel
from model.beat_tracker.spectrum import FRAMES_PER_SECOND
from model.beat_tracker.state_space import StateSpace

__all__ = ["BeatFollower", "FollowerState", "bpm_of"]

_FRAMES_PER_HOP = 2.5
_CONFIDENCE_S, _EVIDENCE_S = 4.0, 2.0
"""Time constants of the evidence, for the confidence and for the level."""
_CONFIDENCE_RATE, _EVIDENCE_RATE = (
    1 - math.exp(-1 / (FRAMES_PER_SECOND * seconds)) for seconds in (_CONFIDENCE_S, _EVIDENCE_S)
)
_SURE = 0.25
"""Evidence at which the confidence reaches 1, in nats per hop."""
_NEW = 0.3
"""Factor of the confidence while the clock is new."""
_PULL = 0.02
"""Share of the belief that is moved to a firm clock, once a beat."""
_STEADY = 100
"""Age in frames from which the clock moves the belief, also after silence."""
_HELD_FROM = 200
"""Age in frames from which a tempo is held that was to be held before there was one: it is not
corrected afterwards, and the line of a new clock has to settle first."""
_CERTAIN = 0.9
"""Share of the belief that is moved to the clock after silence."""
_TAPPED = 0.98
"""Share of the belief that is moved to a tapped beat."""
_HOLD_OCTAVES = 0.06
"""Largest deviation of the filter from a held tempo: 4 %."""
_BARS = 16
"""Number of bars that are counted: halving the tempo twice makes one bar of four."""

Weights = NDArray[np.float64]


def bpm_of(period: float) -> float:
    """Return the tempo of a period in frames per beat, or the period of a tempo."""
    return 60.0 * FRAMES_PER_SECOND / period


@dataclass(slots=True)
class FollowerState:
    """State of the filter, level and clock of one stream, and the user's corrections."""

    belief: Belief
    level: LevelState = field(default_factory=LevelState)
    clock: ClockState = field(default_factory=ClockState)
    metre: int = 0
    """Index of the present metre."""
    count: int = 0
    """Beat of the bar that the filter is in, from 0."""
    bars: int = 0
    """Bars since the start, modulo 16."""
    factor: float = 1.0
    """Output beats per beat of the filter, set by the user's half and double."""
    offset: float = 0.0
    """Output beats to be added, set by the user's downbeat."""
    confidence: float = 0.0
    """Mean evidence of the last 4 s, in nats per hop."""
    evidence: float = 0.0
    """Mean evidence of the last 2 s, in nats per hop."""
    was_silent: int = 0
    """Whether the frame before was silent, 0 or 1."""
    counts_alone: int = 0
    """Whether the user set the downbeat, so that the filter's is ignored, 0 or 1."""
    knows_level: int = 0
    """Whether the user set the metrical level, so that the evidence is ignored, 0 or 1."""


class BeatFollower:
    """Tracks the beat of one stream from activations."""

    def __init__(self) -> None:
        self._space = StateSpace()
        self._pointer = BarPointer(self._space)
        self._level = MetricalLevel(self._space.periods)
        self._clock = BeatClock()
        self._log = np.log2(self._space.periods)
        self._frequencies = (1 / self._space.periods).astype(np.float32)
        self._range = np.ones(len(self._space.periods), bool)
        self._hold = False
        self._held: float | None = None

    def init_state(self) -> FollowerState:
        """Return the initial state."""
        return FollowerState(self._pointer.uniform())

    def step(
        self, activation: Float32Array, state: FollowerState, *, silent: bool = False
    ) -> None:
        """Update by a frame's activations, ``(ACTIVATIONS,)``, or by a silent frame."""
        if silent:
            self._remember(0.0, state)
            self._run(state)
            state.was_silent = 1
            return
        if state.was_silent:
            state.was_silent = 0
            if state.clock.is_set and state.clock.age > _STEADY:
                self._move_belief(_CERTAIN, state)
        state.belief, evidence = self._pointer.step(
            state.belief,
            float(activation[0]),
            float(activation[1]),
            self._level.reluctance(state.level),
        )
        self._remember(evidence * _FRAMES_PER_HOP, state)
        if state.evidence >= 0.0 or not state.clock.is_set:
            self._follow(state)
            if self._hold and self._held is None and state.clock.age > _HELD_FROM:
                self._keep_tempo(state.clock.period, state)
        else:  # the activations fit the belief worse than chance: ignore them
            self._run(state)

    def lean(self, lean: float, state: FollowerState) -> None:
        """Take note of evidence for the slower of two tempi an octave apart.

        Args:
            lean: -1..1; below 0 for the faster one. Ignored where the user told the level.
            state: State of the stream.
        """
        state.level.lean = 0.0 if state.knows_level else lean

    def advance_silently(self, frames: int, state: FollowerState) -> None:
        """Advance by missing frames."""
        for _ in range(frames):
            self.step(np.zeros(3, np.float32), state, silent=True)

    def read(self, frames: float, state: FollowerState) -> tuple[float, float, float, int]:
        """Return the beat a number of frames after the newest one, once the clock is set.

        Returns:
            Phase in the beat and in the bar, 0..1, frames per beat, beats per bar.
        """
        metre, beats = self._space.metres[state.metre], self._output_beats(frames, state)
        return beats % 1.0, beats / metre % 1.0, self._output_period(state), metre

    def confidence(self, state: FollowerState) -> float:
        """Return the confidence, 0..1, from the evidence and the age of the clock."""
        sure = min(1.0, max(0.0, state.confidence / _SURE))
        return sure * (_NEW + (1 - _NEW) * state.clock.maturity)

    # -- corrections by the user ------------------------------------------------------------

    def restrict(
        self, slowest_bpm: float, fastest_bpm: float, state: FollowerState, *, hold: bool
    ) -> None:
        """Consider only tempi between two limits; with ``hold`` only the present one."""
        space = self._space
        shortest, longest = bpm_of(fastest_bpm), bpm_of(slowest_bpm)  # its own inverse
        within = (space.periods > shortest - 1) & (space.periods < longest + 1)
        self._range, self._hold = within, hold
        if not hold:
            self._held = None
        elif self._held is None and state.clock.is_set:
            self._held = state.clock.period
        period = self._held or (state.clock.period if state.clock.is_set else None)
        if period is None:
            self._allow(state)
            return
        allowed = space.periods[within]
        nearest = float(np.clip(period, allowed[0] - 1, allowed[-1] + 1))
        if self._held is not None:
            self._held = nearest
        self._allow(state)
        if nearest != (state.clock.period if state.clock.is_set else None):
            self._keep_tempo(nearest, state)

    def scale_tempo(self, factor: float, state: FollowerState) -> None:
        """Count a factor faster from here on; when halved, from a downbeat.

        Raises:
            ValueError: The new tempo is out of range, or there is no tempo yet.
        """
        if not state.clock.is_set:
            raise ValueError("nothing has been heard yet: there is no tempo to be changed")
        period = self._output_period(state) / factor
        if not self._is_allowed(period):
            slow, fast = (bpm_of(self._space.periods[self._range][end]) for end in (-1, 0))
            raise ValueError(
                f"{bpm_of(period):.0f} bpm lies outside of {slow:.0f} to {fast:.0f} bpm, which "
                "the beat tracker may follow; see /liveband/ear/tempo/min and max"
            )
        state.factor *= factor
        state.offset *= factor
        state.knows_level, state.level.lean = 1, 0.0

    def begin_bar(self, frames: float, state: FollowerState) -> None:
        """Make the beat nearest to a number of frames after the newest one a downbeat."""
        if state.clock.is_set:
            state.offset -= round(self._output_beats(frames, state))
            state.counts_alone = 1

    def tap(
        self,
        frames: float,
        tempo_bpm: float | None,
        beat_in_bar: int | None,
        state: FollowerState,
    ) -> None:
        """Set a beat a number of frames after the newest one.

        Args:
            frames: Frames after the newest one; below 0 for the past.
            tempo_bpm: Tempo of the taps; None after a single tap.
            beat_in_bar: Index of the beat in the bar; used only if the tempo is known.
            state: State of the stream.
        """
        state.belief = self._pointer.with_tap(state.belief, frames)
        clock = state.clock
        if tempo_bpm is None or not self._is_allowed(bpm_of(tempo_bpm)):
            if clock.is_set:
                clock.set(-frames * clock.frequency, clock.frequency)
            return
        period = bpm_of(tempo_bpm)
        clock.set(-frames / period, 1 / period)
        state.factor, state.offset = 1.0, 0.0
        state.knows_level, state.level.lean = 1, 0.0
        self._keep_tempo(period, state)
        self._move_belief(_TAPPED, state)
        if beat_in_bar is not None:
            state.offset = beat_in_bar - round(self._output_beats(frames, state))
            state.counts_alone = 1

    # -- updates ----------------------------------------------------------------------------

    def _remember(self, evidence: float, state: FollowerState) -> None:
        state.confidence += _CONFIDENCE_RATE * (evidence - state.confidence)
        state.evidence += _EVIDENCE_RATE * (evidence - state.evidence)

    def _follow(self, state: FollowerState) -> None:
        """Update level and clock from the belief."""
        tempi = self._pointer.tempi(state.belief)
        left = self._level.follow(state.level, tempi, state.evidence)
        inside = self._level.inside(state.level)
        share = tempi[inside]
        frequency = float(share @ self._frequencies[inside]) / max(float(share.sum()), 1e-30)
        phase = self._pointer.beat_phase(state.belief, inside.start, inside.stop - 1)
        clock = state.clock
        if not clock.is_set or left:
            frequency = frequency or float(self._frequencies[0])
            clock.set(phase, frequency if self._held is None else 1 / self._held)
            self._place(self._pointer.bars(state.belief, inside), state)
            return
        was = clock.phase
        self._run(state)
        if was < 0.5 <= clock.phase:  # in the middle of a beat its number is certain
            bars = self._pointer.bars(state.belief, inside)
            self._place(bars, state)
            if state.level.firmness > 0 and clock.age > _STEADY:
                self._move_belief(_PULL * state.level.firmness, state, bars)
        if not frequency:
            return
        begun = self._clock.correct(clock, phase, frequency, hold=self._held is not None)
        if begun is None:
            self._place(self._pointer.bars(state.belief, inside), state)
        else:
            self._count(begun, state)

    def _run(self, state: FollowerState) -> None:
        if state.clock.is_set:
            self._count(self._clock.run(state.clock), state)

    def _count(self, begun: int, state: FollowerState) -> None:
        """Advance the count of beats and bars."""
        bars, state.count = divmod(state.count + begun, self._space.metres[state.metre])
        state.bars = (state.bars + bars) % _BARS

    def _output_beats(self, frames: float, state: FollowerState) -> float:
        """Return the output beats at a number of frames after the newest, modulo bars."""
        whole = state.bars * self._space.metres[state.metre] + state.count
        beats = whole + state.clock.phase + frames * state.clock.frequency
        return beats * state.factor + state.offset

    def _output_period(self, state: FollowerState) -> float:
        return state.clock.period / state.factor

    def _place(self, bars: list[Weights], state: FollowerState) -> None:
        """Set metre and beat of the bar to the likeliest ones."""
        if state.counts_alone:
            return
        state.metre = int(np.argmax([each.sum() for each in bars]))
        state.count = int(bars[state.metre].argmax())

    def _move_belief(
        self, share: float, state: FollowerState, bars: list[Weights] | None = None
    ) -> None:
        """Move a share of the belief to the clock, at the counted beat or as in ``bars``."""
        if bars is None:
            beats: list[Weights] = [np.zeros(metre) for metre in self._space.metres]
            beats[state.metre][state.count] = 1.0
        else:
            total = max(sum(float(each.sum()) for each in bars), 1e-30)
            beats = [each / total for each in bars]
        state.belief = self._pointer.mixed_with(
            state.belief, share, state.clock.period, state.clock.phase, beats
        )

    def _nearest(self, period: float) -> int:
        return int(np.abs(self._log - np.log2(period)).argmin())

    def _is_allowed(self, period: float) -> bool:
        space = self._space
        return space.shortest <= period <= space.longest and bool(
            self._range[self._nearest(period)]
        )

    def _keep_tempo(self, period: float, state: FollowerState) -> None:
        """Set the tempo, and hold it if asked to."""
        if self._hold:
            self._held = period
        if state.clock.is_set:
            state.clock.set(state.clock.phase, 1 / period)
        self._level.move(state.level, period)
        self._allow(state)

    def _allow(self, state: FollowerState) -> None:
        """Restrict the filter to the tempi that range and hold allow."""
        tempi = self._range.copy()
        if self._held is not None:
            near = np.abs(self._log - np.log2(self._held)) <= _HOLD_OCTAVES
            near[self._nearest(self._held)] = True
            tempi &= near
        self._pointer.allow(tempi if tempi.any() else self._range)
        state.belief = self._pointer.restricted(state.belief)
