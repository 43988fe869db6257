"""Random crops of rendered stems and mixes, for training."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from model.data.index import Song, load_songs

__all__ = ["Song", "crop_batch", "load_songs"]

Audio = NDArray[np.float32]


def crop_batch(songs: list[Song], batch: int, frames: int, rng: random.Random) -> Audio:
    """Return single stems (70 %) and random sub-mixes, at random gain.

    Args:
        songs: What to draw from.
        batch: Crops.
        frames: Frames per crop.
        rng: Decides everything.

    Returns:
        Float32 ``(batch, frames)``.
    """
    return np.stack([_crop(rng.choice(songs), frames, rng) for _ in range(batch)])


def _crop(song: Song, frames: int, rng: random.Random) -> Audio:
    count = 1 if rng.random() < 0.7 else rng.randint(1, len(song.stems))
    names = rng.sample(song.stems, count)
    for _ in range(8):
        start = rng.randrange(max(1, song.frames - frames))
        audio = np.zeros(frames, np.float32)
        for name in names:
            audio += song.read(name, start, frames)
        level = float(np.sqrt(np.mean(audio**2)))
        if level > 1e-3:
            break
    gain_db = rng.uniform(-6, 9) if count == 1 else rng.uniform(-12, 6)
    gain = 10 ** (gain_db / 20) * (1 if rng.random() < 0.5 else -1)
    peak = float(np.abs(audio).max()) * abs(gain)
    return audio * np.float32(gain / max(1.0, peak))
