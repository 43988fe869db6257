"""Statistics of a folder of rendered songs: hours, classes, levels, tempi, chords, sources.

Everything but levels and onsets comes from the records of all songs. Levels and onsets are
measured on the audio of a random sample of them.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.audiofile import SAMPLE_RATE
from model.data.pairing import SILENCE_DB, loudness_db
from model.data.song_record import SongRecord, load_song_records
from model.data.splits import SPLITS
from model.data.stems import STEM_CLASSES
from model.errors import ModelConfigError

__all__ = [
    "FAST_BPM",
    "PERCENTILES",
    "SLOW_BPM",
    "UNSTATED",
    "ClassStatistics",
    "Count",
    "Feature",
    "FolderStatistics",
    "SourceCount",
    "Spread",
    "describe_folder",
]

PERCENTILES = (5, 25, 50, 75, 95)
"""Percentiles given of every quantity."""
SLOW_BPM, FAST_BPM = 85.0, 160.0
"""Tempi below and above these are counted apart."""
UNSTATED = "not stated"
"""Name of what a record leaves open, such as the kind of an older song."""

OnsetCounter = Callable[[NDArray[np.float32]], int]

_TEMPO_BEATS = 8
"""Beats over which the tempo inside a song is averaged."""
_HOPS_PER_S = 20
_ONSET_S = 20.0
"""Length of the stretch in the middle of a song in which onsets are counted."""
_SAME_S = 0.05
"""A chord that enters this near to a downbeat enters on it."""
_MOST_CHORDS = 4
"""Bars with this many chords and more are counted together."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Count:
    """Number of songs, and their total length."""

    songs: int
    hours: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentiles of a quantity over the songs for which it is known."""

    songs: int
    percentiles: tuple[float, ...] | None
    """At :data:`PERCENTILES`; ``None`` where no song is known."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Share of a feature among the songs whose record states whether they have it."""

    stated: int
    """Songs whose record states it."""
    songs: int
    """Songs that have it."""
    hours: float
    """Their length; of drums, how long those sound."""
    share_of_songs: float | None
    """Share of the songs that state it, 0..1; ``None`` where none does."""
    share_of_hours: float | None
    """Share of the hours of the songs that state it, 0..1; ``None`` where none does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassStatistics:
    """One stem class over all songs; levels and onsets over the measured stems."""

    songs: int
    hours: float
    """Length of the songs that have the class."""
    sounding_hours: float
    """Part of it in which the stem sounds."""
    measured: int
    """Stems that were measured; the rest is ``None`` where there are none."""
    level_db: tuple[float, ...] | None
    """A-weighted level of the hops that sound, at :data:`PERCENTILES`, re full scale."""
    mean_level_db: float | None
    """A-weighted level of the mean power of the hops that sound, re full scale."""
    silent_share: float | None
    """Share of hops at or below :data:`~model.data.pairing.SILENCE_DB`, 0..1."""
    onsets_per_s: float | None
    """Onsets a second, over the seconds in which the stem sounds; median over the stems."""


@dataclass(frozen=True, slots=True)
class SourceCount:
    """A source, and how many songs were made from it."""

    name: str
    licence: str
    credit: str | None
    """Who is to be named where what was made from it is passed on."""
    songs: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderStatistics:
    """Statistics of a folder of songs."""

    folder: str
    split: str
    total: Count
    measured_songs: int
    by_split_and_kind: dict[str, dict[str, Count]]
    classes: dict[str, ClassStatistics]
    spreads: dict[str, Spread]
    """Quantities of a song by name and unit."""
    slow_share: float | None
    """Share of songs below :data:`SLOW_BPM`, 0..1."""
    fast_share: float | None
    """Share of songs above :data:`FAST_BPM`, 0..1."""
    bars_by_chords: dict[str, float]
    """Share of bars with one chord, two, three, and four or more, 0..1."""
    features: dict[str, Feature]
    charts: int
    """Different chord charts."""
    tempo_curves: int
    """Different recorded tempo curves."""
    meters: dict[str, Count]
    genres: dict[str, Count]
    fonts: dict[str, Count]
    sources: tuple[SourceCount, ...]


def describe_folder(
    root: Path, count_onsets: OnsetCounter, *, split: str = "all", measured: int = 40
) -> FolderStatistics:
    """Return the statistics of a folder made by ``liveband data render``.

    Args:
        root: The folder.
        count_onsets: Returns the number of onsets in mono audio at 48 kHz, ``(frames,)``.
        split: ``train``, ``valid``, ``test``, or ``all``.
        measured: Songs whose audio is measured, drawn evenly among all, always the same.

    Raises:
        ModelConfigError: ``measured`` is below 0.
        DataError: There is no finished song, or one of them cannot be read.
    """
    if measured < 0:
        raise ModelConfigError(f"expected 0 or more songs to measure, got {measured}")
    songs = load_song_records(root, split)
    sample = Random(0).sample(songs, min(measured, len(songs)))
    logger.info("measuring %d of %d songs", len(sample), len(songs))
    tempi = [song.tempo_bpm for song in songs if song.tempo_bpm is not None]
    chords = [count for song in songs for count in _chords_in_bars(song)]
    return FolderStatistics(
        folder=str(root),
        split=split,
        total=_count(songs),
        measured_songs=len(sample),
        by_split_and_kind={
            name: _counts([song for song in songs if song.split == name], _kind)
            for name in SPLITS
            if any(song.split == name for song in songs)
        },
        classes=_classes(songs, sample, count_onsets),
        spreads={
            "tempo, bpm": _spread(tempi),
            "tempo change inside a song, %": _spread(map(_tempo_change, songs)),
            "chords a bar": _spread(map(_chords_a_bar, songs)),
            "different chords": _spread(
                float(len({name for _, name in song.chords})) if song.chords else None
                for song in songs
            ),
            "stems": _spread(float(len(song.stems)) for song in songs),
            "length, s": _spread(song.duration_s for song in songs),
        },
        slow_share=_share(tempo < SLOW_BPM for tempo in tempi),
        fast_share=_share(tempo > FAST_BPM for tempo in tempi),
        bars_by_chords={
            f"{number}{'+' if number == _MOST_CHORDS else ''}": sum(
                min(count, _MOST_CHORDS) == number for count in chords
            )
            / len(chords)
            for number in range(1, _MOST_CHORDS + 1)
            if chords
        },
        features={
            "human drums": _feature(
                [song for song in songs if "drums" in song.stems], "human_drums", "drums"
            ),
            "human accompaniment": _feature(songs, "accompaniment_from"),
            "melody of a real song": _feature(songs, "melody_from"),
            "chords of a real song": _feature(songs, "chart"),
            "tempo curve of a recording": _feature(songs, "tempo_curve"),
        },
        charts=len({song.chart for song in songs if song.chart is not None}),
        tempo_curves=len({song.tempo_curve for song in songs if song.tempo_curve is not None}),
        meters=_counts(songs, lambda song: song.signature or UNSTATED),
        genres=_counts(songs, lambda song: song.genre or UNSTATED),
        fonts=_counts(songs, lambda song: song.font or UNSTATED),
        sources=_sources(songs),
    )


def _kind(song: SongRecord) -> str:
    return song.kind or UNSTATED


def _count(songs: Iterable[SongRecord]) -> Count:
    lengths = [song.duration_s for song in songs]
    return Count(len(lengths), sum(lengths) / 3600)


def _counts(
    songs: Iterable[SongRecord], label: Callable[[SongRecord], str]
) -> dict[str, Count]:
    """Return songs and hours of every label, the most common first."""
    groups: dict[str, list[SongRecord]] = {}
    for song in songs:
        groups.setdefault(label(song), []).append(song)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return {name: _count(members) for name, members in ordered}


def _share(facts: Iterable[bool]) -> float | None:
    known = list(facts)
    return sum(known) / len(known) if known else None


def _spread(values: Iterable[float | None]) -> Spread:
    known = [value for value in values if value is not None]
    return Spread(len(known), _percentiles(np.array(known)) if known else None)


def _percentiles(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in np.percentile(values, PERCENTILES))


def _feature(songs: Sequence[SongRecord], field: str, stem: str | None = None) -> Feature:
    """Count the songs with a field; hours are those in which ``stem`` sounds, if given."""
    stated = [song for song in songs if field in song.stated]
    lengths = [
        song.duration_s / 3600 * (song.stems[stem] if stem is not None else 1.0)
        for song in stated
    ]
    having = [bool(getattr(song, field)) for song in stated]
    hours = sum(length for length, has in zip(lengths, having, strict=True) if has)
    total = sum(lengths)
    return Feature(
        len(stated), sum(having), hours, _share(having), hours / total if total else None
    )


def _tempo_change(song: SongRecord) -> float | None:
    """Return the range of the tempo inside a song, in percent of its median."""
    if song.beats_s is None or len(song.beats_s) < _TEMPO_BEATS + 2:
        return None
    tempi = 1 / (song.beats_s[_TEMPO_BEATS:] - song.beats_s[:-_TEMPO_BEATS])
    return float(100 * np.ptp(tempi) / np.median(tempi))


def _chords_in_bars(song: SongRecord) -> list[int]:
    """Return how many chords sound in each whole bar; none where chords or bars are unknown."""
    if not song.chords or song.downbeats_s is None:
        return []
    names = [None, *(name for _, name in song.chords)]
    changes = [
        onset
        for (onset, name), before in zip(song.chords, names, strict=False)
        if name != before
    ]
    inside = np.searchsorted(changes, song.downbeats_s[1:] - _SAME_S) - np.searchsorted(
        changes, song.downbeats_s[:-1] + _SAME_S
    )
    return [1 + int(count) for count in inside]


def _chords_a_bar(song: SongRecord) -> float | None:
    counts = _chords_in_bars(song)
    return float(np.mean(counts)) if counts else None


def _classes(
    songs: Sequence[SongRecord], sample: Sequence[SongRecord], count_onsets: OnsetCounter
) -> dict[str, ClassStatistics]:
    present = {name for song in songs for name in song.stems}
    known = [name for name in STEM_CLASSES if name in present]
    return {
        name: _class_statistics(
            name,
            [song for song in songs if name in song.stems],
            [song for song in sample if name in song.stems],
            count_onsets,
        )
        for name in [*known, *sorted(present.difference(known))]
    }


def _class_statistics(
    name: str,
    songs: Sequence[SongRecord],
    sample: Sequence[SongRecord],
    count_onsets: OnsetCounter,
) -> ClassStatistics:
    levels, rates = [], []
    for song in sample:
        audio = song.load_stem(name)
        levels.append(loudness_db(audio))
        rate = _onsets_per_s(audio, count_onsets)
        if rate is not None:
            rates.append(rate)
    pooled = np.concatenate(levels) if levels else np.zeros(0)
    sounding = pooled > SILENCE_DB
    return ClassStatistics(
        songs=len(songs),
        hours=_count(songs).hours,
        sounding_hours=sum(song.duration_s * song.stems[name] for song in songs) / 3600,
        measured=len(sample),
        level_db=_percentiles(pooled[sounding]) if sounding.any() else None,
        mean_level_db=float(10 * np.log10(np.mean(10 ** (pooled[sounding] / 10))))
        if sounding.any()
        else None,
        silent_share=float(1 - sounding.mean()) if pooled.size else None,
        onsets_per_s=float(np.median(rates)) if rates else None,
    )


def _onsets_per_s(audio: NDArray[np.float32], count_onsets: OnsetCounter) -> float | None:
    """Return the onsets a second in the middle of a stem, without its rests.

    A rest is a whole second in which no hop sounds; ``None`` where all is rest.
    """
    length = round(_ONSET_S * SAMPLE_RATE)
    first = max(0, (len(audio) - length) // 2)
    middle = audio[first : first + length]
    sounding = np.flatnonzero(loudness_db(middle) > SILENCE_DB)
    if not sounding.size:
        return None
    return count_onsets(middle) / len(np.unique(sounding // _HOPS_PER_S))


def _sources(songs: Sequence[SongRecord]) -> tuple[SourceCount, ...]:
    counts = Counter(source for song in songs for source in set(song.sources))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return tuple(
        SourceCount(name, licence, credit, number)
        for (name, licence, credit), number in ordered
    )
