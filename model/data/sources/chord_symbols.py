"""Chord symbols of charts: MMA's, and those of Harte's annotation syntax."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from model.data.charts import CHORD_TONES, NOTE_NAMES, Chord
from model.errors import DataError

__all__ = ["NO_CHORD", "chord_of", "mma_of_harte", "pitch_class"]

NO_CHORD = "z"
"""MMA's symbol for silence of the harmony."""

_NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SYMBOL = re.compile(r"([A-G][b#]*)([^/]*)(?:/[A-G][b#]*)?")
_TOKEN = re.compile(
    r"dim7?|aug|alt|sus[24]?|add(?:M7|[b#]?\d+)|[b#](?:5|9|11|13)|M|m|69|13|11|9|7|6|5"
)

_EXTENSIONS = {
    "6": (9,),
    "69": (9, 2),
    "7": (10,),
    "9": (10, 2),
    "11": (10, 2, 5),
    "13": (10, 9),
}
_ALTERATIONS = {"b9": 1, "#9": 3, "#11": 6, "b13": 8, "9": 2, "11": 5, "13": 9, "M7": 11}


@dataclass(slots=True)
class _Tones:
    """A quality by its parts, in semitones above the root."""

    third: int | None = 4
    """2 and 5 where it is suspended; none in a power chord."""
    fifth: int = 7
    others: set[int] | None = None


def pitch_class(name: str) -> int:
    """Return the pitch class 0..11 of a note name with any number of ``b`` and ``#``.

    Raises:
        DataError: It is not a note name.

    Example:
        >>> pitch_class("Ebb"), pitch_class("F#")
        (2, 6)
    """
    if not re.fullmatch(r"[A-G][b#]*", name):
        raise DataError(f"expected a note name such as Bb or F#, got {name!r}")
    return (_NATURALS[name[0]] + name.count("#") - name.count("b")) % 12


@cache
def chord_of(symbol: str) -> Chord | None:
    """Return the chord a symbol of MMA means, in the nearest quality of `CHORD_TONES`.

    The bass behind a slash is left out. Of several near qualities the one with
    the same third is taken, then the one with the same fifth, then the one with the fewest
    other tones that differ; a power chord becomes major and a suspended second a fourth.

    Args:
        symbol: Such as ``F#m7b5/C``; ``z`` and ``N`` mean none.

    Raises:
        DataError: It cannot be read.

    Example:
        >>> chord_of("Gm(add9)/D"), chord_of("z")
        (Chord(root=7, quality='m'), None)
    """
    if symbol in (NO_CHORD, "N"):
        return None
    root, quality = _split(symbol)
    return Chord(pitch_class(root), _nearest(quality, symbol))


def _split(symbol: str) -> tuple[str, str]:
    match = _SYMBOL.fullmatch(symbol)
    if match is None:
        raise DataError(f"expected a chord symbol such as Bbm7/F or z, got {symbol!r}")
    return match[1], match[2]


@cache
def _nearest(quality: str, symbol: str) -> str:
    wanted = _tones(quality, symbol)
    return min(CHORD_TONES, key=lambda known: _distance(wanted, _tones(known, known)))


def _distance(one: _Tones, other: _Tones) -> int:
    apart = len((one.others or set()) ^ (other.others or set()))
    if one.fifth != other.fifth:
        apart += 2
    if one.third != other.third:
        suspended = {one.third, other.third} == {2, 5}
        power = one.third is None and other.third == 4
        apart += 1 if suspended or power else 4
    return apart


def _tones(quality: str, symbol: str) -> _Tones:
    """Return the parts of a quality, reading its tokens from left to right."""
    text = re.sub(r"[(),]", "", quality)
    tones, others, major_seventh, position = _Tones(), set[int](), False, 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise DataError(f"unknown chord quality {text[position:]!r} in {symbol!r}")
        position, token = match.end(), match[0]
        if token in _EXTENSIONS:
            seventh = 11 if major_seventh else 10
            others |= {seventh if tone == 10 else tone for tone in _EXTENSIONS[token]}
            if token == "11" and tones.third == 4:
                tones.third = 5
        elif token == "M":
            major_seventh = True
        else:
            _alter(tones, others, token)
    tones.others = others
    return tones


