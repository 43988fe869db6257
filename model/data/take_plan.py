"""Plan of an augmented take: a song with events before, between and after it.

It lists the stretches of a song that are played, rests within them, counted bars, and ambient
sounds in the gaps. Arithmetic on frames only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.audiofile import SAMPLE_RATE

__all__ = [
    "CountIn",
    "Gap",
    "PlannedRest",
    "PlayedPart",
    "Span",
    "TakePlan",
    "draw_plan",
    "plain_plan",
]

PLAIN_SHARE = 0.3
"""Share of takes that are the song alone, from its first to its last frame."""
MAX_GROWTH = 0.25
"""How much longer than its song a take may be, at most."""
BEFORE_SHARE, AFTER_SHARE, RESTART_SHARE = 0.5, 0.6, 0.35
"""Shares, of the others, that begin before the song, go on after its end, and in which the
song breaks off and begins again."""
COUNT_IN_SHARE = 0.6
"""Share of the beginnings that are counted in."""
REST_SHARE, REST_EVERY_S = 0.5, 60.0
"""How likely the band rests once in so many seconds of a song."""
ALONE_SHARE = 0.5
"""Share of the rests in which the mix rests alone, while the target plays on."""
EARLY_END_SHARE = 0.5
"""Share of the ends at which the band stops on a bar line before the song is over."""
RING_SHARE = 0.5
"""Share of the stops on a bar line that strike its first beat once more, and let it ring."""

BEFORE_S, BETWEEN_S, AFTER_S = (1.5, 10.0), (2.0, 8.0), (2.0, 10.0)
"""Seconds before the song, between its end and its second beginning, and after it."""
BEFORE_SOUNDS = (("talk", 0.45), ("murmur", 0.2), ("silence", 0.35))
AFTER_SOUNDS = (("talk", 0.35), ("applause", 0.3), ("silence", 0.35))
"""What is heard while nobody plays, and how often; background noise comes on top."""
REST_BARS, ALONE_BARS = (1, 8), (1, 4)
"""Bars that the band rests; and the mix alone, which nobody would bear for longer."""
LEAST_BARS = 4
"""Bars that are played without a stop or rest, at least."""
MAX_REST = 1 / 6
"""Share of the bars in which the band may rest, at most."""

LEAD = round(0.03 * SAMPLE_RATE)
"""Frames by which a cut lies before its bar line: players are early by as much."""
SOFT = round(0.01 * SAMPLE_RATE)
"""Frames of a fade that is heard as an edge."""
LEAST_GAP = round(0.5 * SAMPLE_RATE)
"""Frames of a gap, at least; shorter ones are left out."""
RESTART_LEFT = 4 * SAMPLE_RATE
"""Frames by which a take may still grow if its song is to begin again, at least."""
RING_BEATS, RING_S = (0.5, 2.0), (0.15, 0.8)
"""How long a last stroke is held, and how fast it dies after that."""


@dataclass(frozen=True, slots=True)
class PlayedPart:
    """A stretch of the song and its place in the take, in frames."""

    start: int
    """Of the song."""
    stop: int
    """Of the song, where it begins to fade."""
    at: int
    """Of the take, where ``start`` lies."""
    fade_in: int
    fade_out: int
    """Frames after ``stop`` in which it dies away."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of frames, from ``start`` up to but without ``stop``."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class PlannedRest(Span):
    """Bars in which the beat goes on and the mix is silent, in frames of the song."""

    alone: bool
    """Whether the target plays on."""


@dataclass(frozen=True, slots=True)
class CountIn:
    """A counted bar: the beats before a part's first bar line, in frames of the take."""

    part: int
    """Which of the parts it counts in."""
    beats: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Gap(Span):
    """A stretch of the take in which nothing is played, in frames of the take."""

    sound: str
    """One of :data:`model.data.ambient_sounds.SOUNDS`, or ``silence``."""


@dataclass(frozen=True, slots=True)
class TakePlan:
    """All events of a take."""

    frames: int
    """Of the take."""
    parts: tuple[PlayedPart, ...]
    rests: tuple[PlannedRest, ...] = ()
    count_ins: tuple[CountIn, ...] = ()
    gaps: tuple[Gap, ...] = ()


