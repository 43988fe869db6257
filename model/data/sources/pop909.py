"""Reader of POP909: songs with melody, second voice and piano, beats and chords."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.data.midifile import MidiFile, Note, read_midi
from model.data.sources.archives import read_files
from model.data.sources.chart_records import Key
from model.data.sources.chord_symbols import mma_of_harte, pitch_class
from model.data.splits import split_of
from model.errors import DataError

__all__ = ["CREDIT", "LICENCE", "AccompaniedSong", "read_accompanied_songs"]

LICENCE = "MIT"
CREDIT = "POP909 (Wang et al., ISMIR 2020), Music X Lab"

_TRACKS = ("MELODY", "BRIDGE", "PIANO")
_ON_GRID_S = 0.015
_DIVISIONS = (4, 6)
_WIDEST_BEAT = 1.5

_OFF_THEIR_BEATS = (
    "014 027 040 049 056 069 113 114 121 123 144 175 182 211 270 276 277 282 289 302 308 326 "
    "331 334 357 360 384 398 424 432 485 537 540 549 575 576 607 609 613 620 623 624 625 626 "
    "638 647 657 675 699 701 729 740 754 781 806 821 884 885"
)
"""Songs whose `AccompaniedSong.on_grid` is below .8: 58 of 909. They were played beside the
clock that their beats follow."""


@dataclass(frozen=True, kw_only=True, eq=False)
class AccompaniedSong:
    """A pop song arranged for voice and piano; times in seconds of its MIDI file."""

    name: str
    """``001`` to ``909``."""
    title: str
    """Empty in the layout that POP909 is published in."""
    artist: str
    beats_s: NDArray[np.float64]
    """Time of every beat, increasing, shape ``(beats,)``."""
    downbeats: tuple[int, ...]
    """Beats that begin a bar, at least two."""
    beats_per_bar: int
    """Beats between most of the downbeats; some bars of most songs are shorter."""
    chords: tuple[tuple[float, float, str], ...]
    """Start, end and label in Harte's syntax, without gaps; changes fall on beats."""
    key: Key | None
    """The longest key of the song."""
    sections: tuple[tuple[float, str], ...]
    """Start and label of phrases, empty where their bars are not those of the downbeats."""
    midi: bytes = field(repr=False)
    """The file, read when notes are asked for."""
    place: str
    """Where it was found, for errors."""

    @property
    def split(self) -> str:
        """The split this song and all that is made of it belong to."""
        return split_of(f"pop909/{self.name}")

    @property
    def melody(self) -> tuple[Note, ...]:
        """Notes of the singer, by onset."""
        return self._tracks["MELODY"]

    @property
    def second_voice(self) -> tuple[Note, ...]:
        """Notes of the second melody or bridge between phrases, by onset."""
        return self._tracks["BRIDGE"]

    @property
    def piano(self) -> tuple[Note, ...]:
        """Notes of the accompaniment, by onset."""
        return self._tracks["PIANO"]

    @cached_property
    def _tracks(self) -> dict[str, tuple[Note, ...]]:
        try:
            midi = read_midi(self.midi)
        except DataError as error:
            raise DataError(f"{self.place}: {error}") from None
        missing = [name for name in _TRACKS if not any(n.track == name for n in midi.notes)]
        if "PIANO" in missing or "MELODY" in missing:
            found = sorted({note.track for note in midi.notes})
            raise DataError(f"{self.place}: expected tracks {', '.join(_TRACKS)}, got {found}")
        notes = _in_seconds(midi)
        return {name: tuple(n for n in notes if n.track == name) for name in _TRACKS}

    @property
    def on_grid(self) -> float:
        """Share of onsets within 15 ms of a quarter or sixth of a beat, 0..1."""
        starts = [note.start for track in self._tracks.values() for note in track]
        within = np.array([s for s in starts if self.beats_s[0] <= s <= self.beats_s[-1]])
        if not len(within):
            return 0.0
        place = np.interp(within, self.beats_s, np.arange(len(self.beats_s)))
        length = np.diff(self.beats_s)[np.minimum(place.astype(int), len(self.beats_s) - 2)]
        off = [np.abs(place * part - np.round(place * part)) / part for part in _DIVISIONS]
        return float(np.mean(np.minimum(*off) * length < _ON_GRID_S))

    @cached_property
    def regular_bars(self) -> tuple[int, int]:
        """Longest row of bars of the usual length without a gap between beats.

        Returns:
            Index into `downbeats` of its first bar, and of the downbeat behind its last; the
            two are equal where there is no such bar.
        """
        usual = float(np.median(np.diff(self.beats_s)))
        best, first = (0, 0), 0
        for number, (begin, end) in enumerate(pairwise(self.downbeats)):
            widest = float(np.diff(self.beats_s[begin : end + 1]).max())
            if end - begin != self.beats_per_bar or widest > _WIDEST_BEAT * usual:
                first = number + 1
            elif number + 1 - first > best[1] - best[0]:
                best = (first, number + 1)
        return best


