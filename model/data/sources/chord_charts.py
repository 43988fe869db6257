"""Read chord charts of real songs."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from model.data.sources.billboard import read_billboard
from model.data.sources.chart_records import (
    COLLECTIONS,
    TEST_COLLECTION,
    ChartNote,
    ChordChart,
    Key,
    completed,
    drop_shared_titles,
    key_of,
    spread,
    tonics_of_signature,
)
from model.data.sources.chord_symbols import NO_CHORD, chord_of, pitch_class
from model.data.sources.improvisor import read_imaginary_book
from model.data.sources.openewld import read_openewld
from model.errors import DataError

__all__ = [
    "COLLECTIONS",
    "TEST_COLLECTION",
    "ChartNote",
    "ChordChart",
    "Key",
    "drop_shared_titles",
    "read_charts",
]

_FORMATS = (".jsonl", ".jsonl.xz")
_PUBLISHED = (read_billboard, read_openewld, read_imaginary_book)


def read_charts(path: Path) -> list[ChordChart]:
    """Return the charts in a file or folder, read once a process.

    Left out are charts whose meter changes, those with nothing but ``z``, and of a folder
    what `drop_shared_titles` leaves out.

    Args:
        path: A ``.jsonl`` or ``.jsonl.xz`` file in the common format, a folder with such
            files, or a folder with what the collections publish, at any depth: the McGill
            Billboard annotations (``0003/salami_chords.txt`` and so on), the scores of
            OpenEWLD (``*.mxl``, ``*.musicxml``) and Impro-Visor's imaginary book (``*.ls``),
            one of them or several side by side. In the common format every line is an object:
            ``id``, ``source`` (a key of `COLLECTIONS`), ``title``, ``meter`` as ``[4, 4]``,
            ``tempo`` in unit beats a minute or null, ``style``, ``key`` (a name of the tonic,
            or the number of sharps, or that and a mode in a list, or null), ``sections`` as
            ``[[bar, label], ...]``, ``bars`` as ``[[[position, symbol], ...], ...]``,
            ``meter_changes``, and ``melody`` as ``[[bar, position, length, MIDI key], ...]``,
            the last two optional.

    Raises:
        DataError: Nothing can be read there, or something is malformed; file and line, bar or
            measure are named.
    """
    return list(_read(path.resolve()))


@cache
def _read(path: Path) -> tuple[ChordChart, ...]:
    if path.is_file():
        return tuple(_from_lines(path))
    files = sorted(f for f in path.glob("*") if f.name.endswith(_FORMATS))
    charts = [chart for file in files for chart in _from_lines(file)]
    charts = charts or [chart for read in _PUBLISHED for chart in read(path)]
    if not charts:
        raise DataError(
            f"expected chord charts in {path}: .jsonl or .jsonl.xz files, salami_chords.txt of "
            "McGill Billboard, .mxl or .musicxml scores of OpenEWLD or .ls leadsheets of "
            "Impro-Visor's imaginary book; found none"
        )
    return tuple(drop_shared_titles(charts))


def _from_lines(path: Path) -> Iterator[ChordChart]:
    opened = lzma.open if path.suffix == ".xz" else open
    number = 0
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                number += 1
                chart = _from_record(json.loads(line))
                if chart is not None:
                    yield chart
    except (KeyError, IndexError, TypeError, ValueError, lzma.LZMAError, OSError) as error:
        cause = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise DataError(f"{path}, line {number}: expected a chord chart, but {cause}") from None


def _from_record(record: dict[str, Any]) -> ChordChart | None:
    if record.get("meter_changes"):
        return None
    collection = record["source"]
    if collection not in COLLECTIONS:
        raise DataError(f"source is {collection!r}; known are {', '.join(COLLECTIONS)}")
    beats, unit = record["meter"]
    if beats < 1 or unit not in (1, 2, 4, 8, 16):
        raise DataError(f"meter is {beats}/{unit}")
    bars = completed(
        [
            spread([(float(at), _symbol(name)) for at, name in bar], beats)
            for bar in record["bars"]
        ]
    )
    if all(symbol == NO_CHORD for bar in bars for _, symbol in bar):
        return None
    melody = [
        ChartNote(bar * beats + position, length, pitch)
        for bar, position, length, pitch in record.get("melody", ())
    ]
    return ChordChart(
        name=record["id"],
        collection=collection,
        licence=COLLECTIONS[collection],
        title=record["title"] or "",
        meter=(beats, unit),
        tempo_bpm=record["tempo"],
        style=record["style"],
        key=key_of(_tonics(record["key"]), bars),
        sections=tuple((bar, label) for bar, label in record["sections"]),
        bars=bars,
        melody=tuple(sorted(melody, key=lambda note: (note.start, note.pitch))),
    )


def _symbol(name: str) -> str:
    chord_of(name)
    return NO_CHORD if name == "N" else name


def _tonics(key: object) -> tuple[int, ...]:
    """Return the tonics a chart's key allows: one, or those of major and relative minor."""
    if key is None:
        return ()
    if isinstance(key, list):
        key = key[0]
    sharps = re.fullmatch(r"-?\d+", str(key))
    if sharps is None:
        return (pitch_class(str(key)),)
    return tonics_of_signature(int(sharps[0]))
