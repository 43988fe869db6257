"""Songs arranged from multi-track MIDI files of collections with a free licence.

Every file belongs to a fixed split. A song is a stretch of a file, transposed, at
another tempo, on related instruments; its chords are not known. Beats and bars are those of
the file, where its drums keep to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.digests import SourceFile, md5_of
from model.data.midifile import MidiFile, Note, read_midi
from model.data.score import Score, SongSource
from model.data.splits import split_of
from model.data.stems import class_of, revoice, split_stems
from model.data.tempo_map import bars_of, keeps_time, quarters_of
from model.data.timing import perform, to_seconds, wander
from model.errors import DataError, MissingTool

__all__ = ["COLLECTIONS", "MidiSong", "arrange", "installed_collections", "load_midi_songs"]

COLLECTIONS = {
    Path("/usr/share/games/simutrans/music"): ("simutrans-data", "Artistic-1.0"),
    Path("/usr/share/planetblupi/music"): ("planetblupi-music-midi", "GPL-3.0-or-later"),
}
"""Folders, the Debian packages that bring them, and their licences."""

_TRANSPOSE = (-5, 6)
"""Least and greatest number of semitones that a song is moved by."""
_TEMPO = (0.85, 1.15)
"""Least and greatest factor of its tempo."""
_LEAST_S = 30.0
"""Duration of the shortest file that is used."""
_LEAST_CLASSES = 3
"""Least number of stem classes in one."""


@dataclass(frozen=True, slots=True)
class MidiSong(SourceFile):
    """A MIDI file that can be arranged."""

    source: SongSource

    @property
    def split(self) -> str:
        """The split this file and all that is made of it belong to."""
        return split_of(f"midi/{self.path.stem}")


def installed_collections() -> list[Path]:
    """Return the folders of `COLLECTIONS`.

    Raises:
        MissingTool: One is not installed.
    """
    for folder, (package, _) in COLLECTIONS.items():
        if not folder.is_dir():
            raise MissingTool(
                f"no MIDI files at {folder}: apt-get install {package}, or name folders "
                "of your own after --midi"
            )
    return list(COLLECTIONS)


def load_midi_songs(folders: Sequence[Path]) -> tuple[MidiSong, ...]:
    """Return the usable files: readable, at least 30 s, at least three stem classes.

    Args:
        folders: Where to look, at any depth, for ``.mid`` and ``.midi``.

    Raises:
        DataError: A folder has no such file.
    """
    tunes = []
    for folder in folders:
        licence = COLLECTIONS.get(folder, ("", "unknown"))[1]
        found = [
            MidiSong(path, md5_of([path.read_bytes()]), SongSource(path.name, licence))
            for path in sorted(folder.rglob("*"))
            if path.suffix.lower() in (".mid", ".midi") and _is_fit(path)
        ]
        if not found:
            raise DataError(
                f"expected MIDI files of {_LEAST_S:g} s or longer with {_LEAST_CLASSES} "
                f"instrument classes in {folder}, found none"
            )
        tunes += found
    return tuple(tunes)


def _is_fit(path: Path) -> bool:
    try:
        midi = _read(path)
    except DataError:
        return False
    classes = {class_of(note) for note in midi.notes}
    return len(classes) >= _LEAST_CLASSES and quarters_of(midi)[-1] >= _LEAST_S


@cache
def _read(path: Path) -> MidiFile:
    """Return a file; names of tracks that do not describe their instrument are removed."""
    midi = read_midi(path.read_bytes())
    return replace(midi, notes=tuple(replace(n, track=f"part {n.track}") for n in midi.notes))


def arrange(rng: Random, tunes: Sequence[MidiSong], *, seconds: float) -> Score:
    """Return a stretch of one of the tunes, the same for the same state of ``rng``.

    Args:
        rng: Source of all choices.
        tunes: What to choose from, of one split.
        seconds: Duration to aim at; short tunes stay short.
    """
    tune = rng.choice(tunes)
    midi = _read(tune.path)
    bars = bars_of(midi)
    lengths = np.diff(quarters_of(midi)) / rng.uniform(*_TEMPO)
    lengths = wander(rng, lengths, max(1, round(bars[0].length)))
    grid = np.concatenate(([0.0], np.cumsum(lengths)))
    times = to_seconds(np.array([bar.start for bar in bars]), grid)
    first, last = _draw_stretch(rng, times, seconds)
    notes = _stretch(midi, bars[first].start, bars[last].start, rng.randint(*_TRANSPOSE))
    stems = split_stems(revoice(rng, notes))
    beats = [beat for bar in bars[first:last] for beat in bar.beats]
    known = keeps_time(midi)
    score = Score(
        kind="composed",
        sources=(tune.source,),
        genre=None,
        style=tune.path.stem,
        groove=None,
        drums_from=None,
        tempo_bpm=60 * len(beats) / float(times[last] - times[first]),
        signature=f"{bars[first].above}/{bars[first].below}",
        beats_per_bar=bars[first].felt_beats,
        key=None,
        beats_s=to_seconds(np.array(beats), grid) if known else None,
        downbeats_s=times[first:last] if known else None,
        chords=None,
        sections=(),
        stems={name: perform(rng, name, stem, grid) for name, stem in stems.items()},
        duration_s=float(times[last]),
    )
    return score.begun_at(float(times[first]))


def _stretch(midi: MidiFile, begin: float, end: float, shift: int) -> list[Note]:
    """Return the notes that begin in a stretch, cut at its end, transposed but for drums."""
    return [
        replace(
            note,
            pitch=note.pitch if note.drum else min(127, max(0, note.pitch + shift)),
            length=min(note.length, end - note.start),
        )
        for note in midi.notes
        if begin <= note.start < end
    ]


def _draw_stretch(rng: Random, times: NDArray[np.float64], seconds: float) -> tuple[int, int]:
    """Return the first bar of a stretch of about ``seconds``, and the one after its last."""
    starts = np.flatnonzero(times <= max(times[0], times[-1] - seconds))
    first = int(rng.choice(list(starts)))
    last = int(np.searchsorted(times, times[first] + seconds, "right"))
    return first, min(max(last, first + 1), len(times) - 1)
