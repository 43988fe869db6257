"""Beat, bar and tempo from the networks' activations, frame by frame.

The bar pointer says what is believed, a metrical level which part of it counts, and a fine
clock runs along with that part: it is what is told. In silence only the clock runs.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.beat_tracker.bar_pointer import BarPointer, Belief
from model.beat_tracker.clock import BeatClock, ClockState
from model.beat_tracker.metrical_level import LevelState, MetricalLevel
from model.beat_tracker.spectrum import FRAMES_PER_SECOND
from model.beat_tracker.state_space import StateSpace

__all__ = ["BeatFollower", "FollowerState", "bpm_of"]

_FRAMES_PER_HOP = 2.5
_CONFIDENCE_S, _EVIDENCE_S = 4.0, 2.0
"""How long evidence is remembered: to be told, and for the level."""
_CONFIDENCE_RATE, _EVIDENCE_RATE = (
    1 - math.exp(-1 / (FRAMES_PER_SECOND * seconds)) for seconds in (_CONFIDENCE_S, _EVIDENCE_S)
)
_PULL = 0.02
"""Share of the belief that a firm clock takes along, once a beat."""
_STEADY = 100
"""Frames after which a clock is steady enough to pull, or to be gone on with after silence."""
_CERTAIN = 0.9
"""Share of the belief that is put where the clock is after silence."""
_TOLD = 0.98
"""The same where a player said so."""
_LEVEL_OCTAVES = 0.5
"""What a player's choice of a level leaves free on either side."""
_HOLD_OCTAVES = 0.06
"""The same where the tempo is to be held: 4 %."""

Array = NDArray[np.float32]
Weights = NDArray[np.float64]


def bpm_of(period: float) -> float:
    """Return the tempo at which a beat lasts so many frames."""
    return 60.0 * FRAMES_PER_SECOND / period


@dataclass(slots=True)
class FollowerState:
    """What is made out so far."""

    belief: Belief
    level: LevelState = field(default_factory=LevelState)
    clock: ClockState = field(default_factory=ClockState)
    metre: int = 0
    """Index of the metre that is told."""
    count: int = 0
    """Beat of the bar that is told, from 0."""
    confidence: float = 0.0
    """Evidence of the last 4 s, nats a hop."""
    evidence: float = 0.0
    """The same of the last 2 s."""
    was_silent: int = 0
    """Whether the frame before was silent, 0 or 1."""
    chosen_period: float = 0.0
    """Frames a beat of the level that a player chose; 0 for none."""
    deaf_to_bars: int = 0
    """Whether a player said which beat is the one, so that downbeats tell nothing, 0 or 1."""

    def clone(self) -> FollowerState:
        """Return an independent copy."""
        return copy.deepcopy(self)


