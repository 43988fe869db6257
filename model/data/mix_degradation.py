"""Degradation of a mix between the stage and the model's input.

Tone controls, a room, a compressor, clipping, background noise, a lossy codec: each is drawn
independently. None adds a delay.
"""

from __future__ import annotations

import io
import math
from random import Random

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, oaconvolve, sosfilt

from model.array_types import Audio
from model.data.ambient_sounds import background
from model.data.audiofile import SAMPLE_RATE
from model.data.channel_strip import draw_room, draw_tone

__all__ = ["CLEAN_SHARE", "degraded", "through_vorbis"]


CLEAN_SHARE = 0.25
"""Share of mixes that are heard as they were rendered, as from a DAW's bus."""
TONE_SHARE, ROOM_SHARE, NARROW_SHARE = 0.7, 0.4, 0.25
"""Shares, of the others, that pass tone controls, a room, a small microphone."""
COMPRESSED_SHARE, CLIPPED_SHARE = 0.3, 0.15
NOISE_SHARE, CODEC_SHARE = 0.6, 0.3

NARROW_LOW_HZ, NARROW_HIGH_HZ = (60.0, 250.0), (4000.0, 12_000.0)
"""Edges of the band that a small microphone passes."""
NOISE_DB = (-50.0, -18.0)
"""Level of the background relative to the RMS of the mix."""
OVER_DB = (1.0, 8.0)
"""How far the peaks of a clipped mix are above where it is clipped."""
RATIO, THRESHOLD_DB = (2.0, 8.0), (-18.0, -3.0)
"""Of the compressor; the threshold is relative to the RMS of the mix."""
CODEC_COMPRESSION = (0.6, 1.0)
"""As libsndfile counts it: Ogg Vorbis in mono at about 36 to 60 kbit/s."""

_BLOCK = 240
"""Frames for which the compressor has one gain at their ends: 5 ms."""
_ATTACK_S, _RELEASE_S = 0.005, 0.15
_PIECE = SAMPLE_RATE


def degraded(rng: Random, mix: Audio) -> Audio:
    """Return a mix as a microphone or mixer on stage may deliver it.

    Args:
        rng: Source of all settings.
        mix: Mono at 48 kHz, ``(frames,)``.

    Returns:
        The same shape, not delayed. A silent mix is heard as it is.
    """
    rms = math.sqrt(float(np.mean(np.square(mix)))) if len(mix) else 0.0
    if rng.random() < CLEAN_SHARE or not rms:
        return mix
    heard = mix
    if rng.random() < TONE_SHARE:
        heard = _filtered(np.stack(draw_tone(rng)), heard)
    if rng.random() < NARROW_SHARE:
        edges_hz = [rng.uniform(*NARROW_LOW_HZ), rng.uniform(*NARROW_HIGH_HZ)]
        sections = butter(1, edges_hz, "bandpass", fs=SAMPLE_RATE, output="sos")
        heard = _filtered(sections, heard)
    if rng.random() < ROOM_SHARE:
        heard = heard + oaconvolve(heard, draw_room(rng))[: len(heard)]
    if rng.random() < COMPRESSED_SHARE:
        threshold = rms * 10 ** (rng.uniform(*THRESHOLD_DB) / 20)
        heard = _compressed(heard, threshold, rng.uniform(*RATIO))
    if rng.random() < CLIPPED_SHARE:
        most = float(np.abs(heard).max()) * 10 ** (-rng.uniform(*OVER_DB) / 20)
        heard = np.clip(heard, -most, most)
    if rng.random() < NOISE_SHARE:
        level = rms * 10 ** (rng.uniform(*NOISE_DB) / 20)
        heard = heard + np.float32(level) * background(rng, len(heard))
    if rng.random() < CODEC_SHARE:
        heard = through_vorbis(heard, rng.uniform(*CODEC_COMPRESSION))
    return heard


def through_vorbis(audio: Audio, compression: float) -> Audio:
    """Return a sound encoded and decoded by Ogg Vorbis.

    Args:
        audio: Mono at 48 kHz, ``(frames,)``, any level.
        compression: From 0, best, to 1, smallest.

    Returns:
        The same shape, not delayed.
    """
    peak = max(1.0, float(np.abs(audio).max(initial=0.0)))
    file = io.BytesIO()
    with soundfile.SoundFile(
        file,
        "w",
        SAMPLE_RATE,
        1,
        format="OGG",
        subtype="VORBIS",
        compression_level=compression,
    ) as coder:
        for start in range(0, len(audio), _PIECE):  # libsndfile cannot code much at once
            coder.write(audio[start : start + _PIECE] / peak)
    file.seek(0)
    decoded, _ = soundfile.read(file, frames=len(audio), dtype="float32", fill_value=0.0)
    heard: Audio = peak * decoded
    return heard


def _filtered(sections: NDArray[np.float64], audio: Audio) -> Audio:
    filtered: Audio = sosfilt(sections, audio).astype(np.float32)
    return filtered


def _compressed(audio: Audio, threshold: float, ratio: float) -> Audio:
    """Return a sound through a compressor, at the same RMS."""
    blocks = -(-len(audio) // _BLOCK)
    padded = np.pad(audio, (0, blocks * _BLOCK - len(audio)))
    power = np.square(padded).reshape(blocks, _BLOCK).mean(axis=1)
    level = np.maximum(_smooth(power, _ATTACK_S), _smooth(power, _RELEASE_S))
    over = np.maximum(np.sqrt(level) / threshold, 1.0)
    gains = over ** (1 / ratio - 1)
    gain = np.interp(np.arange(len(audio)) / _BLOCK, np.arange(1, blocks + 1), gains)
    made = audio * gain
    before, after = (float(np.mean(np.square(each))) for each in (audio, made))
    whole = math.sqrt(before / after) if after else 1.0
    compressed: Audio = (whole * made).astype(np.float32)
    return compressed


def _smooth(power: NDArray[np.floating], time_s: float) -> NDArray[np.float64]:
    pole = math.exp(-_BLOCK / SAMPLE_RATE / time_s)
    smooth: NDArray[np.float64] = lfilter([1 - pole], [1, -pole], power)
    return smooth
