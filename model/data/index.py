"""Index of the songs in a folder, rendered by us or in the layout of Slakh2100.

::

    ROOT/<train|valid|test>/<song>/song.json                 ``liveband data render``
    ROOT/<train|validation|test>/TrackNNNNN/metadata.yaml    Slakh2100
    ROOT/TrackNNNNN/metadata.yaml                            BabySlakh

Audio is 48 kHz mono throughout; files at another rate are resampled as they are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.data import slakh
from model.data.audiofile import frames_in, read_frames
from model.data.charts import NOTE_NAMES
from model.errors import DataError

__all__ = ["ACTIVE_SHARE", "Song", "load_songs"]

ACTIVE_SHARE = 0.2
"""Stems that sound for less of a song than this are not worth learning from."""

_FACTS = "song.json"


@dataclass(frozen=True, slots=True)
class Song:
    """One song on disk and its usable stems."""

    path: Path
    """Its folder."""
    stems: tuple[str, ...]
    """Classes of its stems; of those rendered by us, all that sound in at least
    :data:`ACTIVE_SHARE` of the song."""
    files: Mapping[str, tuple[Path, ...]]
    """Class to the files that add up to its stem."""

    @property
    def frames(self) -> int:
        """Length of the longest stem."""
        return max(frames_in(file) for files in self.files.values() for file in files)

    def stem(self, name: str) -> NDArray[np.float16] | NDArray[np.float32]:
        """Return a whole stem, ``(frames,)``: our own as a memory map, others decoded.

        To look at a part of it, `read` is faster.
        """
        (file, *others) = self.files[name]
        if file.suffix == ".npy" and not others:
            audio: NDArray[np.float16] = np.load(file, mmap_mode="r")
            return audio
        return self.read(name, 0, self.frames)

    def read(self, name: str, start: int, frames: int) -> NDArray[np.float32]:
        """Return a stretch of a stem, ``(frames,)``; silence where the song has ended.

        Args:
            name: One of `stems`.
            start: First frame, 0 or later.
            frames: Length of the result.
        """
        audio = np.zeros(frames, np.float32)
        for file in self.files[name]:
            part = read_frames(file, start, frames)
            audio[: len(part)] += part
        return audio

    @property
    def genre(self) -> str | None:
        """Genre of the groove; ``None`` where it is not known."""
        name: str | None = _facts(self.path).get("genre")
        return name

    @property
    def beats_s(self) -> NDArray[np.float64] | None:
        """Felt beats in seconds, ``(beats,)``; ``None`` where they are not known."""
        return _times(_facts(self.path).get("beats_s"))

    @property
    def downbeats_s(self) -> NDArray[np.float64] | None:
        """First beats of the bars in seconds, ``(bars,)``; ``None`` where not known."""
        return _times(_facts(self.path).get("downbeats_s"))

    @property
    def chords(self) -> list[tuple[float, int, str]] | None:
        """Onset in seconds, root 0..11 and quality as in ``charts.CHORD_TONES``.

        Each lasts until the next. ``None`` where there is no chart.
        """
        track = _facts(self.path).get("chords")
        if track is None:
            return None
        return [(onset, NOTE_NAMES.index(root), quality) for onset, root, quality in track]


def load_songs(root: Path, split: str) -> list[Song]:
    """Return the finished songs of a split, in the order of their names.

    Args:
        root: Folder made by ``liveband data render``, or one of Slakh2100 or BabySlakh.
        split: ``train``, ``valid`` or ``test``. BabySlakh's own folder has no splits; its
            tracks are dealt out by their numbers, as our songs are.

    Raises:
        DataError: There is no finished song.
    """
    songs = []
    for file in sorted((root / split).glob(f"*/{_FACTS}")):
        active = {
            stem["class"]: (file.parent / f"{stem['class']}.npy",)
            for stem in _facts(file.parent)["stems"]
            if stem["active_share"] >= ACTIVE_SHARE
        }
        if active:
            songs.append(Song(file.parent, tuple(active), active))
    for folder in slakh.tracks(root, split):
        files = slakh.stem_files(folder)
        if files:
            songs.append(Song(folder, tuple(files), files))
    if not songs:
        raise DataError(
            f"no finished song in {root / split}; render some: liveband data render {root}"
        )
    return songs


@lru_cache(maxsize=4096)
def _facts(folder: Path) -> dict[str, Any]:
    """Return the facts about a song; for Slakh's, its beats."""
    file = folder / _FACTS
    if not file.exists():
        return slakh.grid(folder)
    facts: dict[str, Any] = json.loads(file.read_text())
    return facts


def _times(times: list[float] | None) -> NDArray[np.float64] | None:
    return None if times is None else np.array(times)