def _in_seconds(midi: MidiFile) -> list[Note]:
    """Return the notes of a file at the times its tempos give."""
    starts = np.array([beat for beat, _ in midi.tempos])
    beat_s = 60 / np.array([tempo for _, tempo in midi.tempos])
    changes = np.concatenate(([0.0], np.cumsum(np.diff(starts) * beat_s[:-1])))

    def seconds(beat: float) -> float:
        span = int(np.searchsorted(starts, beat, "right")) - 1
        return float(changes[span] + (beat - starts[span]) * beat_s[span])

    notes = []
    for note in midi.notes:
        start = seconds(note.start)
        notes.append(
            replace(note, start=start, length=seconds(note.start + note.length) - start)
        )
    return notes


def read_accompanied_songs(path: Path) -> list[AccompaniedSong]:
    """Return the songs of POP909 whose notes fall on their beats, read once per process.

    A song's notes are read when they are first asked for, in about 30 ms.

    Args:
        path: The data set as published (a folder with ``001/001.mid``, ``beat_midi.txt``,
            ``chord_midi.txt`` and ``key_audio.txt`` and so on, at any depth), or a folder with
            ``pop909_midi.tar.xz`` (``001.mid`` and so on) and ``labels.jsonl.xz``, whose
            lines hold ``id``, ``name``, ``artist``, ``beats``, ``downbeats`` (indices),
            ``chords``, ``keys`` and ``human_label1``.

    Raises:
        DataError: There is nothing of this kind, or it is malformed; file and line are named.

    Source:
        Z. Wang et al., "POP909: A pop-song dataset for music arrangement generation", ISMIR
        2020; phrases: S. Dai et al., "Automatic analysis and influence of hierarchical
        structure on melody, rhythm and harmony in popular music", 2020. Both MIT licence.
    """
    return list(_read(path.resolve()))


@cache
def _read(path: Path) -> tuple[AccompaniedSong, ...]:
    labels = path / "labels.jsonl.xz"
    songs = tuple(_from_labels(labels) if labels.is_file() else _from_folders(path))
    if not songs:
        raise DataError(
            f"expected POP909 in {path}: 001/001.mid and so on, or labels.jsonl.xz; found none"
        )
    off = _OFF_THEIR_BEATS.split()
    return tuple(song for song in songs if song.name not in off)


def _from_labels(labels: Path) -> Iterator[AccompaniedSong]:
    archive = labels.with_name("pop909_midi.tar.xz")
    files = read_files(archive, lambda name: name.endswith(".mid"))
    line = 0
    try:
        with lzma.open(labels, "rt", encoding="utf-8") as lines:
            for text in lines:
                line += 1
                record: dict[str, Any] = json.loads(text)
                name = record["id"]
                yield _song(
                    name,
                    files[f"{name}.mid"],
                    f"{archive}, {name}.mid",
                    np.array(record["beats"], np.float64),
                    record["downbeats"],
                    [(start, end, label) for start, end, label in record["chords"]],
                    [(start, end, label) for start, end, label in record["keys"]],
                    title=record["name"] or "",
                    artist=record["artist"] or "",
                    phrases=record.get("human_label1") or "",
                )
    except (KeyError, TypeError, ValueError, IndexError, lzma.LZMAError, EOFError) as error:
        cause = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise DataError(
            f"{labels}, line {line}: expected labels of a song, but {cause}"
        ) from None


