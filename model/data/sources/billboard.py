"""Reader of McGill Billboard's chord annotations, in their published layout."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from model.data.sources.chart_records import (
    COLLECTIONS,
    ChartBar,
    ChordChart,
    completed,
    key_of,
    spread,
)
from model.data.sources.chord_symbols import NO_CHORD, mma_of_harte, pitch_class
from model.errors import DataError

__all__ = ["read_billboard"]

_FILE = "salami_chords.txt"
_METER = re.compile(r"\((\d+)/(\d+)\)")
_REPEATS = re.compile(r"\bx(\d+)")
_UNMEASURED = ("*", "&pause")


@dataclass(slots=True)
class _FileReader:
    """State of reading one file."""

    header: dict[str, str] = field(default_factory=dict)
    meters: set[str] = field(default_factory=set)
    bars: list[ChartBar] = field(default_factory=list)
    sections: list[tuple[int, str]] = field(default_factory=list)
    stamps: list[tuple[float, int]] = field(default_factory=list)
    """Time in seconds and number of bars before it."""
    measured: bool = True
    """Whether every bar says how long it is."""

    def meter(self) -> tuple[int, int]:
        beats, unit = self.header.get("metre", "4/4").split("/")
        return int(beats), int(unit)

    def tempo_bpm(self) -> float | None:
        """Return unit beats a minute, the median over lines."""
        beats = self.meter()[0]
        tempos = [
            60 * (bar - before) * beats / (time - start)
            for (start, before), (time, bar) in zip(self.stamps, self.stamps[1:], strict=False)
            if bar > before and time > start
        ]
        return round(median(tempos), 1) if tempos else None

    def take(self, line: str) -> None:
        if line.startswith("#"):
            name, _, value = line[1:].partition(":")
            self.header.setdefault(name.strip(), value.strip())
            if name.strip() == "metre":
                self.meters.add(value.strip())
        elif line:
            time, _, rest = line.partition("\t")
            self.stamps.append((float(time), len(self.bars)))
            self._take_bars(rest)

    def _take_bars(self, text: str) -> None:
        head, *bars = text.split("|")
        label = [word.strip() for word in head.split(",") if word.strip()]
        if not bars:
            return
        if label:
            self.sections.append((len(self.bars), label[-1] if len(label) > 1 else ""))
        repeats = _REPEATS.search(bars[-1])
        line = [self._bar(bar) for bar in bars[:-1]]
        self.bars += line * (int(repeats[1]) if repeats else 1)

    def _bar(self, text: str) -> ChartBar:
        self.meters |= {f"{beats}/{unit}" for beats, unit in _METER.findall(text)}
        places = _METER.sub(" ", text).replace("->", " ").split()
        if any(place in _UNMEASURED for place in places):
            self.measured = False
            return ()
        beats = self.meter()[0]
        chords = [
            (number * beats / len(places), mma_of_harte(label))
            for number, label in enumerate(places)
            if label != "."
        ]
        return spread(chords, beats)


def read_billboard(folder: Path) -> list[ChordChart]:
    """Return the charts in a folder of the annotations, at any depth.

    Left out are charts with more than one meter, in a bar or from a line on, and those with
    pauses or bars of unknown length.

    Args:
        folder: With ``0003/salami_chords.txt`` and so on.

    Raises:
        DataError: A file is malformed; file and line are named.

    Source:
        J. A. Burgoyne et al., "An expert ground-truth set for audio chord recognition and
        music analysis", ISMIR 2011; annotations 2.0, CC0.
    """
    charts = (_read(path) for path in sorted(folder.rglob(_FILE)))
    return [chart for chart in charts if chart is not None]


def _read(path: Path) -> ChordChart | None:
    sheet = _FileReader()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            sheet.take(line.strip())
        except ValueError as error:
            raise DataError(f"{path}, line {number}: {error}") from None
    sounding = any(symbol != NO_CHORD for bar in sheet.bars for _, symbol in bar)
    if len(sheet.meters) > 1 or not sheet.measured or not sounding:
        return None
    tonic = sheet.header.get("tonic")
    bars = completed(sheet.bars)
    return ChordChart(
        name=f"billboard-{path.parent.name}",
        collection="billboard",
        licence=COLLECTIONS["billboard"],
        title=sheet.header.get("title", ""),
        meter=sheet.meter(),
        tempo_bpm=sheet.tempo_bpm(),
        style=None,
        key=key_of((pitch_class(tonic),), bars) if tonic else None,
        sections=tuple(sheet.sections),
        bars=bars,
    )
