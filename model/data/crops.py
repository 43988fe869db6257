"""Random crops of rendered stems, mixes and finished recordings, for training on audio."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.array_types import Audio
from model.data.index import Song, load_songs
from model.data.recordings import MIX
from model.errors import DataError

__all__ = ["Song", "TrainingAudio", "crop_batch", "load_songs", "load_training_audio"]


@dataclass(frozen=True, slots=True)
class TrainingAudio:
    """Songs and recordings that crops are drawn from."""

    songs: Sequence[Song]
    """Songs of several stems."""
    recordings: Sequence[Song] = ()
    """Finished recordings, each a song of one stem."""
    recordings_share: float = 0.0
    """Share of the crops, 0..1, that are taken from recordings."""


def load_training_audio(
    data: Path, recordings: Path | None, share: float, *, split: str = "train"
) -> TrainingAudio:
    """Return the songs of a split, and the recordings beside them.

    Args:
        data: Folder of rendered songs.
        recordings: Folder made by ``liveband data recordings``; None for none.
        share: Share of the crops taken from recordings, where there are any.
        split: ``train``, ``valid`` or ``test``.

    Raises:
        DataError: There is no finished song, or the second folder is not of recordings.
    """
    songs = load_songs(data, split)
    if recordings is None:
        return TrainingAudio(songs)
    if not any((recordings / split).glob("*/song.json")):
        raise DataError(
            f"no recording in {recordings / split}; make some: liveband data recordings "
            f"{recordings} FILE_OR_FOLDER --licence L --package P"
        )
    found = load_songs(recordings, split)
    for song in found:
        if song.stems != (MIX,):
            raise DataError(
                f"expected recordings in {recordings}, got {song.path} with the stems "
                f"{', '.join(song.stems)}; rendered songs are the first argument"
            )
    return TrainingAudio(songs, found, share)


def crop_batch(material: TrainingAudio, batch: int, frames: int, rng: random.Random) -> Audio:
    """Return single stems (70 %), random sub-mixes, and recordings, at random gain.

    Args:
        material: What to draw from.
        batch: Crops.
        frames: Frames per crop.
        rng: Decides everything.

    Returns:
        Float32 ``(batch, frames)``.
    """
    return np.stack([_crop(material, frames, rng) for _ in range(batch)])


def _crop(material: TrainingAudio, frames: int, rng: random.Random) -> Audio:
    if material.recordings and rng.random() < material.recordings_share:
        audio = _stretch(rng.choice(material.recordings), (MIX,), frames, rng)
        # Finished recordings are louder than stems by some 10 dB.
        return _gained(audio, rng.uniform(-18, 3), rng)
    song = rng.choice(material.songs)
    count = 1 if rng.random() < 0.7 else rng.randint(1, len(song.stems))
    audio = _stretch(song, rng.sample(song.stems, count), frames, rng)
    return _gained(audio, rng.uniform(-6, 9) if count == 1 else rng.uniform(-12, 6), rng)


def _stretch(song: Song, names: Sequence[str], frames: int, rng: random.Random) -> Audio:
    """Return a stretch of the sum of stems; up to eight draws avoid a silent one."""
    for _ in range(8):
        start = rng.randrange(max(1, song.frames - frames))
        audio = np.zeros(frames, np.float32)
        for name in names:
            audio += song.read(name, start, frames)
        if float(np.sqrt(np.mean(audio**2))) > 1e-3:
            break
    return audio


def _gained(audio: Audio, gain_db: float, rng: random.Random) -> Audio:
    """Return it at a random gain and polarity, with a peak of 1 at most."""
    gain = 10 ** (gain_db / 20) * (1 if rng.random() < 0.5 else -1)
    peak = float(np.abs(audio).max()) * abs(gain)
    return audio * np.float32(gain / max(1.0, peak))