class BeatFollower:
    """Follows the beat of one stream."""

    def __init__(self) -> None:
        self._space = StateSpace()
        self._pointer = BarPointer(self._space)
        self._level = MetricalLevel(self._space.periods)
        self._clock = BeatClock()
        self._log = np.log2(self._space.periods)
        self._range = np.ones(len(self._space.periods), bool)
        self._hold = False

    def init_state(self) -> FollowerState:
        """Return what is made out by who has heard nothing."""
        return FollowerState(self._pointer.even())

    def step(self, activation: Array, state: FollowerState, *, silent: bool = False) -> None:
        """Take a frame's activations, ``(ACTIVATIONS,)``, or the silence instead."""
        if silent:
            self._remember(0.0, state)
            self._run(state)
            state.was_silent = 1
            return
        if state.was_silent:
            state.was_silent = 0
            if state.clock.is_set and state.clock.age > _STEADY:
                self._seed(_CERTAIN, state)
        beat, downbeat = float(activation[0]), float(activation[1])
        if state.deaf_to_bars:
            beat = downbeat = beat + downbeat
        state.belief, evidence = self._pointer.step(
            state.belief, beat, downbeat, self._level.reluctance(state.level)
        )
        self._remember(evidence * _FRAMES_PER_HOP, state)
        self._follow(state)

    def pass_over(self, frames: int, state: FollowerState) -> None:
        """Let frames pass that nobody heard."""
        for _ in range(frames):
            self.step(np.zeros(3, np.float32), state, silent=True)

    def read(self, frames: float, state: FollowerState) -> tuple[float, float, float, int]:
        """Return the beat some frames after the newest one; there has been one.

        Returns:
            Place in the beat and in the bar, 0..1, frames a beat, beats in the bar.
        """
        clock, metre = state.clock, self._space.metres[state.metre]
        beats = state.count + clock.phase + frames * clock.frequency
        return beats % 1.0, beats / metre % 1.0, clock.period, metre

    # -- a player's word --------------------------------------------------------------------

    def restrict(
        self, slowest_bpm: float, fastest_bpm: float, state: FollowerState, *, hold: bool
    ) -> None:
        """Consider only tempi between two; with ``hold`` only the one there is."""
        space = self._space
        shortest, longest = bpm_of(fastest_bpm), bpm_of(slowest_bpm)  # its own inverse
        within = (space.periods > shortest - 1) & (space.periods < longest + 1)
        self._range, self._hold = within, hold
        if state.chosen_period and not within[self._nearest(state.chosen_period)]:
            state.chosen_period = 0.0
        self._allow(state)
        period = state.clock.period if state.clock.is_set else 0.0
        if period and not self._pointer.allowed[self._nearest(period)]:
            allowed = space.periods[self._pointer.allowed]
            self._move(float(np.clip(period, allowed[0], allowed[-1])), state)

    def halve(self, state: FollowerState) -> None:
        """Count half as fast from here on.

        Raises:
            ValueError: That is slower than may be followed.
        """
        self._require_choice(2.0, state)
        clock = state.clock
        odd, state.count = state.count % 2, state.count // 2
        clock.phase, clock.frequency = (odd + clock.phase) / 2, clock.frequency / 2
        self._choose(state)

    def double(self, state: FollowerState) -> None:
        """Count twice as fast from here on.

        Raises:
            ValueError: That is faster than may be followed.
        """
        self._require_choice(0.5, state)
        clock, metre = state.clock, self._space.metres[state.metre]
        late = int(clock.phase >= 0.5)
        state.count = (2 * state.count + late) % metre
        clock.phase, clock.frequency = 2 * clock.phase % 1.0, clock.frequency * 2
        self._choose(state)

    def begin_bar(self, frames: float, state: FollowerState) -> None:
        """Let the beat nearest to some frames after the newest begin a bar."""
        if not state.clock.is_set:
            return
        beats = round(state.count + state.clock.phase + frames * state.clock.frequency)
        state.count = (state.count - beats) % self._space.metres[state.metre]
        state.deaf_to_bars = 1
        self._seed(_TOLD, state)

    def tap(
        self,
        frames: float,
        tempo_bpm: float | None,
        beat_in_bar: int | None,
        state: FollowerState,
    ) -> None:
        """Take it that a beat lies some frames after the newest.

        Args:
            frames: After the newest; below 0 for the past.
            tempo_bpm: Tempo of the taps; None where there was but one.
            beat_in_bar: Which beat it is, from 0; heeded where the tempo is known.
            state: Of the stream.
        """
        state.belief = self._pointer.tapped(state.belief, frames)
        clock = state.clock
        if tempo_bpm is None or not self._is_allowed(bpm_of(tempo_bpm)):
            if clock.is_set:
                clock.set(-frames * clock.frequency, clock.frequency)
            return
        metre, frequency = self._space.metres[state.metre], 1 / bpm_of(tempo_bpm)
        place = ((beat_in_bar or 0) - frames * frequency) % metre
        state.count = int(place)
        clock.set(place, frequency)
        if state.chosen_period:
            state.chosen_period = clock.period
        self._level.move(state.level, clock.period)
        self._allow(state)
        self._seed(_TOLD, state)

    # -- inside -----------------------------------------------------------------------------

    def _remember(self, evidence: float, state: FollowerState) -> None:
        state.confidence += _CONFIDENCE_RATE * (evidence - state.confidence)
        state.evidence += _EVIDENCE_RATE * (evidence - state.evidence)

    def _follow(self, state: FollowerState) -> None:
        """Let level and clock follow the belief."""
        by_beat = self._pointer.by_beat(state.belief)
        tempi = sum(each.sum(axis=1) for each in by_beat)
        left = self._level.follow(state.level, tempi, state.evidence)
        inside = self._level.inside(state.level)
        share = tempi[inside] / max(float(tempi[inside].sum()), 1e-30)
        frequency = float(share @ (1 / self._space.periods[inside])) or 1 / self._space.shortest
        phase = self._pointer.beat_phase(state.belief, inside.start, inside.stop - 1)
        bars = [each[inside].sum(axis=0) for each in by_beat]
        clock = state.clock
        if not clock.is_set or left:
            clock.set(phase, frequency)
            self._place(bars, state)
            return
        was = clock.phase
        self._run(state)
        if was < 0.5 <= clock.phase:  # in the middle of a beat it is plain which one it is
            self._place(bars, state)
            if state.level.firmness > 0 and clock.age > _STEADY:
                self._seed(_PULL * state.level.firmness, state, bars)
        if self._clock.correct(clock, phase, frequency, hold=self._hold):
            self._place(bars, state)

    def _run(self, state: FollowerState) -> None:
        if state.clock.is_set and self._clock.run(state.clock):
            state.count = (state.count + 1) % self._space.metres[state.metre]

    def _place(self, bars: list[Array], state: FollowerState) -> None:
        """Tell the metre and the beat of the bar that are believed in most."""
        state.metre = int(np.argmax([each.sum() for each in bars]))
        state.count = int(bars[state.metre].argmax())

    def _seed(
        self, share: float, state: FollowerState, bars: list[Array] | None = None
    ) -> None:
        """Put a share of the belief where the clock is: at the beat told, or as in ``bars``."""
        if bars is None:
            beats: list[Weights] = [np.zeros(metre) for metre in self._space.metres]
            beats[state.metre][state.count] = 1.0
        else:
            total = max(sum(float(each.sum()) for each in bars), 1e-30)
            beats = [(each / total).astype(np.float64) for each in bars]
        state.belief = self._pointer.seeded(
            state.belief, share, state.clock.period, state.clock.phase, beats
        )

    def _nearest(self, period: float) -> int:
        return int(np.abs(self._log - np.log2(period)).argmin())

    def _is_allowed(self, period: float) -> bool:
        space = self._space
        return space.shortest <= period <= space.longest and bool(
            self._range[self._nearest(period)]
        )

    def _require_choice(self, factor: float, state: FollowerState) -> None:
        if not state.clock.is_set:
            raise ValueError("nothing has been heard yet: there is no tempo to be changed")
        period = state.clock.period * factor
        if not self._is_allowed(period):
            slow, fast = (bpm_of(self._space.periods[self._range][end]) for end in (-1, 0))
            raise ValueError(
                f"{bpm_of(period):.0f} bpm lies outside of {slow:.0f} to {fast:.0f} bpm, which "
                "the beat tracker may follow; see /liveband/ear/tempo/min and max"
            )

    def _choose(self, state: FollowerState) -> None:
        """Keep to the level that the clock was put at."""
        state.chosen_period = state.clock.period
        state.clock.age = min(state.clock.age, _STEADY + 1)
        self._level.move(state.level, state.clock.period)
        self._allow(state)
        self._seed(_TOLD, state)

    def _move(self, period: float, state: FollowerState) -> None:
        """Have clock and level be at a tempo that may be followed."""
        state.clock.set(state.clock.phase, 1 / period)
        self._level.move(state.level, period)

    def _allow(self, state: FollowerState) -> None:
        """Consider the tempi that range, level and hold leave."""
        tempi = self._range.copy()
        if state.chosen_period:
            tempi &= np.abs(self._log - np.log2(state.chosen_period)) <= _LEVEL_OCTAVES
        if self._hold and state.clock.is_set:
            near = np.abs(self._log - np.log2(state.clock.period)) <= _HOLD_OCTAVES
            near[self._nearest(state.clock.period)] = True
            tempi &= near
        self._pointer.allow(tempi if tempi.any() else self._range)
        state.belief = self._pointer.within(state.belief)
