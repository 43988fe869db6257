"""Reader of OpenEWLD: chord charts with melodies, in their published layout."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from model.data.sources.chart_records import (
    COLLECTIONS,
    ChartNote,
    ChordChart,
    completed,
    key_of,
    spread,
    tonics_of_signature,
)
from model.data.sources.chord_symbols import NO_CHORD
from model.data.sources.musicxml_sheet import SUFFIXES, LeadSheet, Measure, read_lead_sheet
from model.data.sources.score_repeats import played_order
from model.errors import DataError

__all__ = ["read_openewld"]

_COLLECTION = "openewld"
_UNITS = ("1", "2", "4", "8", "16")


@dataclass(frozen=True, slots=True)
class _PlayedMeasure:
    """A measure in playing order."""

    bar: int
    offset: Fraction
    """Quarters from the beginning of the bar."""
    measure: Measure


def read_openewld(folder: Path) -> list[ChordChart]:
    """Return the charts in a folder of the dataset, at any depth.

    Repeats are unrolled. A first measure shorter than a bar is a pickup and ends with its
    bar; two short measures in a row that fit into a bar are one, as around a repeat. What
    stands behind the end of an overfull measure is left out. Left out are charts with more
    than one meter, without a meter, and without chords. The title is the file's name, as in
    the dataset.

    Args:
        folder: With scores of MusicXML, ``Composer/Some_Title/Some_Title.mxl`` and so on.

    Raises:
        DataError: A score is malformed; file and measure are named.

    Source:
        F. Simonetta, "Open Enhanced Wikifonia Leadsheet Dataset", 2018.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    charts = (_chart(path, read_lead_sheet(path)) for path in files)
    return [chart for chart in charts if chart is not None]


def _chart(path: Path, sheet: LeadSheet) -> ChordChart | None:
    number, _, note_value = next(iter(sheet.meters), "").partition("/")
    if len(sheet.meters) != 1 or not number.isdecimal() or note_value not in _UNITS:
        return None
    beats, unit = int(number), int(note_value)
    placed = list(_placed(sheet.measures, Fraction(4 * beats, unit)))
    if not placed:
        raise DataError(f"{path}: expected a measure that is played, but all are later endings")
    chords: list[list[tuple[float, str]]] = [[] for _ in range(placed[-1].bar + 1)]
    for part in placed:
        chords[part.bar] += [
            (float((part.offset + at) * unit / 4), symbol) for at, symbol in part.measure.chords
        ]
    bars = completed([spread(bar, beats) for bar in chords])
    if all(symbol == NO_CHORD for bar in bars for _, symbol in bar):
        return None
    sharps = sheet.sharps
    return ChordChart(
        name=f"{_COLLECTION}-{path.stem}",
        collection=_COLLECTION,
        licence=COLLECTIONS[_COLLECTION],
        title=unicodedata.normalize("NFC", path.stem).replace("_", " "),
        meter=(beats, unit),
        tempo_bpm=None if sheet.tempo_bpm is None else sheet.tempo_bpm * unit / 4,
        style=None,
        key=None if sharps is None else key_of(tonics_of_signature(sharps), bars),
        sections=tuple((p.bar, p.measure.label) for p in placed if p.measure.label),
        bars=bars,
        melody=tuple(_melody(placed, beats, unit)),
    )


def _placed(measures: Sequence[Measure], bar_length: Fraction) -> Iterator[_PlayedMeasure]:
    bar, filled = -1, bar_length
    for index in played_order([measure.marks for measure in measures]):
        measure = measures[index]
        length = min(measure.length, bar_length) or bar_length
        if bar < 0 or filled + length > bar_length:
            bar += 1
            filled = bar_length - length if bar == 0 else Fraction(0)
        yield _PlayedMeasure(bar, filled, measure)
        filled += length


def _melody(placed: Sequence[_PlayedMeasure], beats: int, unit: int) -> list[ChartNote]:
    notes: list[ChartNote] = []
    for part in placed:
        for note in part.measure.notes:
            position = (part.offset + note.start) * unit / 4
            if position >= beats or not note.length:
                continue
            start, length = float(part.bar * beats + position), float(note.length * unit / 4)
            before = notes[-1] if notes else None
            if (
                note.tied
                and before is not None
                and before.pitch == note.pitch
                and abs(before.start + before.length - start) < 1e-6
            ):
                notes[-1] = replace(before, length=before.length + length)
            else:
                notes.append(ChartNote(start, length, note.pitch))
    return notes
