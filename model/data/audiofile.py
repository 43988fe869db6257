"""Reader of audio at 48 kHz mono: our own ``.npy`` files and all that libsndfile reads."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

from model.errors import DataError

__all__ = ["SAMPLE_RATE", "frames_in", "read_frames"]

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
    rate, frames = _header(file)
    return -(-frames * SAMPLE_RATE // rate)


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
    rate, length = _header(file)
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
    resampled: NDArray[np.float32] = resample_poly(heard, up, down).astype(np.float32)
    return resampled[start - first * up : stop - first * up]


def _decode(file: Path, start: int, stop: int) -> NDArray[np.float32]:
    with soundfile.SoundFile(file) as opened:
        opened.seek(start)
        audio = opened.read(stop - start, np.float32, always_2d=True)
    mono: NDArray[np.float32] = audio.mean(axis=1)
    return mono


@lru_cache(maxsize=65536)
def _header(file: Path) -> tuple[int, int]:
    """Return rate and length of an audio file."""
    try:
        info = soundfile.info(file)
    except soundfile.LibsndfileError as error:
        raise DataError(f"expected an audio file, got {file}: {error}") from error
    return info.samplerate, info.frames
