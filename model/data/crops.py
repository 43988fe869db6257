"""Random crops of rendered stems and mixes, for training."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import DataError

__all__ = ["Song", "crop_batches", "load_songs"]

Audio = NDArray[np.float32]

ACTIVE_SHARE = 0.2
"""Stems that sound for less of a song than this are not worth learning from."""


@dataclass(frozen=True, slots=True)
class Song:
    """One rendered song: its folder and the stems worth learning from."""

    path: Path
    stems: tuple[str, ...]
    """Classes of the stems that sound in at least :data:`ACTIVE_SHARE` of the song."""

    def stem(self, name: str) -> NDArray[np.float16]:
        """Return a stem as a memory map, ``(frames,)``."""
        audio: NDArray[np.float16] = np.load(self.path / f"{name}.npy", mmap_mode="r")
        return audio


def load_songs(root: Path, split: str) -> list[Song]:
    """Return the finished songs of a split, in the order of their names.

    Args:
        root: Folder made by ``liveband data render``.
        split: ``train``, ``valid`` or ``test``.

    Raises:
        DataError: There is no finished song.
    """
    songs = []
    for file in sorted((root / split).glob("*/song.json")):
        facts = json.loads(file.read_text())
        stems = tuple(s["class"] for s in facts["stems"] if s["active_share"] >= ACTIVE_SHARE)
        if stems:
            songs.append(Song(file.parent, stems))
    if not songs:
        raise DataError(
            f"no finished song in {root / split}; render some: liveband data render {root}"
        )
    return songs


def crop_batches(
    songs: list[Song], *, batch: int, frames: int, rng: random.Random
) -> Iterator[Audio]:
    """Yield batches of single stems (70 %) and random sub-mixes, at random gain, for ever.

    Args:
        songs: What to draw from.
        batch: Crops per batch.
        frames: Frames per crop.
        rng: Decides everything.

    Yields:
        Float32 ``(batch, frames)``.
    """
    while True:
        yield np.stack([_crop(rng.choice(songs), frames, rng) for _ in range(batch)])


def _crop(song: Song, frames: int, rng: random.Random) -> Audio:
    count = 1 if rng.random() < 0.7 else rng.randint(1, len(song.stems))
    parts = [song.stem(name) for name in rng.sample(song.stems, count)]
    for _ in range(8):
        start = rng.randrange(max(1, len(parts[0]) - frames))
        audio = np.zeros(frames, np.float32)
        for part in parts:
            piece = part[start : start + frames]
            audio[: len(piece)] += piece
        level = float(np.sqrt(np.mean(audio**2)))
        if level > 1e-3:
            break
    gain_db = rng.uniform(-6, 9) if count == 1 else rng.uniform(-12, 6)
    gain = 10 ** (gain_db / 20) * (1 if rng.random() < 0.5 else -1)
    peak = float(np.abs(audio).max()) * abs(gain)
    return audio * np.float32(gain / max(1.0, peak))