def _from_folders(path: Path) -> Iterator[AccompaniedSong]:
    for beats in sorted(path.rglob("beat_midi.txt")):
        folder = beats.parent
        midi = folder / f"{folder.name}.mid"
        if not midi.is_file():
            raise DataError(f"expected {midi} beside {beats}")
        rows = _numbers(beats)
        try:
            yield _song(
                folder.name,
                midi.read_bytes(),
                str(midi),
                np.array([row[0] for row in rows]),
                [number for number, row in enumerate(rows) if row[2]],
                _spans(folder / "chord_midi.txt"),
                _spans(folder / "key_audio.txt"),
            )
        except ValueError as error:
            raise DataError(f"{folder}: {error}") from None


def _numbers(path: Path) -> list[tuple[float, float, float]]:
    """Return time, downbeat in twos, and downbeat of the whole bar, line by line."""
    rows = []
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            time, half, whole = (float(word) for word in text.split())
        except ValueError:
            raise DataError(f"{path}, line {line}: expected 3 numbers, got {text!r}") from None
        rows.append((time, half, whole))
    return rows


def _spans(path: Path) -> list[tuple[float, float, str]]:
    if not path.is_file():
        raise DataError(f"expected {path}, found none")
    spans = []
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            start, end, label = text.split()
            spans.append((float(start), float(end), label))
        except ValueError:
            raise DataError(
                f"{path}, line {line}: expected start, end and label, got {text!r}"
            ) from None
    return spans


def _song(
    name: str,
    midi: bytes,
    place: str,
    beats_s: NDArray[np.float64],
    downbeats: list[int],
    chords: list[tuple[float, float, str]],
    keys: list[tuple[float, float, str]],
    *,
    title: str = "",
    artist: str = "",
    phrases: str = "",
) -> AccompaniedSong:
    if len(downbeats) < 2 or not np.all(np.diff(beats_s) > 0) or downbeats[-1] >= len(beats_s):
        raise ValueError(
            f"expected increasing beats and two downbeats among them, got {len(beats_s)} "
            f"beats and {len(downbeats)} downbeats"
        )
    for _, _, label in chords:
        mma_of_harte(label)
    bars = [end - begin for begin, end in pairwise(downbeats)]
    return AccompaniedSong(
        name=name,
        title=title,
        artist=artist,
        beats_s=beats_s,
        downbeats=tuple(downbeats),
        beats_per_bar=Counter(bars).most_common(1)[0][0],
        chords=tuple(chords),
        key=_key(keys),
        sections=_sections(phrases, beats_s[list(downbeats)]),
        midi=midi,
        place=place,
    )


def _key(keys: list[tuple[float, float, str]]) -> Key | None:
    if not keys:
        return None
    tonic, _, mode = max(keys, key=lambda key: key[1] - key[0])[2].partition(":")
    return pitch_class(tonic), "minor" if mode.startswith("min") else "major"


def _sections(phrases: str, downbeats_s: NDArray[np.float64]) -> tuple[tuple[float, str], ...]:
    """Return the phrases of a label such as ``i4A8B8``: letters, each with its bars."""
    lengths = [(label, int(bars)) for label, bars in re.findall(r"([A-Za-z])(\d+)", phrases)]
    if sum(bars for _, bars in lengths) != len(downbeats_s):
        return ()
    sections, bar = [], 0
    for label, bars in lengths:
        sections.append((float(downbeats_s[bar]), label))
        bar += bars
    return tuple(sections)