def plain_plan(frames: int) -> TakePlan:
    """Return the plan of a take that is the unchanged song."""
    return TakePlan(frames, (PlayedPart(0, frames, 0, 0, 0),))


def draw_plan(
    rng: Random,
    frames: int,
    downbeats: NDArray[np.float64] | None,
    beats: NDArray[np.float64] | None,
) -> TakePlan:
    """Return a random plan of a take of a song.

    Args:
        rng: Source of all choices.
        frames: Length of the song.
        downbeats: First beats of its bars in frames, ascending; None where they are not known.
            Then the band begins and ends with the song, rests nowhere and is not counted in.
        beats: Its beats likewise.

    Returns:
        A plan of at most ``(1 + MAX_GROWTH) * frames`` frames.
    """
    if rng.random() < PLAIN_SHARE:
        return plain_plan(frames)
    return _PlanBuilder(rng, frames, _bars(frames, downbeats, beats)).plan()


@dataclass(frozen=True, slots=True)
class _Bars:
    """Bar lines within a song, and the length of the beats that follow each, in frames."""

    lines: NDArray[np.float64]
    beats: tuple[int, ...]
    """Beats of each bar."""

    def __len__(self) -> int:
        return len(self.beats)

    def edge(self, bar: int) -> int:
        """Return the frame of a cut before a bar line."""
        return max(0, round(float(self.lines[bar])) - LEAD)

    def beat(self, bar: int) -> float:
        """Return the length of a beat of a bar."""
        return float(self.lines[bar + 1] - self.lines[bar]) / self.beats[bar]


def _bars(
    frames: int, downbeats: NDArray[np.float64] | None, beats: NDArray[np.float64] | None
) -> _Bars | None:
    """Return the whole bars of a song; None where it has too few to begin or end on."""
    if downbeats is None or beats is None:
        return None
    lines = downbeats[(downbeats >= 0) & (downbeats < frames)]
    if len(lines) < LEAST_BARS + 1:
        return None
    half = np.median(np.diff(beats)) / 2
    edges = np.searchsorted(beats, lines - half)
    return _Bars(lines, tuple(max(1, int(count)) for count in np.diff(edges)))


