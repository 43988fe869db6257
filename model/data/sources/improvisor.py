"""Reader of Impro-Visor's imaginary book: chord charts in their published layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from model.data.sources.chart_records import (
    COLLECTIONS,
    ChartBar,
    ChordChart,
    completed,
    key_of,
    spread,
    tonics_of_signature,
)
from model.data.sources.chord_symbols import NO_CHORD, chord_of
from model.errors import DataError

__all__ = ["mma_of_improvisor", "read_imaginary_book"]

_COLLECTION = "imaginary-book"
_TOKEN = re.compile(r"[()|]|[^\s()|]+")
_HOLD = "/"
_CHORD = re.compile(r"([A-G][b#]?)([^/]*)(?:/([A-G][b#]?))?")

_SAME = {
    "": ("M", "Major", "Bass", "Note", "maj", "Maj"),
    "6": ("M6",),
    "69": ("M69", "69#11", "M69#11"),
    "M7": ("M7b6", "M7b9"),
    "M7(add13)": ("M7add13",),
    "M9#11": ("M9b5",),
    "(b5)": ("Mb5", "b5"),
    "M#11": ("6#11", "6b5", "M6#11", "M6b5"),
    "add9": ("2", "add2", "Madd9"),
    "aug": ("+", "M#5", "Mb6", "augmented", "+add9", "M#5add9"),
    "M7#5": ("M7+", "M9#5"),
    "m": ("minor", "min"),
    "m7": ("minor7", "min7"),
    "m7(add11)": ("m7add4", "m7add11"),
    "m(add9)": ("madd9",),
    "m#5": ("m+", "mb6", "mb6b9"),
    "m7#5": ("m9#5", "m11#5"),
    "mM7": ("mM7b6", "mb6M7"),
    "mM7(add9)": ("mM9",),
    "dim": ("o",),
    "dim7": ("o7", "diminished"),
    "dim7(addM7)": ("oM7", "o7M7"),
    "m7b5": ("h", "h7", "half-diminished"),
    "7": ("Dominant", "Blues", "7no5"),
    "7(6)": ("67",),
    "7(add13)": ("7add6", "7add13"),
    "7b13": ("7b6",),
    "7#5": ("7+", "+7", "aug7", "7aug"),
    "7#5b9": ("7b9b13", "7#5b9#11"),
    "7#11": ("7b5b13", "7#11b13"),
    "7b9#11": ("7b5b9b13", "7b9#11b13", "7b9b13#11"),
    "7#9#11": ("7#9#11b13",),
    "9": ("9no5",),
    "9#5": ("9+", "9b13", "9#5#11"),
    "9#11": ("9#11b13", "9b5b13"),
    "13#9": ("13#9#11",),
    "13b9": ("13b9#11",),
    "sus2": ("Msus2", "add9no3"),
    "sus4": ("sus", "Msus4"),
    "sus(add9)": ("sus24", "sus4add9"),
    "sus(addb9)": ("susb9",),
    "7sus4": ("7sus", "4", "quartal"),
    "7b9sus": ("7b9sus4", "7susb9", "7sus4b9", "7sus4b9b13", "7b9b13sus4"),
    "9sus4": ("9sus",),
    "13sus4": ("13sus",),
}
"""MMA's qualities, each with the names of Impro-Visor's vocabulary that it stands for."""

_QUALITIES = {name: quality for quality, names in _SAME.items() for name in names}


@cache
def mma_of_improvisor(name: str) -> str:
    r"""Return the MMA symbol of a chord's name in Impro-Visor's vocabulary.

    Tones that MMA has no symbol for are left out. Of a chord above another, as in
    ``C\Dm7``, the lower is taken.

    Args:
        name: Such as ``Co7`` or ``F#m7add4/B``; ``NC`` becomes ``z``.

    Raises:
        DataError: It cannot be read.

    Example:
        >>> mma_of_improvisor("Co7"), mma_of_improvisor("DbMb5/F"), mma_of_improvisor("NC")
        ('Cdim7', 'Db(b5)/F', 'z')
    """
    if name == "NC":
        return NO_CHORD
    match = _CHORD.fullmatch(name.rpartition("\\")[2])
    if match is None:
        raise DataError(f"expected a chord such as Ebm7b5/A or NC, got {name!r}")
    quality = match[2] if match[2] in _QUALITIES else re.sub("[Mm]aj", "M", match[2])
    symbol = match[1] + _QUALITIES.get(quality, quality) + (f"/{match[3]}" if match[3] else "")
    chord_of(symbol)
    return symbol


@dataclass(slots=True)
class _ParsedFile:
    """Forms and bars of one file."""

    forms: dict[str, list[str]] = field(default_factory=dict)
    """Text of the forms outside of all others behind their first word, by that word."""
    bars: list[list[str]] = field(default_factory=list)
    """Names of chords and ``/``, as written."""
    sections: list[int] = field(default_factory=list)
    """Bars that sections begin at."""

    def first(self, form: str, default: str) -> str:
        """Return the text of the first form of a kind."""
        return self.forms.get(form, [""])[0] or default


def read_imaginary_book(folder: Path) -> list[ChordChart]:
    """Return the charts in a folder of Impro-Visor's leadsheets, at any depth.

    Where a folder ``imaginary-book`` is below, as in Impro-Visor's repository, its charts
    alone are read; the other leadsheets there are exercises and solos. Left out are charts
    with more than one meter and those without any chord. The notes of a melody are not read.

    Args:
        folder: With files ``*.ls``: forms in parentheses, and bars of names of chords, each
            ended by ``|``. Chords and ``/``, which holds the chord before, share a bar evenly.

    Raises:
        DataError: A file is malformed; file and bar are named.

    Source:
        R. M. Keller, "Impro-Visor Leadsheet Notation", 2005; the names of chords are those of
        Impro-Visor's vocabulary, ``My.voc``.
    """
    book = sorted(folder.rglob(f"{_COLLECTION}/**/*.ls"))
    charts = (_read(path) for path in book or sorted(folder.rglob("*.ls")))
    return [chart for chart in charts if chart is not None]


def _read(path: Path) -> ChordChart | None:
    # Title and composer are in any encoding; all else is ASCII.
    sheet = _sheet(path, path.read_text(encoding="utf-8", errors="replace"))
    meters = {" ".join(text.split()) for text in sheet.forms.get("meter", ["4 4"])}
    if len(meters) > 1 or not sheet.bars:
        return None
    try:
        beats, unit = (int(word) for word in meters.pop().split())
        tempo, sharps = float(sheet.first("tempo", "0")), int(sheet.first("key", "0"))
    except ValueError as error:
        raise DataError(
            f"{path}: expected forms such as (meter 4 4), (tempo 120.0), (key -1), but {error}"
        ) from None
    if beats < 1 or unit not in (1, 2, 4, 8, 16):
        raise DataError(f"{path}: expected a meter such as (meter 6 8), got {beats} {unit}")
    bars = completed(tuple(_bars(path, sheet.bars, beats)))
    if all(symbol == NO_CHORD for bar in bars for _, symbol in bar):
        return None
    return ChordChart(
        name=f"{_COLLECTION}-{path.stem}",
        collection=_COLLECTION,
        licence=COLLECTIONS[_COLLECTION],
        title=sheet.first("title", ""),
        meter=(beats, unit),
        tempo_bpm=tempo or None,
        style=next(iter(sheet.first("style", "").split()), None),
        key=key_of(tonics_of_signature(sharps), bars),
        sections=tuple((bar, "") for bar in dict.fromkeys(sheet.sections) if bar < len(bars)),
        bars=bars,
    )


def _sheet(path: Path, text: str) -> _ParsedFile:
    """Return the forms and bars of a file; bars are what stands outside of parentheses."""
    sheet, depth, start, bar = _ParsedFile(), 0, 0, list[str]()
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "(":
            start = start if depth else match.end()
            depth += 1
        elif token == ")":
            depth -= 1
            if depth < 0:
                raise DataError(f"{path}: expected a leadsheet, but a ) closes nothing")
            if depth == 0:
                form, rest = (*text[start : match.start()].split(maxsplit=1), "", "")[:2]
                if form in ("section", "part") and bar:
                    sheet.bars.append(bar)
                    bar = []
                if form == "section":
                    sheet.sections.append(len(sheet.bars))
                sheet.forms.setdefault(form, []).append(rest.strip())
        elif depth:
            continue
        elif token == "|":
            sheet.bars += [bar] if bar else []
            bar = []
        elif not token[0].islower():
            bar.append(token)
    if depth:
        raise DataError(f"{path}: expected a leadsheet, but a ( is never closed")
    sheet.bars += [bar] if bar else []
    return sheet


def _bars(path: Path, bars: Sequence[Sequence[str]], beats: int) -> Iterator[ChartBar]:
    held = NO_CHORD
    for number, names in enumerate(bars, 1):
        chords = []
        for place, name in enumerate(names):
            try:
                held = held if name == _HOLD else mma_of_improvisor(name)
            except DataError as error:
                raise DataError(f"{path}, bar {number}: {error}") from None
            chords.append((place * beats / len(names), held))
        yield spread(chords, beats)
