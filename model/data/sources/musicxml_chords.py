"""Chord symbols of MusicXML: the MMA symbol of a kind of chord and its degrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from model.data.sources.chord_symbols import NO_CHORD, chord_of
from model.errors import DataError

__all__ = ["Degree", "mma_of_kind"]

_STANDARD = {
    "": "major other",
    "m": "minor",
    "aug": "augmented",
    "dim": "diminished",
    "7": "dominant",
    "M7": "major-seventh",
    "m7": "minor-seventh",
    "dim7": "diminished-seventh",
    "7#5": "augmented-seventh",
    "m7b5": "half-diminished",
    "mM7": "major-minor",
    "6": "major-sixth",
    "m6": "minor-sixth",
    "9": "dominant-ninth",
    "M9": "major-ninth major-11th",
    "m9": "minor-ninth",
    "11": "dominant-11th",
    "m11": "minor-11th",
    "13": "dominant-13th",
    "M13": "major-13th",
    "m13": "minor-13th",
    "sus2": "suspended-second",
    "sus4": "suspended-fourth",
    "5": "power pedal",
}
"""MMA's qualities, each with the kinds of the standard that it stands for."""
_FURTHER = {
    "": "maj",
    "m": "min",
    "aug": "aug",
    "dim": "dim diminished-triad",
    "7": "7 dominant-seventh",
    "M7": "maj7",
    "m7": "min7",
    "dim7": "dim7 diminished-ninth diminished-minor-ninth diminished-11th",
    "m7b5": "m7b5 half-diminished-seventh",
    "mM7": "minor-major minMaj7 minor-major-seventh",
    "6": "6",
    "m6": "min6",
    "69": "maj69",
    "9": "9",
    "M9": "maj9",
    "m9": "min9",
    "9#5": "augmented-ninth augmented-dominant-ninth augmented-11th augmented-dominant-13th",
    "7sus4": "suspended-fourth-seventh sus47",
    "7b5": "seventh-flat-five",
    "M7#5": "augmented-major-seventh augmented-major-ninth augmented-major-11th "
    "augmented-major-13th",
    "mM7(add9)": "minor-major-ninth minor-major-11th minor-major-13th",
    "m9b5": "half-diminished-ninth",
    "m7b5b9": "half-diminished-minor-ninth",
    "m11b5": "half-diminished-11th half-diminished-13th",
}
"""The same for kinds outside of the standard: those of Wikifonia's scores, and of music21,
which wrote OpenEWLD."""
_KINDS = {"": ""} | {
    kind: quality
    for table in (_STANDARD, _FURTHER)
    for quality, kinds in table.items()
    for kind in kinds.split()
}

_SUSPENDED = {"": "sus4", "7": "7sus4", "9": "9sus4", "13": "13sus4"}
_JOINED = {
    "9": {
        **{"": "add9", "m": "m(add9)", "6": "69", "m6": "m69", "7": "9"},
        **{"m7": "m9", "M7": "M9", "mM7": "mM7(add9)", "sus4": "sus(add9)"},
        **{"7sus4": "9sus4"},
    },
    "11": {"7": "11", "9": "11", "m9": "m11"},
    "13": {
        **{"": "6", "m": "m6", "7": "13", "9": "13", "m7": "m13", "m9": "m13"},
        **{"M9": "M13", "9sus4": "13sus4", "7b9": "13b9", "7#9": "13#9"},
        **{"7#11": "13#11", "9#11": "13#11"},
    },
    "b9": {"9": "7b9", "": "addb9", "7sus4": "7b9sus"},
    "#9": {"9": "7#9", "": "add#9"},
    "b13": {"9": "9#5", "7b9": "7#5b9"},
    "#5": {"": "aug"},
    "b5": {"": "(b5)", "m": "dim", "m6": "dim7", "6": "M#11"},
    "#11": {"": "M#11", "6": "M#11"},
    "7": {"": "7", "m": "m7", "aug": "7#5", "sus4": "7sus4", "dim": "m7b5"},
    "b7": {"": "7", "m": "m7", "aug": "7#5", "sus4": "7sus4", "dim": "dim7"},
    "#7": {
        **{"": "M7", "m": "mM7", "aug": "M7#5", "dim": "dim7(addM7)"},
        **{"dim7": "dim7(addM7)"},
    },
}
"""Qualities that MMA writes otherwise with one degree more: by degree and the quality without
it."""
_ALTERED = (
    "7b5 7#5 7b9 7#9 7#11 7b13 7b5b9 7b5#9 7#5b9 7#5#9 7b9#11 7#9#11 9b5 9#5 9#11 13b5 "
    "13b9 13#9 13#11 M7b5 M7#5 M7#11 M9#11 M13#11 m#5 m7b5 m7#5 m7b9 m7#9 m7b5b9 m9b5 "
    "m9#11 m11b5 M7(add13) m7(add11) m7(add13)"
)
"""MMA's qualities in which an added or altered degree is written behind the others."""


class Degree(NamedTuple):
    """A tone added to a chord, altered in it or left out of it."""

    value: int
    """Degree of the scale above the root, from 1."""
    alter: int
    """Semitones above the degree of a major scale, or above the minor seventh."""
    how: Literal["add", "alter", "subtract"]


def mma_of_kind(
    root: str, kind: str, degrees: Sequence[Degree] = (), bass: str | None = None
) -> str:
    """Return the MMA symbol of a chord.

    Degrees that MMA has no symbol for with this kind are left out.

    Args:
        root: Name of the root, such as ``Bb``.
        kind: A kind of MusicXML, such as ``minor-seventh``; ``none`` becomes ``z``.
        degrees: What differs from the kind.
        bass: Name of the lowest note, where it is not the root.

    Raises:
        DataError: The kind is unknown, or a name is no note.

    Source:
        MusicXML 4.0, W3C, elements *kind* and *degree*.

    Example:
        >>> mma_of_kind("Eb", "dominant", [Degree(9, -1, "alter")], "G")
        'Eb7b9/G'
    """
    if kind == "none":
        return NO_CHORD
    if kind not in _KINDS:
        raise DataError(f"expected a kind of chord such as minor-seventh, got {kind!r}")
    quality = _with_degrees(_KINDS[kind], degrees)
    symbol = root + quality + (f"/{bass}" if bass and bass != root else "")
    chord_of(symbol)
    return symbol


def _with_degrees(quality: str, degrees: Sequence[Degree]) -> str:
    removed = {degree.value for degree in degrees if degree.how == "subtract"}
    names = [
        f"{'b' if degree.alter < 0 else '#' * (degree.alter > 0)}{_upper(degree.value)}"
        for degree in sorted(degrees, key=lambda degree: _upper(degree.value))
        if degree.how != "subtract"
    ]
    if 3 in removed and "11" in names and quality in _SUSPENDED:
        quality = _SUSPENDED[quality]
        names.remove("11")
    elif 3 in removed and quality in ("", "m") and not names:
        quality = "5"
    for name in names:
        behind = quality + (name if name[0] in "b#" else f"(add{name})")
        kept = behind if behind in _ALTERED.split() else quality
        quality = _JOINED.get(name, {}).get(quality, kept)
    return quality


def _upper(value: int) -> int:
    """Return a degree with seconds, fourths and sixths as ninths, elevenths, thirteenths."""
    return value + 7 if value in (2, 4, 6) else value
