"""Data sets that songs are made from, by path, each read once per process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Protocol, TypeVar

from model.data.chart_meters import charts_to_play
from model.data.digests import SourceFile, md5_of
from model.data.hybrids import songs_to_play
from model.data.sources.chord_charts import ChordChart, read_charts
from model.data.sources.drum_performances import DrumPerformance, read_performances
from model.data.sources.pop909 import AccompaniedSong, read_accompanied_songs
from model.data.sources.tempo_curves import TempoCurve, read_tempo_curves
from model.data.styles import Style, load_styles
from model.errors import DataError

__all__ = ["SongSources", "find_sources", "styles_of"]


class _OfSplit(Protocol):
    @property
    def split(self) -> str: ...


S = TypeVar("S", bound=_OfSplit)


@dataclass(frozen=True, kw_only=True, slots=True)
class SongSources:
    """Data sets to draw from; unset ones are not used."""

    charts: SourceFile | None = None
    drum_performances: SourceFile | None = None
    accompanied_songs: SourceFile | None = None
    tempo_curves: SourceFile | None = None

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


def _data_set(path: Path | None) -> SourceFile | None:
    if path is None:
        return None
    if not path.exists():
        raise DataError(f"expected a data set at {path}, found nothing; correct the path")
    named = ((str(file.relative_to(path)).encode(), file.read_bytes()) for file in _files(path))
    return SourceFile(path.resolve(), md5_of(chain.from_iterable(named)))


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
    return charts_to_play(_in_split(read_charts(path), split), styles_of(split))


@cache
def _performances(path: Path, split: str) -> tuple[DrumPerformance, ...]:
    return _in_split(read_performances(path), split)


@cache
def _accompanied(path: Path, split: str) -> tuple[AccompaniedSong, ...]:
    return songs_to_play(_in_split(read_accompanied_songs(path), split), styles_of(split))


@cache
def _curves(path: Path, split: str) -> tuple[TempoCurve, ...]:
    return _in_split(read_tempo_curves(path), split)


def _in_split(items: Iterable[S], split: str) -> tuple[S, ...]:
    return tuple(item for item in items if item.split == split)
