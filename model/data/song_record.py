"""Reader of ``song.json``, the record of a rendered song.

Older records state less than newer ones. A field that a record does not state is ``None``
here, or empty, and is missing in :attr:`SongRecord.stated`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.data.audiofile import SAMPLE_RATE, frames_in
from model.data.splits import SPLITS
from model.errors import DataError

__all__ = ["RECORD_FILE", "SongRecord", "load_song_record", "load_song_records"]

RECORD_FILE = "song.json"
"""Name of the record in the folder of a song."""

Value = TypeVar("Value", str, int, bool, dict[str, Any], list[Any])


@dataclass(frozen=True, kw_only=True, slots=True)
class SongRecord:
    """All facts about a rendered song. Times in seconds from its beginning."""

    folder: Path
    split: str
    """Name of the folder above: ``train``, ``valid`` or ``test``."""
    duration_s: float
    stems: dict[str, float]
    """Stem class to the share of the song in which it sounds, 0..1."""
    kind: str | None
    """``generated``, ``composed``, ``chart`` or ``hybrid``."""
    chart: str | None
    """Chord chart that the song was made from."""
    human_drums: bool | None
    """Whether a human played the drums."""
    tempo_curve: str | None
    """Recording whose changes of tempo the song follows."""
    melody_from: str | None
    """Song whose melody is played."""
    accompaniment_from: str | None
    """Song whose human accompaniment is played."""
    genre: str | None
    tempo_bpm: float | None
    """Felt beats per minute."""
    signature: str | None
    key: str | None
    """Tonic and mode, such as ``Eb major``."""
    beats_s: NDArray[np.float64] | None
    """Felt beats, ``(beats,)``."""
    downbeats_s: NDArray[np.float64] | None
    """First beats of the bars, ``(bars,)``."""
    chords: tuple[tuple[float, str], ...] | None
    """Onset and name of each chord, such as ``Ebm7``; each lasts until the next."""
    sections: tuple[tuple[float, str], ...]
    """Onset and name of each section."""
    font: str | None
    """File name of the SoundFont."""
    sources: tuple[tuple[str, str, str | None], ...]
    """Name, licence and, where needed, credit of everything the song was made from."""
    stated: frozenset[str]
    """Fields that the file has, ``null`` or not."""

    def stem_file(self, name: str) -> Path:
        """Return the audio file of a stem class."""
        return self.folder / f"{name}.npy"

    def load_stem(self, name: str) -> NDArray[np.float32]:
        """Return a whole stem at 48 kHz, ``(frames,)``.

        Raises:
            DataError: The file is missing or damaged.
        """
        file = self.stem_file(name)
        try:
            audio = np.load(file)
        except (OSError, ValueError, EOFError) as error:
            raise _damaged(file, error) from error
        if audio.ndim != 1:
            raise DataError(f"expected mono audio in {file}, got shape {audio.shape}")
        return np.asarray(audio, np.float32)


def load_song_records(root: Path, split: str = "all") -> list[SongRecord]:
    """Return the records of all finished songs of a folder, ordered by split and name.

    Args:
        root: Folder made by ``liveband data render``.
        split: One of :data:`~model.data.splits.SPLITS`, or ``all``.

    Raises:
        DataError: There is no finished song, or a record cannot be read.
    """
    splits = SPLITS if split == "all" else (split,)
    files = [file for name in splits for file in sorted((root / name).glob(f"*/{RECORD_FILE}"))]
    if not files:
        where = root if split == "all" else root / split
        raise DataError(
            f"no finished song ({RECORD_FILE}) in {where}; "
            f"render some: liveband data render {root}"
        )
    return [load_song_record(file.parent) for file in files]


def load_song_record(folder: Path) -> SongRecord:
    """Return the record of the song in a folder.

    Raises:
        DataError: It is missing, is no JSON, or a field is not of the type it should be.
    """
    file = folder / RECORD_FILE
    try:
        facts = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise DataError(f"expected the record of a song in {file}: {error}") from error
    if not isinstance(facts, dict):
        raise DataError(f"expected a JSON object in {file}, got {type(facts).__name__}")
    try:
        return _parse(folder, facts)
    except DataError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        reason = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else error
        raise DataError(f"cannot read {file}: {reason}; remove it and render again") from error


def _parse(folder: Path, facts: dict[str, Any]) -> SongRecord:
    stems = {str(stem["class"]): float(stem["active_share"]) for stem in facts["stems"]}
    if not stems:
        raise ValueError("'stems' is empty")
    key = _typed(facts, "key", dict)
    tempo_bpm = _number(facts, "tempo_bpm")
    if tempo_bpm is not None and tempo_bpm <= 0:
        raise ValueError(f"expected a tempo_bpm above 0, got {tempo_bpm:g}")
    chords = _typed(facts, "chords", list)
    return SongRecord(
        folder=folder,
        split=folder.parent.name,
        duration_s=_duration_s(folder, facts, next(iter(stems))),
        stems=stems,
        kind=_typed(facts, "kind", str),
        chart=_typed(facts, "chart", str),
        human_drums=_typed(facts, "human_drums", bool),
        tempo_curve=_typed(facts, "tempo_curve", str),
        melody_from=_typed(facts, "melody_from", str),
        accompaniment_from=_typed(facts, "accompaniment_from", str),
        genre=_typed(facts, "genre", str),
        tempo_bpm=tempo_bpm,
        signature=_typed(facts, "signature", str),
        key=None if key is None else f"{key['tonic']} {key['mode']}",
        beats_s=_times(facts, "beats_s"),
        downbeats_s=_times(facts, "downbeats_s"),
        chords=None
        if chords is None
        else tuple((float(onset), f"{root}{quality}") for onset, root, quality in chords),
        sections=tuple(
            (float(onset), str(name)) for onset, name in _typed(facts, "sections", list) or ()
        ),
        font=_typed(facts, "font", str),
        sources=tuple(
            (str(source["name"]), str(source["licence"]), _typed(source, "credit", str))
            for source in _typed(facts, "sources", list) or ()
        ),
        stated=frozenset(facts),
    )


def _typed(facts: dict[str, Any], name: str, kind: type[Value]) -> Value | None:
    value = facts.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise ValueError(f"expected {name} to be {kind.__name__} or null, got {value!r}")


def _number(facts: dict[str, Any], name: str) -> float | None:
    value = facts.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected {name} to be a number or null, got {value!r}")
    return float(value)


def _times(facts: dict[str, Any], name: str) -> NDArray[np.float64] | None:
    values = _typed(facts, name, list)
    if values is None:
        return None
    times = np.asarray(values, np.float64)
    if times.ndim != 1 or np.any(np.diff(times) <= 0):
        raise ValueError(f"expected {name} to be rising times in seconds")
    return times


def _duration_s(folder: Path, facts: dict[str, Any], stem: str) -> float:
    """Return the length of a song; where the record does not state it, that of a stem."""
    frames = _typed(facts, "frames", int)
    if frames is None:
        file = folder / f"{stem}.npy"
        try:
            frames = frames_in(file)
        except (OSError, ValueError, EOFError) as error:
            raise _damaged(file, error) from error
    if frames < 1:
        raise ValueError(f"expected frames to be 1 or more, got {frames}")
    return frames / (_typed(facts, "sample_rate", int) or SAMPLE_RATE)


def _damaged(file: Path, error: Exception) -> DataError:
    return DataError(
        f"expected the audio of a stem in {file}: {error}; remove its folder and render again"
    )
