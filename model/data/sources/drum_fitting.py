"""Fitting of human drums to a song: a performance stretched to its beat and bars."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from model.data.midifile import Note
from model.data.sources.drum_performances import DrumPerformance

__all__ = ["TEMPO_TOLERANCE", "FittedDrums", "fit_drums"]

TEMPO_TOLERANCE = 0.12
"""Most that a performance is stretched, as a share of its tempo."""

_RATIOS = {1.0: 1.0, 0.5: 0.4, 2.0: 0.25}
"""Song quarters that a performed quarter lasts, and how often performances of it are taken."""
_LEAST_BARS = 4
_EARLY = 1 / 12
"""Quarters before a bar line from which on a note belongs to the bar behind it: half way to
the finest grid drummers play, sixths of a quarter."""
_FIRST_BY = 0.5
_SPARSE = 0.5
_FILL_SHARE = 0.85
_LONGEST_FILL = 2
_LEAST_GROOVE = 2
"""Bars of groove that a fill leaves before it."""


@dataclass(frozen=True, slots=True)
class FittedDrums:
    """Drums of a song."""

    performance: DrumPerformance
    ratio: float
    """Song quarters that a performed quarter lasts: 1, or 1/2 where the drummer counts twice
    as fast as the song, or 2."""
    notes: tuple[Note, ...]
    """By onset, in song quarters. The first may begin up to 1/6 quarter before 0, ahead of
    the first beat."""


def fit_drums(
    rng: Random,
    performances: Sequence[DrumPerformance],
    *,
    meter: tuple[int, int],
    bars: int,
    tempo_bpm: float,
    styles: Collection[str] = (),
    section_starts: Collection[int] = (),
) -> FittedDrums | None:
    """Return human drums for all bars of a song, or None where no performance fits.

    A performance fits that has the song's meter, four bars or more, and a tempo within 12 % of
    the song's, of its double or of its half. Doubled, two performed bars fill a bar of the
    song; halved, one fills two. Whole bars of it follow each other from a random one on, and
    from another random one where it ends. Before a section begins, a fill by the same drummer
    takes the place of the last bars, where there is one of that meter and near that tempo.
    Every note keeps its place in its bar, as a fraction of the beat, and its velocity.

    Args:
        rng: Source of all choices.
        performances: What to choose from, of one split, fills among them.
        meter: The song's time signature.
        bars: Length of the song.
        tempo_bpm: Quarters a minute.
        styles: Styles that fit the song, as the performances name them; empty for any.
        section_starts: Bars that a section begins with.
    """
    fitting = [
        (performance, ratio)
        for performance in performances
        if not performance.is_fill
        and performance.meter == meter
        and (not styles or performance.style in styles)
        and (ratio := _ratio(performance, tempo_bpm)) is not None
        and len(_groove(performance)) >= _LEAST_BARS
    ]
    if not fitting:
        return None
    weights = [_RATIOS[ratio] * math.sqrt(one.length_quarters) for one, ratio in fitting]
    performance, ratio = rng.choices(fitting, weights)[0]
    fills = [other for other in performances if _is_fill_of(other, performance)]
    own_style = [fill for fill in fills if fill.style == performance.style]
    quarters = performance.bar_quarters
    notes: list[Note] = []
    groove = _endless(rng, _groove(performance))
    ends = sorted({bar for bar in section_starts if 0 < bar < bars} | {bars})
    for first, last in zip([0, *ends], ends, strict=False):
        fill: Sequence[Sequence[Note]] = ()
        if fills and last < bars and rng.random() < _FILL_SHARE:
            fill = _bars(rng.choice(own_style or fills))
        turn = last - len(fill) * ratio
        if turn < first + _LEAST_GROOVE or turn % 1:
            fill, turn = (), float(last)
        notes += _laid_out(groove, first * quarters, turn * quarters, ratio, quarters)
        notes += _laid_out(iter(fill), turn * quarters, last * quarters, ratio, quarters)
    notes.sort(key=lambda note: (note.start, note.pitch))
    return FittedDrums(performance, ratio, tuple(notes))


def _ratio(performance: DrumPerformance, tempo_bpm: float) -> float | None:
    """Return the length of a performed quarter in the song's; None where it does not fit."""
    for ratio in _RATIOS:
        if abs(tempo_bpm / ratio / performance.tempo_bpm - 1) <= TEMPO_TOLERANCE:
            return ratio
    return None


def _is_fill_of(fill: DrumPerformance, performance: DrumPerformance) -> bool:
    return (
        fill.is_fill
        and fill.drummer == performance.drummer
        and fill.meter == performance.meter
        and fill.length_quarters <= _LONGEST_FILL * fill.bar_quarters
        and abs(fill.tempo_bpm / performance.tempo_bpm - 1) <= TEMPO_TOLERANCE
    )


@cache
def _bars(performance: DrumPerformance) -> tuple[tuple[Note, ...], ...]:
    """Return the notes of every bar, with onsets from its bar line on."""
    quarters = performance.bar_quarters
    bars: list[list[Note]] = [[] for _ in range(round(performance.length_quarters / quarters))]
    for note in performance.notes:
        number = math.floor((note.start + _EARLY) / quarters)
        if number < len(bars):
            bars[number].append(replace(note, start=note.start - number * quarters))
    return tuple(tuple(bar) for bar in bars)


@cache
def _groove(performance: DrumPerformance) -> tuple[tuple[Note, ...], ...]:
    """Return the bars of a performance from its first full one to its last."""
    bars = list(_bars(performance))
    full = sorted(len(bar) for bar in bars)[len(bars) // 2] * _SPARSE
    while bars and (not bars[0] or bars[0][0].start > _FIRST_BY):
        del bars[0]
    while bars and len(bars[-1]) < full:
        del bars[-1]
    return tuple(bars)


def _endless(rng: Random, bars: Sequence[Sequence[Note]]) -> Iterator[Sequence[Note]]:
    while True:
        yield from bars[rng.randrange(len(bars)) :]


def _laid_out(
    bars: Iterator[Sequence[Note]], begin: float, end: float, ratio: float, quarters: float
) -> Iterator[Note]:
    """Yield bars one after the other between two places of a song, the last one cut."""
    while begin < end:
        for note in next(bars):
            start = begin + note.start * ratio
            if start < end - _EARLY * ratio:
                yield replace(note, start=start, length=note.length * ratio)
        begin += quarters * ratio