class _PlanBuilder:
    """A plan under construction: parts so far, and how many frames may still be added."""

    def __init__(self, rng: Random, frames: int, bars: _Bars | None) -> None:
        self._rng, self._frames, self._bars = rng, frames, bars
        self._left = int(MAX_GROWTH * frames)
        self._at = 0
        self._parts: list[PlayedPart] = []
        self._count_ins: list[CountIn] = []
        self._gaps: list[Gap] = []

    def plan(self) -> TakePlan:
        """Return the plan, in the order of the take."""
        rng, bars = self._rng, self._bars
        if rng.random() < BEFORE_SHARE:
            self._gap(BEFORE_S, BEFORE_SOUNDS)
        last = None if bars is None else len(bars)
        cut = None
        restarts = rng.random() < RESTART_SHARE and self._left > RESTART_LEFT
        if bars is not None and len(bars) >= 3 * LEAST_BARS and restarts:
            cut = rng.randint(LEAST_BARS, len(bars) - 2 * LEAST_BARS)
        begin = self._begin(0 if bars is not None else None)
        if cut is not None:
            self._play(begin, cut, goes_on=True)
            self._gap(BETWEEN_S, AFTER_SOUNDS)
            begin = self._begin(cut, again=True)
        ends_early = bars is not None and rng.random() < EARLY_END_SHARE
        after = rng.random() < AFTER_SHARE
        if after and ends_early and last is not None:
            first = 0 if cut is None else cut
            last = rng.randint(max(first + LEAST_BARS, last - 2 * LEAST_BARS), last)
            self._play(begin, last)
        else:
            self._play(begin, None)
        if after:
            self._gap(AFTER_S, AFTER_SOUNDS)
        return TakePlan(
            self._at,
            tuple(self._parts),
            self._rests(),
            tuple(self._count_ins),
            tuple(self._gaps),
        )

    def _gap(self, seconds: tuple[float, float], sounds: Sequence[tuple[str, float]]) -> None:
        """Insert a gap, if there are frames left."""
        names, weights = zip(*sounds, strict=True)
        (sound,) = self._rng.choices(names, weights)
        frames = min(round(self._rng.uniform(*seconds) * SAMPLE_RATE), self._left)
        if frames < LEAST_GAP:
            return
        self._gaps.append(Gap(self._at, self._at + frames, sound))
        self._at += frames
        self._left -= frames

    def _begin(self, bar: int | None, *, again: bool = False) -> int:
        """Return the frame of the song at which to begin, with or without a count-in.

        Args:
            bar: Whose line may be counted in; None where there are no bars.
            again: Whether the song has to begin at that bar; else from its first frame.
        """
        bars = self._bars
        if bars is None or bar is None:
            return 0
        length = round(bars.beats[bar] * bars.beat(bar))
        if length > self._left or self._rng.random() >= COUNT_IN_SHARE:
            return bars.edge(bar) if again else 0
        line = self._at + length
        beats = tuple(line - bars.beat(bar) * n for n in range(bars.beats[bar], 0, -1))
        self._count_ins.append(CountIn(len(self._parts), beats))
        self._at += length - (round(float(bars.lines[bar])) - bars.edge(bar))
        self._left -= length
        return bars.edge(bar)

    def _play(self, start: int, bar: int | None, *, goes_on: bool = False) -> None:
        """Play from a frame of the song to a bar line, or to the end.

        Args:
            start: Frame of the song.
            bar: Whose line; None for the end of the song.
            goes_on: Whether the song will go on from that line.
        """
        fade_in = SOFT if start else 0
        if bar is None or self._bars is None:
            stop, fade_out = self._frames, 0
        elif self._rng.random() < RING_SHARE:
            beat = self._bars.beat(min(bar, len(self._bars) - 1))
            held = round(self._rng.uniform(*RING_BEATS) * beat)
            stop = min(self._frames, round(float(self._bars.lines[bar])) + held)
            fade_out = round(self._rng.uniform(*RING_S) * SAMPLE_RATE)
        else:
            stop, fade_out = self._bars.edge(bar), SOFT
        fade_out = max(0, min(fade_out, self._frames - stop))
        if goes_on and self._bars is not None and bar is not None:  # what rings is heard twice
            line = round(float(self._bars.lines[bar]))
            spare = self._left - LEAST_GAP - LEAD
            stop = min(stop, line + spare)
            fade_out = min(fade_out, max(0, line + spare - stop))
            self._left -= stop + fade_out - self._bars.edge(bar)
        self._parts.append(PlayedPart(start, stop, self._at, fade_in, fade_out))
        self._at += stop + fade_out - start

    def _rests(self) -> tuple[PlannedRest, ...]:
        """Return rests of the band: between bar lines, away from every stop."""
        rng, bars = self._rng, self._bars
        chances = math.ceil(self._frames / SAMPLE_RATE / REST_EVERY_S)
        wanted = sum(rng.random() < REST_SHARE for _ in range(chances))
        if bars is None:
            return ()
        rests: list[PlannedRest] = []
        left = int(MAX_REST * len(bars))
        for _ in range(wanted):
            alone = rng.random() < ALONE_SHARE
            fewest, most = ALONE_BARS if alone else REST_BARS
            if left < fewest:
                break
            length = rng.randint(fewest, min(most, left))
            fitting = [
                bar
                for bar in range(len(bars) - length + 1)
                if self._is_free(bar, length, rests)
            ]
            if not fitting:
                break
            bar = rng.choice(fitting)
            rests.append(PlannedRest(bars.edge(bar), bars.edge(bar + length), alone))
            left -= length
        return tuple(rests)

    def _is_free(self, bar: int, length: int, rests: list[PlannedRest]) -> bool:
        """Return whether bars, and enough bars around them, are played without a stop."""
        assert self._bars is not None
        around = bar - LEAST_BARS, bar + length + LEAST_BARS
        if around[0] < 0 or around[1] > len(self._bars):
            return False
        begin, end = (self._bars.edge(each) for each in around)
        if any(rest.start < end and begin < rest.stop for rest in rests):
            return False
        return any(part.start <= begin and end <= part.stop for part in self._parts)
