"""Sounds of the page: brought to one loudness, put left and right, compressed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

__all__ = ["LEVEL_DB", "levelled", "side_by_side", "write_sound"]

Audio = NDArray[np.float32]

LEVEL_DB = -20.0
"""RMS level that every sound is brought to, in dB relative to full scale."""
MOST_GAIN_DB = 24.0
"""A sound that would need more than this stays quiet: silence is not made a roar."""
PEAK = 0.95
COMPRESSION = 0.85
"""Of 0 to 1: about 45 kbit/s a channel, at which Opus hides less than the codec does."""
CHUNK = 48_000
"""Frames written at once; the encoder's stack is small."""


def levelled(audio: Audio) -> Audio:
    """Return a sound at :data:`LEVEL_DB`, less where it would clip, ``(frames,)``.

    Example:
        >>> loud = levelled(np.full(100, 0.5, np.float32))
        >>> round(float(20 * np.log10(loud.max())), 3)
        -20.0
    """
    power = float(np.mean(np.square(audio, dtype=np.float64)))
    wanted = 10 ** (LEVEL_DB / 20) / max(power**0.5, 1e-9)
    peak = float(np.abs(audio).max(initial=0))
    gain = min(wanted, 10 ** (MOST_GAIN_DB / 20), PEAK / max(peak, 1e-9))
    return audio * np.float32(gain)


def side_by_side(left: Audio, right: Audio) -> Audio:
    """Return what is heard on the left, and what on the right, ``(frames, 2)``."""
    return np.stack([left, right], axis=1)


def write_sound(path: Path, audio: Audio, rate: int) -> None:
    """Write Opus in Ogg, which every browser of today plays.

    Args:
        path: Ends in ``.ogg``.
        audio: ``(frames,)`` or ``(frames, 2)``.
        rate: 48000, 24000, 16000, 12000 or 8000 Hz.
    """
    channels = 1 if audio.ndim == 1 else audio.shape[1]
    with soundfile.SoundFile(
        path,
        "w",
        samplerate=rate,
        channels=channels,
        format="OGG",
        subtype="OPUS",
        compression_level=COMPRESSION,
    ) as file:
        for start in range(0, len(audio), CHUNK):
            file.write(audio[start : start + CHUNK])
