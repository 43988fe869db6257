"""Common record of chord charts from every collection."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from model.data.sources.chord_symbols import NO_CHORD, chord_of
from model.data.splits import split_of

__all__ = [
    "COLLECTIONS",
    "TEST_COLLECTION",
    "ChartBar",
    "ChartNote",
    "ChordChart",
    "Key",
    "completed",
    "drop_shared_titles",
    "key_of",
    "spread",
    "tonics_of_signature",
]

COLLECTIONS = {
    "billboard": "CC0-1.0",
    "openewld": "MIT",
    "imaginary-book": "GPL-2.0-or-later",
}
"""Collections and their licences."""

TEST_COLLECTION = "imaginary-book"
"""Charts of it are for testing only: a style of music of its own, and nothing under the GPL
is trained on."""

ChartBar = tuple[tuple[float, str], ...]
"""Chords of a bar: position in unit beats and symbol."""

Key = tuple[int, Literal["major", "minor"]]
"""Pitch class 0..11 of the tonic, and the mode."""


@dataclass(frozen=True, slots=True)
class ChartNote:
    """A note of a chart's melody."""

    start: float
    """Onset in unit beats from the first bar."""
    length: float
    """Duration in unit beats."""
    pitch: int
    """MIDI key 0..127."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChordChart:
    """The chords of a song; all its bars have the same meter.

    Positions are in *unit beats*: the note value of the meter's denominator, so that a bar
    of 6/8 has six of them and a bar of 2/2 two.
    """

    name: str
    """Such as ``billboard-0003``."""
    collection: str
    """Key of `COLLECTIONS`."""
    licence: str
    """SPDX name."""
    title: str
    meter: tuple[int, int]
    """Unit beats in a bar, and the note value of the unit beat."""
    tempo_bpm: float | None
    """Unit beats a minute: eighths in 6/8, halves in 2/2."""
    style: str | None
    """Such as ``swing``, as the collection calls it."""
    key: Key | None
    sections: tuple[tuple[int, str], ...]
    """Bar that a section begins at, and its label, often empty."""
    bars: tuple[ChartBar, ...]
    """Chords of every bar: position in unit beats, increasing and within the bar, and MMA's
    symbol, ``z`` for no chord. A bar without any, or the time before its first, holds the
    chord before; the first bar has one at 0."""
    melody: tuple[ChartNote, ...] = ()
    """Notes by onset; only ``openewld`` has them."""

    @property
    def split(self) -> str:
        """The split this chart and all that is made of it belong to.

        It follows the title, so that a song found in two collections is in one split.
        """
        if self.collection == TEST_COLLECTION:
            return "test"
        return split_of(f"chart/{self.plain_title or self.name}")

    @property
    def plain_title(self) -> str:
        """The title in small letters and digits alone."""
        return re.sub(r"[^a-z0-9]", "", self.title.lower())


def drop_shared_titles(charts: Sequence[ChordChart]) -> list[ChordChart]:
    """Return the charts without those of the test collection that others have too.

    What is judged by `TEST_COLLECTION` is then a song no chart of which was learnt from.
    """
    known = {chart.plain_title for chart in charts if chart.collection != TEST_COLLECTION}
    known.discard("")
    return [
        chart
        for chart in charts
        if chart.collection != TEST_COLLECTION or chart.plain_title not in known
    ]


def completed(bars: Sequence[ChartBar]) -> tuple[ChartBar, ...]:
    """Return bars the first of which has a chord, or ``z``, at its beginning."""
    if bars and not (bars[0] and bars[0][0][0] == 0):
        return ((0.0, NO_CHORD), *bars[0]), *bars[1:]
    return tuple(bars)


def spread(chords: Sequence[tuple[float, str]], beats: int) -> ChartBar:
    """Return the chords of a bar, moved so that no two begin together.

    Charts read from scores give several chords of a bar one position where its place was
    lost. They share the time until the next position evenly, in whole beats or, where there
    are more chords than beats, halves; what finds no place is left out, and so is a chord
    that only repeats the one before.

    Args:
        chords: Position in beats and symbol, in order.
        beats: Beats in the bar; what begins behind them is left out.

    Example:
        >>> spread([(0, "C"), (0, "Am7"), (2, "Dm7"), (2, "G7")], beats=4)
        ((0.0, 'C'), (1.0, 'Am7'), (2.0, 'Dm7'), (3.0, 'G7'))
    """
    chords = [chord for chord in chords if chord[0] < beats]
    before = ["", *(symbol for _, symbol in chords)]
    distinct = [chord for chord, last in zip(chords, before, strict=False) if chord[1] != last]
    starts = sorted({at for at, _ in distinct})
    ends = [*starts[1:], beats]
    result: list[tuple[float, str]] = []
    for at, until in zip(starts, ends, strict=False):
        symbols = [symbol for start, symbol in distinct if start == at]
        step = 1.0 if len(symbols) <= until - at else 0.5
        places = int((until - at) / step)
        for number, symbol in enumerate(symbols[: max(1, places)]):
            offset = step * (number * places // len(symbols)) if number else 0.0
            result.append((at + offset, symbol))
    return tuple(result)


def key_of(tonics: Sequence[int], bars: Sequence[ChartBar]) -> Key | None:
    """Return the key, decided by the chords on the possible tonics.

    Charts give a key signature, whose mode is seldom right, or a tonic alone. The last chord
    decides where it stands on a possible tonic, else the more frequent of the chords on them;
    none where that leaves mode or tonic open.

    Args:
        tonics: The tonic, or the tonics of a signature: first major, then relative minor.
        bars: Chords of every bar.
    """
    chords = [c for bar in bars for _, name in bar if (c := chord_of(name)) is not None]
    minors = [(chord.root, chord.quality.startswith(("m", "dim"))) for chord in chords]
    if len(tonics) == 1:
        fitting = [place for place in minors if place[0] == tonics[0]]
    else:
        wanted = dict(zip(tonics, (False, True), strict=False))
        fitting = [(root, minor) for root, minor in minors if wanted.get(root) == minor]
    if not fitting:
        return None
    last = minors[-1] if minors[-1] in fitting else max(fitting, key=fitting.count)
    return last[0], "minor" if last[1] else "major"


def tonics_of_signature(sharps: int) -> tuple[int, int]:
    """Return the tonics of a key signature: of the major key, then of its relative minor.

    Args:
        sharps: Number of sharps, or of flats as a negative number.

    Example:
        >>> tonics_of_signature(-1)
        (5, 2)
    """
    major = sharps * 7 % 12
    return major, (major + 9) % 12
