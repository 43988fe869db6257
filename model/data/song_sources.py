"""Data sets that songs are made from, by path, each read once per process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from model.data.chart_meters import charts_to_play
from model.data.hybrids import songs_to_play
from model.data.sources.chord_charts import ChordChart, read_charts
from model.data.sources.drum_performances import DrumPerformance, read_performances
from model.data.sources.pop909 import AccompaniedSong, read_accompanied_songs
from model.data.sources.tempo_curves import TempoCurve, read_tempo_curves
from model.data.styles import Style, load_styles
from model.errors import DataError

__all__ = ["DataSet", "SongSources", "find_sources", "styles_of"]


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set on disk."""

    path: Path
    digest: str
    """MD5 of its files and their names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SongSources:
    """Data sets to draw from; unset ones are not used."""

    charts: DataSet | None = None
    drum_performances: DataSet | None = None
    accompanied_songs: DataSet | None = None
    tempo_curves: DataSet | None = None

    def charts_of(self, split: str) -> tuple[ChordChart, ...]:
        """Return the charts of a split that its styles can play."""
        return () if self.charts is None else _charts(self.charts.path, split)

    def performances_of(self, split: str) -> tuple[DrumPerformance, ...]:
        """Return the drum performances of a split."""
        found = self.drum_performances
        return () if found is None else _performances(found.path, split)

    def accompanied_of(self, split: str) -> tuple[AccompaniedSong, ...]:
        """Return the songs with human accompaniment of a split that its styles can play."""
        found = self.accompanied_songs
        return () if found is None else _accompanied(found.path, split)

    def curves_of(self, split: str) -> tuple[TempoCurve, ...]:
        """Return the tempo curves of a split."""
        return () if self.tempo_curves is None else _curves(self.tempo_curves.path, split)

    @property
    def digests(self) -> dict[str, str] | None:
        """Digest of the files of each data set, by its name."""
        found = {
            field.name: data_set.digest
            for field in fields(self)
            if (data_set := getattr(self, field.name)) is not None
        }
        return found or None


def find_sources(
    *,
    charts: Path | None = None,
    drum_performances: Path | None = None,
    accompanied_songs: Path | None = None,
    tempo_curves: Path | None = None,
) -> SongSources:
    """Return the data sets at some paths, after a check that they can be read.

    Args:
        charts: See :func:`~model.data.sources.chord_charts.read_charts`.
        drum_performances: See
            :func:`~model.data.sources.drum_performances.read_performances`.
        accompanied_songs: See :func:`~model.data.sources.pop909.read_accompanied_songs`.
        tempo_curves: See :func:`~model.data.sources.tempo_curves.read_tempo_curves`.

    Raises:
        DataError: There is nothing at a path, or not what its reader expects.
    """
    sources = SongSources(
        charts=_data_set(charts),
        drum_performances=_data_set(drum_performances),
        accompanied_songs=_data_set(accompanied_songs),
        tempo_curves=_data_set(tempo_curves),
    )
    for read in (
        sources.charts_of,
        sources.performances_of,
        sources.accompanied_of,
        sources.curves_of,
    ):
        read("train")
    return sources


def _data_set(path: Path | None) -> DataSet | None:
    if path is None:
        return None
    if not path.exists():
        raise DataError(f"expected a data set at {path}, found nothing; correct the path")
    digest = hashlib.md5(usedforsecurity=False)
    for file in _files(path):
        digest.update(str(file.relative_to(path)).encode())
        digest.update(file.read_bytes())
    return DataSet(path.resolve(), digest.hexdigest())


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from sorted(file for file in path.rglob("*") if file.is_file())


@cache
def styles_of(split: str) -> tuple[Style, ...]:
    """Return MMA's styles of a split, read once per process."""
    return load_styles(splits=(split,))


@cache
def _charts(path: Path, split: str) -> tuple[ChordChart, ...]:
    charts = [chart for chart in read_charts(path) if chart.split == split]
    return charts_to_play(charts, styles_of(split))


@cache
def _performances(path: Path, split: str) -> tuple[DrumPerformance, ...]:
    return tuple(p for p in read_performances(path) if p.split == split)


@cache
def _accompanied(path: Path, split: str) -> tuple[AccompaniedSong, ...]:
    songs = [song for song in read_accompanied_songs(path) if song.split == split]
    return songs_to_play(songs, styles_of(split))


@cache
def _curves(path: Path, split: str) -> tuple[TempoCurve, ...]:
    return tuple(c for c in read_tempo_curves(path) if c.split == split)
