"""Reader of audio at 48 kHz mono: our own ``.npy`` files and all that libsndfile reads."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.sound_files.reading import SoundFacts, decodable_facts, open_sound, stated_facts

__all__ = ["SAMPLE_RATE", "early_end", "frames_in", "read_frames"]

SAMPLE_RATE = 48_000
"""Frames per second of all material."""

_FILTER = 16
"""Frames on either side, of the slower rate, that the resampling filter looks at, at least."""


@lru_cache(maxsize=65536)
def frames_in(file: Path) -> int:
    """Return the length of a file at 48 kHz.

    Raises:
        DataError: It cannot be read.
    """
    if file.suffix == ".npy":
        return len(np.load(file, mmap_mode="r"))
    facts = _facts(file)
    return -(-facts.frames * SAMPLE_RATE // facts.rate)


def early_end(file: Path) -> str:
    """Return in words where a cut or damaged audio file ends; empty for a whole one.

    Raises:
        DataError: It cannot be read.
    """
    return decodable_facts(file).missing


def read_frames(file: Path, start: int, frames: int) -> NDArray[np.float32]:
    """Return a stretch of a file as 48 kHz mono, the same whichever stretch is asked for.

    Args:
        file: ``.npy`` at 48 kHz mono, or an audio file of any rate and channels.
        start: First frame at 48 kHz.
        frames: Length at 48 kHz.

    Returns:
        ``(frames,)``, or less where the file ends before.

    Raises:
        DataError: The file cannot be read.
    """
    if file.suffix == ".npy":
        rendered = np.load(file, mmap_mode="r")[start : start + frames]
        return np.asarray(rendered, np.float32)
    facts = _facts(file)
    rate, length = facts.rate, facts.frames
    stop = min(start + frames, frames_in(file))
    if stop <= start:
        return np.zeros(0, np.float32)
    if rate == SAMPLE_RATE:
        return _decode(file, start, stop)
    # Positions that both rates have in common are `down` frames of the file apart.
    common = math.gcd(rate, SAMPLE_RATE)
    up, down = SAMPLE_RATE // common, rate // common
    margin = math.ceil(_FILTER * max(up, down) / up / down)
    first = max(0, start // up - margin)
    last = -(-stop // up) + margin
    heard = _decode(file, first * down, min(length, last * down))
    from scipy.signal import resample_poly  # not installed where nobody trains

    resampled: NDArray[np.float32] = resample_poly(heard, up, down).astype(np.float32)
    return resampled[start - first * up : stop - first * up]


def _decode(file: Path, start: int, stop: int) -> NDArray[np.float32]:
    with open_sound(file, _facts(file)) as opened:
        opened.skip_to(start)
        audio = opened.read(stop - start)
    mono: NDArray[np.float32] = audio.mean(axis=1)
    return mono


@lru_cache(maxsize=65536)
def _facts(file: Path) -> SoundFacts:
    return stated_facts(file)
