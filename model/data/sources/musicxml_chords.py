"""Chord symbols of MusicXML: the MMA symbol of a kind of chord and its degrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from model.data.sources.chord_symbols import NO_CHORD, chord_of
from model.errors import DataError

__all__ = ["Degree", "mma_of_kind"]

_KINDS = {
    "major": "",
    "minor": "m",
    "augmented": "aug",
    "diminished": "dim",
    "dominant": "7",
    "major-seventh": "M7",
    "minor-seventh": "m7",
    "diminished-seventh": "dim7",
    "augmented-seventh": "7#5",
    "half-diminished": "m7b5",
    "major-minor": "mM7",
    "major-sixth": "6",
    "minor-sixth": "m6",
    "dominant-ninth": "9",
    "major-ninth": "M9",
    "minor-ninth": "m9",
    "dominant-11th": "11",
    "major-11th": "M9",
    "minor-11th": "m11",
    "dominant-13th": "13",
    "major-13th": "M13",
    "minor-13th": "m13",
    "suspended-second": "sus2",
    "suspended-fourth": "sus4",
    "power": "5",
    "pedal": "5",
    "other": "",
}
_KINDS |= {
    "": "",
    "maj": "",
    "min": "m",
    "aug": "aug",
    "dim": "dim",
    "diminished-triad": "dim",
    "7": "7",
    "dominant-seventh": "7",
    "maj7": "M7",
    "min7": "m7",
    "dim7": "dim7",
    "m7b5": "m7b5",
    "minor-major": "mM7",
    "minMaj7": "mM7",
    "6": "6",
    "min6": "m6",
    "maj69": "69",
    "9": "9",
    "maj9": "M9",
    "min9": "m9",
    "augmented-ninth": "9#5",
    "suspended-fourth-seventh": "7sus4",
    "seventh-flat-five": "7b5",
    "minor-major-seventh": "mM7",
    "augmented-major-seventh": "M7#5",
    "half-diminished-seventh": "m7b5",
    "minor-major-ninth": "mM7(add9)",
    "augmented-major-ninth": "M7#5",
    "augmented-dominant-ninth": "9#5",
    "half-diminished-ninth": "m9b5",
    "half-diminished-minor-ninth": "m7b5b9",
    "half-diminished-11th": "m11b5",
    "half-diminished-13th": "m11b5",
    "minor-major-11th": "mM7(add9)",
    "minor-major-13th": "mM7(add9)",
    "diminished-ninth": "dim7",
    "diminished-minor-ninth": "dim7",
    "diminished-11th": "dim7",
    "augmented-major-11th": "M7#5",
    "augmented-major-13th": "M7#5",
    "augmented-11th": "9#5",
    "augmented-dominant-13th": "9#5",
    "sus47": "7sus4",
}
"""Kinds outside of the standard: those of Wikifonia's scores, and of music21, which wrote
OpenEWLD."""

_SUSPENDED = {"": "sus4", "7": "7sus4", "9": "9sus4", "13": "13sus4"}
_JOINED = {
    ("", "9"): "add9",
    ("m", "9"): "m(add9)",
    ("6", "9"): "69",
    ("m6", "9"): "m69",
    ("7", "9"): "9",
    ("m7", "9"): "m9",
    ("M7", "9"): "M9",
    ("mM7", "9"): "mM7(add9)",
    ("sus4", "9"): "sus(add9)",
    ("7sus4", "9"): "9sus4",
    ("7", "11"): "11",
    ("9", "11"): "11",
    ("m9", "11"): "m11",
    ("", "13"): "6",
    ("m", "13"): "m6",
    ("7", "13"): "13",
    ("9", "13"): "13",
    ("m7", "13"): "m13",
    ("m9", "13"): "m13",
    ("M9", "13"): "M13",
    ("9sus4", "13"): "13sus4",
    ("9", "b9"): "7b9",
    ("9", "#9"): "7#9",
    ("9", "b13"): "9#5",
    ("7b9", "13"): "13b9",
    ("7#9", "13"): "13#9",
    ("7#11", "13"): "13#11",
    ("9#11", "13"): "13#11",
    ("", "#5"): "aug",
    ("", "b5"): "(b5)",
    ("m", "b5"): "dim",
    ("m6", "b5"): "dim7",
    ("", "b9"): "addb9",
    ("", "#9"): "add#9",
    ("7sus4", "b9"): "7b9sus",
    ("", "#11"): "M#11",
    ("6", "#11"): "M#11",
    ("6", "b5"): "M#11",
    ("7b9", "b13"): "7#5b9",
    ("", "7"): "7",
    ("m", "7"): "m7",
    ("aug", "7"): "7#5",
    ("sus4", "7"): "7sus4",
    ("dim", "7"): "m7b5",
    ("", "b7"): "7",
    ("m", "b7"): "m7",
    ("aug", "b7"): "7#5",
    ("sus4", "b7"): "7sus4",
    ("dim", "b7"): "dim7",
    ("", "#7"): "M7",
    ("m", "#7"): "mM7",
    ("aug", "#7"): "M7#5",
    ("dim", "#7"): "dim7(addM7)",
    ("dim7", "#7"): "dim7(addM7)",
}
"""Qualities with one degree more, where MMA writes the two together otherwise."""
_ALTERED = frozenset(
    [
        "7b5",
        "7#5",
        "7b9",
        "7#9",
        "7#11",
        "7b13",
        "7b5b9",
        "7b5#9",
        "7#5b9",
        "7#5#9",
        "7b9#11",
        "7#9#11",
        "9b5",
        "9#5",
        "9#11",
        "13b5",
        "13b9",
        "13#9",
        "13#11",
        "M7b5",
        "M7#5",
        "M7#11",
        "M9#11",
        "M13#11",
        "m#5",
        "m7b5",
        "m7#5",
        "m7b9",
        "m7#9",
        "m7b5b9",
        "m9b5",
        "m9#11",
        "m11b5",
        "M7(add13)",
        "m7(add11)",
        "m7(add13)",
    ]
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
        quality = _JOINED.get((quality, name), behind if behind in _ALTERED else quality)
    return quality


def _upper(value: int) -> int:
    """Return a degree with seconds, fourths and sixths as ninths, elevenths, thirteenths."""
    return value + 7 if value in (2, 4, 6) else value
