"""Sound files of the page: equal loudness, stereo of mix and stem, compression."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
from scipy.ndimage import minimum_filter1d
from scipy.signal import oaconvolve

from model.array_types import Audio
from model.sound_files.writing import SoundFormat, open_new_sound

__all__ = ["LEVEL_DB", "levelled", "side_by_side", "write_sound"]


LEVEL_DB = -24.0
"""RMS level that every sound is brought to, in dB relative to full scale."""
MOST_GAIN_DB = 24.0
"""A sound that would need more than this stays quiet: silence is not made a roar."""
PEAK = 0.85
"""Where the limiter holds peaks; Opus overshoots by a little."""
LIMITER = 480
"""Frames to either side of a peak over which the limiter lets go: 10 ms at 48 kHz."""
COMPRESSION = 0.85
"""Of 0 to 1: about 45 kbit/s a channel, at which Opus hides less than the codec does."""
CHUNK = 48_000
"""Frames written at once; the encoder's stack is small."""


def levelled(audio: Audio) -> Audio:
    """Return a sound at :data:`LEVEL_DB`, its peaks held by a limiter, ``(frames,)``.

    Example:
        >>> loud = levelled(np.full(100, 0.5, np.float32))
        >>> round(float(20 * np.log10(loud.max())), 3)
        -24.0
    """
    wanted, gain, loud = 10 ** (LEVEL_DB / 20), 1.0, audio
    for _ in range(4):  # what the limiter takes away is given again
        rms = float(np.mean(np.square(loud, dtype=np.float64))) ** 0.5
        gain = min(gain * wanted / max(rms, 1e-9), 10 ** (MOST_GAIN_DB / 20))
        loud = _limited(audio * np.float32(gain))
    return loud


def _limited(audio: Audio) -> Audio:
    """Return a sound with peaks of at most :data:`PEAK`, by smooth gain reduction."""
    needed = PEAK / np.maximum(np.abs(audio), PEAK)
    if needed.min(initial=1.0) == 1.0:
        return audio
    width = 2 * LIMITER + 1
    window = np.hanning(width + 2)[1:-1]
    held = np.pad(minimum_filter1d(needed, width, mode="nearest"), LIMITER, mode="edge")
    gain = oaconvolve(held, window / window.sum(), mode="valid")
    held_down: Audio = (audio * np.minimum(gain, needed)).astype(np.float32)
    return held_down


def side_by_side(left: Audio, right: Audio) -> Audio:
    """Return one sound on the left and one on the right, ``(frames, 2)``."""
    return np.stack([left, right], axis=1)


def write_sound(path: Path, audio: Audio, rate: int) -> None:
    """Write Opus in Ogg, which all browsers play.

    Args:
        path: Ends in ``.ogg``.
        audio: ``(frames,)`` or ``(frames, 2)``.
        rate: 48000, 24000, 16000, 12000 or 8000 Hz.

    Raises:
        OutputError: It cannot be written.
    """
    channels = 1 if audio.ndim == 1 else audio.shape[1]
    form = SoundFormat("OGG", "OPUS", channels, COMPRESSION)
    with closing(open_new_sound(path, rate, form, replace=True)) as file:
        for start in range(0, len(audio), CHUNK):
            file.write(audio[start : start + CHUNK])
