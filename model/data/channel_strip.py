"""Channel strip of a stem: tone controls, some overdrive, a room.

SoundFonts have few guitars and basses, and every song would have the same ones. Each stem of
each song gets its own settings, so nothing of one stem is ever heard in another.

Source: peaking and shelving filters as in Bristow-Johnson, "Cookbook formulae for audio
equalizer biquad filter coefficients".
"""

from __future__ import annotations

import math
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.signal import oaconvolve, sosfilt

from model.array_types import Audio
from model.data.audiofile import SAMPLE_RATE

__all__ = ["draw_room", "draw_tone", "process"]


_PLAIN_SHARE = 0.15
"""Stems that stay as the SoundFont made them."""
_SHELVES_DB, _BELLS_DB = 5.0, 7.0
_DRIVEN_SHARE = {"guitar": 0.4, "bass": 0.4, "lead": 0.3, "drums": 0.3}
_OTHER_DRIVEN_SHARE = 0.1
_DRIVE_DB = (-6.0, 12.0)
"""How far above where it bends, 1, a stem's loudest moments are."""
_ROOM_SHARE = 0.6
ROOM_S, _WET_DB = (0.12, 0.6), (-26.0, -9.0)
_ROOM_S_OF_BASS = (0.08, 0.15)


def process(rng: Random, stem: str, audio: Audio) -> Audio:
    """Return a stem through a channel strip with random settings.

    Args:
        rng: Source of all settings.
        stem: Stem class; some are driven more often than others.
        audio: Mono, shape ``(frames,)``, any level.

    Returns:
        The same shape, not delayed; silence stays silent.
    """
    peak = float(np.abs(audio).max(initial=0.0))
    if rng.random() < _PLAIN_SHARE or not peak:
        return audio
    filtered: Audio = sosfilt(np.stack(draw_tone(rng)), audio / peak).astype(np.float32)
    if rng.random() < _DRIVEN_SHARE.get(stem, _OTHER_DRIVEN_SHARE):
        drive = np.float32(10 ** (rng.uniform(*_DRIVE_DB) / 20))
        filtered = np.tanh(drive * filtered) / drive
    if rng.random() < _ROOM_SHARE:
        filtered += oaconvolve(
            filtered, draw_room(rng, _ROOM_S_OF_BASS if stem == "bass" else ROOM_S)
        )[: len(audio)]
    return filtered


def draw_tone(rng: Random) -> list[NDArray[np.float64]]:
    """Return tone controls, two shelves and two bells, as second-order sections ``(6,)``."""
    low = _biquad("low", rng.uniform(80, 250), rng.uniform(-_SHELVES_DB, _SHELVES_DB), 0.7)
    high = _biquad("high", rng.uniform(2500, 8000), rng.uniform(-_SHELVES_DB, _SHELVES_DB), 0.7)
    bells = [
        _biquad(
            "bell",
            100 * 60 ** rng.random(),
            rng.uniform(-_BELLS_DB, _BELLS_DB),
            rng.uniform(0.5, 2.0),
        )
        for _ in range(2)
    ]
    return [low, *bells, high]


def _biquad(kind: str, hz: float, gain_db: float, q: float) -> NDArray[np.float64]:
    """Return ``b0 b1 b2 a0 a1 a2`` of a shelf or bell, ``a0`` being 1."""
    gain = 10 ** (gain_db / 40)
    angle = 2 * math.pi * hz / SAMPLE_RATE
    alpha, cosine = math.sin(angle) / (2 * q), math.cos(angle)
    if kind == "bell":
        above = (1 + alpha * gain, -2 * cosine, 1 - alpha * gain)
        below = (1 + alpha / gain, -2 * cosine, 1 - alpha / gain)
    else:
        side = 1 if kind == "low" else -1
        root = 2 * math.sqrt(gain) * alpha
        less, more = gain - 1, gain + 1
        above = (
            gain * (more - side * less * cosine + root),
            2 * gain * side * (less - side * more * cosine),
            gain * (more - side * less * cosine - root),
        )
        below = (
            more + side * less * cosine + root,
            -2 * side * (less + side * more * cosine),
            more + side * less * cosine - root,
        )
    return np.array([*above, *below]) / below[0]


def draw_room(rng: Random, length_s: tuple[float, float] = ROOM_S) -> Audio:
    """Return an impulse response without its direct sound: low-passed, decaying noise.

    Args:
        rng: Source of all settings.
        length_s: Range of the reverberation time, in seconds.

    Returns:
        An impulse response, ``(frames,)``, as long as the reverberation time.
    """
    reverberation_s = rng.uniform(*length_s)
    noise = np.random.default_rng(rng.randrange(1 << 30)).standard_normal(
        round(reverberation_s * SAMPLE_RATE)
    )
    time_s = np.arange(len(noise)) / SAMPLE_RATE
    noise *= np.exp(-6.9 * time_s / reverberation_s)
    noise[: round(rng.uniform(0.002, 0.02) * SAMPLE_RATE)] = 0
    noise = sosfilt(_biquad("high", 3000, rng.uniform(-15, -5), 0.7)[None], noise)
    noise *= 10 ** (rng.uniform(*_WET_DB) / 20) / math.sqrt(float(np.sum(noise**2)))
    room: Audio = noise.astype(np.float32)
    return room