def _alter(tones: _Tones, others: set[int], token: str) -> None:
    if token == "m":
        tones.third = 3
    elif token == "5":
        tones.third = None
    elif token in ("dim", "dim7"):
        tones.third, tones.fifth = 3, 6
        others |= {9} if token == "dim7" else set()
    elif token == "aug":
        tones.fifth = 8
    elif token == "alt":
        tones.fifth = 8
        others |= {1, 3}
    elif token.startswith("sus"):
        tones.third = 2 if token == "sus2" else 5
    elif token in ("b5", "#5"):
        tones.fifth = 6 if token == "b5" else 8
    else:
        others.add(_ALTERATIONS[token.removeprefix("add")])


_HARTE = re.compile(r"([A-G][b#]*)(?::([a-z0-9]*)(?:\(([^)]*)\))?)?(?:/([b#]*\d+))?")
_SHORTHANDS = {
    "": "",
    "maj": "",
    "min": "m",
    "dim": "dim",
    "aug": "aug",
    "maj7": "M7",
    "min7": "m7",
    "7": "7",
    "dim7": "dim7",
    "hdim7": "m7b5",
    "minmaj7": "mM7",
    "maj6": "6",
    "6": "6",
    "min6": "m6",
    "9": "9",
    "maj9": "M9",
    "min9": "m9",
    "11": "11",
    "min11": "m11",
    "maj11": "M9",
    "13": "13",
    "maj13": "M13",
    "min13": "m13",
    "sus2": "sus2",
    "sus4": "sus4",
    "5": "5",
    "1": "5",
}
_ADDED = {
    ("maj", "9"): "add9",
    ("min", "9"): "m(add9)",
    ("sus4", "b7"): "7sus4",
    ("sus4", "b7,9"): "9sus4",
    ("7", "#9"): "7#9",
    ("7", "b9"): "7b9",
    ("7", "#5"): "7#5",
    ("7", "b5"): "7b5",
    ("7", "#11"): "7#11",
    ("7", "13"): "13",
    ("aug", "b7"): "7#5",
}
_DEGREES = {"1": 0, "2": 2, "3": 4, "4": 5, "5": 7, "6": 9, "7": 11, "9": 2, "11": 5, "13": 9}


@cache
def mma_of_harte(label: str) -> str:
    """Return the MMA symbol of a label in Harte's syntax.

    Added and omitted degrees that MMA has no symbol for are left out; the bass is kept, as a
    note name.

    Args:
        label: Such as ``F#:maj7/5``; ``N`` and ``X`` become ``z``.

    Raises:
        DataError: It cannot be read.

    Source:
        C. Harte et al., "Symbolic representation of musical chords", ISMIR 2005.

    Example:
        >>> mma_of_harte("F#:maj7/5"), mma_of_harte("Bb:sus4(b7)"), mma_of_harte("N")
        ('F#M7/Db', 'Bb7sus4', 'z')
    """
    if label in ("N", "X", "&pause"):
        return NO_CHORD
    match = _HARTE.fullmatch(label)
    shorthand = (match[2] or "") if match else None
    if match is None or shorthand not in _SHORTHANDS:
        raise DataError(f"expected a chord label such as C:min7/b3 or N, got {label!r}")
    added = (match[3] or "").replace(" ", "")
    symbol = match[1] + _ADDED.get((shorthand, added), _SHORTHANDS[shorthand])
    if match[4] and match[4] != "1":
        degree = match[4].lstrip("b#")
        if degree not in _DEGREES:
            raise DataError(
                f"expected a bass from 1 to 7, 9, 11 or 13, got {match[4]} in {label!r}"
            )
        shift = match[4].count("#") - match[4].count("b")
        symbol += "/" + NOTE_NAMES[(pitch_class(match[1]) + _DEGREES[degree] + shift) % 12]
    return symbol
