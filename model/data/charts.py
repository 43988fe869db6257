"""Chords and chord charts, drawn from several vocabularies, in any key.

The vocabularies are lists of progressions; a chart strings them together as phrases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from model.data.progressions import Mode, choices
from model.errors import DataError

__all__ = [
    "CHORD_TONES",
    "NOTE_NAMES",
    "Bar",
    "Chord",
    "cadence",
    "chord_starts",
    "draw_chart",
    "read_bars",
]

NOTE_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
"""Pitch classes 0..11 as spelled in charts and annotations."""

CHORD_TONES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "M7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "sus4": (0, 5, 7),
    "7sus4": (0, 5, 7, 10),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "9": (0, 4, 7, 10, 2),
    "M9": (0, 4, 7, 11, 2),
    "m9": (0, 3, 7, 10, 2),
    "13": (0, 4, 7, 10, 9),
    "7b9": (0, 4, 7, 10, 1),
}
"""Semitones above the root for every quality used, named as MMA names them."""


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord: root pitch class 0..11 and a quality out of `CHORD_TONES`."""

    root: int
    quality: str

    @property
    def pitch_classes(self) -> frozenset[int]:
        """Pitch classes 0..11 that sound in the chord."""
        return frozenset((self.root + tone) % 12 for tone in CHORD_TONES[self.quality])

    @property
    def name(self) -> str:
        """Name as MMA reads it, such as ``Ebm7``."""
        return NOTE_NAMES[self.root] + self.quality


Bar = tuple[Chord, ...]
"""One chord, or two that share the bar."""

_DEGREES = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_TOKEN = re.compile(r"([b#]?)([IV]+|[iv]+)(.*)")
_MAJOR_SUFFIXES = {"maj7": "M7", "maj9": "M9"}
_MINOR_SUFFIXES = {"": "m", "6": "m6", "7": "m7", "9": "m9", "ø": "m7b5", "o7": "dim7"}


def read_bars(progression: str, tonic: int) -> list[Bar]:
    """Return the bars that a progression in roman numerals means in a key.

    Args:
        progression: One token per bar, chords in the same bar joined by a comma.
        tonic: Pitch class 0..11 of degree I.

    Returns:
        One tuple of chords per bar.

    Raises:
        DataError: A token is no roman numeral, or its quality is unknown.

    Example:
        >>> [[chord.name for chord in bar] for bar in read_bars("ii7,V7 Imaj7", tonic=5)]
        [['Gm7', 'C7'], ['FM7']]
    """
    return [
        tuple(_read_chord(token, tonic) for token in bar.split(","))
        for bar in progression.split()
    ]


def _read_chord(token: str, tonic: int) -> Chord:
    match = _TOKEN.fullmatch(token)
    if match is None or match[2].upper() not in _DEGREES:
        raise DataError(f"expected a chord such as ii7 or bVImaj7, got {token!r}")
    accidental, numeral, suffix = match.groups()
    shift = {"": 0, "b": -1, "#": 1}[accidental]
    quality = (
        _MINOR_SUFFIXES.get(suffix, suffix)
        if numeral.islower()
        else _MAJOR_SUFFIXES.get(suffix, suffix)
    )
    if quality not in CHORD_TONES:
        raise DataError(f"unknown chord quality {suffix!r} in {token!r}; add it to CHORD_TONES")
    return Chord((tonic + _DEGREES[numeral.upper()] + shift) % 12, quality)


def chord_starts(bar: Bar, beats: int) -> list[tuple[int, Chord]]:
    """Return the chords of a bar with the beat each enters on.

    Args:
        bar: One or two chords.
        beats: Beats in the bar; the second chord enters in the middle, in 3 on the third.

    Example:
        >>> [beat for beat, _ in chord_starts((Chord(0, ""), Chord(7, "7")), beats=3)]
        [0, 2]
    """
    return list(zip((0, 2 if beats == 3 else beats // 2), bar, strict=False))


def draw_chart(
    rng: Random, vocabulary: str, mode: Mode, *, tonic: int, bars: int, held_out: bool = False
) -> list[Bar]:
    """Return a chart of one or two progressions laid out as phrases.

    Args:
        rng: Source of all choices.
        vocabulary: A key of `PROGRESSIONS`.
        mode: Major or minor.
        tonic: Pitch class 0..11.
        bars: Length of the chart.
        held_out: Whether to use the progressions kept for testing instead of the others.

    Returns:
        ``bars`` bars; often with a half cadence at the end and a few ornaments.
    """
    known = choices(vocabulary, mode, held_out=held_out)
    first, second = rng.choice(known), rng.choice(known)
    chart: list[Bar] = []
    while len(chart) < bars:
        for progression in rng.choice(((first,), (first, first), (first, second))):
            chart += read_bars(progression, tonic)
    del chart[bars:]
    dominant = read_bars("V" if vocabulary == "triads" else "V7", tonic)[0]
    if rng.random() < 0.35:
        chart[-1] = dominant
    return [_ornament(rng, bar) for bar in chart]


def _ornament(rng: Random, bar: Bar) -> Bar:
    """Sometimes delay a major triad by its fourth, or turn a minor seventh into ii-V."""
    if len(bar) != 1 or rng.random() >= 0.06:
        return bar
    (chord,) = bar
    if chord.quality == "":
        return Chord(chord.root, "sus4"), chord
    if chord.quality == "m7":
        return chord, Chord((chord.root + 5) % 12, "7")
    return bar


def cadence(vocabulary: str, mode: Mode, tonic: int, bars: int) -> list[Bar]:
    """Return the closing bars: dominant, then tonic held to the end.

    Args:
        vocabulary: A key of `PROGRESSIONS`.
        mode: Major or minor.
        tonic: Pitch class 0..11.
        bars: Length, at least 2.
    """
    minor = mode == "minor"
    home = {"jazz": "i6" if minor else "I6", "blues": "i7" if minor else "I7"}.get(
        vocabulary, "i" if minor else "I"
    )
    away = ["iv" if minor else "IV"] if bars > 2 else []
    tokens = [*away, "V7", home]
    return read_bars(" ".join(tokens + [home] * (bars - len(tokens))), tonic)
