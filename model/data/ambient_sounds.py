"""Synthetic ambient sounds of a stage: talk, applause, audience, noise, hum, count-ins.

All are synthesised, mono at 48 kHz; no recording is needed.

Source: talk is a cascade formant synthesiser in the manner of Klatt 1980, "Software for a
cascade/parallel formant synthesizer", with the vowels of Peterson and Barney 1952.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.signal import oaconvolve, sosfilt

from model.array_types import Audio
from model.data.audiofile import SAMPLE_RATE

__all__ = ["SOUNDS", "applause", "background", "count_strokes", "murmur", "talk"]


_VOWELS_HZ = (
    (270, 2290, 3010),
    (390, 1990, 2550),
    (530, 1840, 2480),
    (660, 1720, 2410),
    (730, 1090, 2440),
    (570, 840, 2410),
    (440, 1020, 2240),
    (300, 870, 2240),
    (640, 1190, 2390),
)
"""First three formants of English vowels."""
_BANDWIDTHS_HZ = (70, 110, 170)
_PITCHES_HZ = (85.0, 240.0)
"""Range of speaking pitches."""
_SYLLABLE_S, _PAUSE_S = (0.12, 0.28), (0.15, 0.9)
_SYLLABLES = (3, 14)
"""How many a phrase has, from pause to pause."""
_CONSONANT_SHARE, _CONSONANT_S = 0.7, (0.03, 0.11)
_CONSONANTS_HZ = (1800.0, 6500.0)
_VOICES, _TURNS = 2, 6
"""Speakers of a murmur, and how often each is laid over itself."""
_CLAP_KINDS, _CLAPS_PER_S = 4, (40.0, 250.0)
_CLAP_HZ, _CLAP_S = (700.0, 2600.0), 0.03
_HUM_SHARE, _AUDIENCE_SHARE = 0.4, 0.25
_HUM_DB, _AUDIENCE_DB = (-12.0, 6.0), (-6.0, 6.0)
"""Level of each relative to the hiss."""
_MAINS_HZ = (50.0, 60.0)
_HUM_HARMONICS = 9


def talk(rng: Random, frames: int) -> Audio:
    """Return one person speaking nonsense, in phrases with pauses between.

    Args:
        rng: Source of all settings.
        frames: Length of the result, 50 ms or more.

    Returns:
        ``(frames,)`` with an RMS of 1.
    """
    draw = np.random.default_rng(rng.randrange(1 << 30))
    voiced, noise = np.zeros(frames, np.float32), np.zeros(frames, np.float32)
    pitch_hz, size = _log_uniform(rng, *_PITCHES_HZ), rng.uniform(0.85, 1.2)
    pitches = np.full(frames, pitch_hz)
    vowels: list[tuple[int, tuple[float, ...]]] = []
    at, left = 0, 0
    while at < frames:
        if not left:
            left = rng.randint(*_SYLLABLES)
            at += _frames(rng.uniform(*_PAUSE_S)) if vowels else 0
        length = min(_frames(rng.uniform(*_SYLLABLE_S)), frames - at)
        if length <= 0:
            break
        here = slice(at, at + length)
        consonant = 0
        if rng.random() < _CONSONANT_SHARE:
            consonant = min(_frames(rng.uniform(*_CONSONANT_S)), length // 2)
            burst = draw.standard_normal(consonant, dtype=np.float32) * np.hanning(consonant)
            centre_hz = _log_uniform(rng, *_CONSONANTS_HZ)
            section = _resonator(centre_hz, 0.4 * centre_hz)
            noise[at : at + consonant] = 0.4 * sosfilt(section, burst)
        loudness = rng.uniform(0.5, 1.0)
        voiced[at + consonant : at + length] = loudness * _swell(length - consonant)
        pitches[here] *= 2 ** (rng.gauss(0, 0.12) + 0.015 * left)
        vowels.append((at, tuple(size * hz for hz in rng.choice(_VOWELS_HZ))))
        at, left = at + length, left - 1
    turns = np.cumsum(pitches / SAMPLE_RATE) % 1.0
    source = (voiced * (2 * turns - 1)).astype(np.float32)
    return _even(_spoken(source, vowels) + noise)


def _spoken(source: Audio, vowels: list[tuple[int, tuple[float, ...]]]) -> Audio:
    """Return a voice's source filtered by a sequence of vowels."""
    out = np.empty_like(source)
    memory = np.zeros((3, 2))
    starts = [at for at, _ in vowels[1:]]
    begin = 0
    for end, (_, formants_hz) in zip([*starts, len(source)], vowels, strict=True):
        sections = np.concatenate(
            [
                _resonator(hz, width)
                for hz, width in zip(formants_hz, _BANDWIDTHS_HZ, strict=True)
            ]
        )
        out[begin:end], memory = sosfilt(sections, source[begin:end], zi=memory)
        begin = end
    return out


def murmur(rng: Random, frames: int) -> Audio:
    """Return many people speaking at a distance, ``(frames,)`` with an RMS of 1."""
    crowd = np.zeros(frames, np.float32)
    for _ in range(_VOICES):
        voice = talk(rng, frames)
        for _ in range(_TURNS):
            crowd += rng.uniform(0.3, 1.0) * np.roll(voice, rng.randrange(frames))
    far = sosfilt(_resonator(rng.uniform(300, 700), 1200.0), crowd)
    return _even(far.astype(np.float32))


def applause(rng: Random, frames: int) -> Audio:
    """Return clapping that swells within a second and dies away, ``(frames,)``, RMS 1."""
    draw = np.random.default_rng(rng.randrange(1 << 30))
    time = np.linspace(0, frames / SAMPLE_RATE, frames, endpoint=False)
    length_s = frames / SAMPLE_RATE
    fall = np.clip((length_s - time) / (0.5 * length_s), 0, 1)
    density = _log_uniform(rng, *_CLAPS_PER_S) * np.clip(time / 0.8, 0, 1) * fall
    out = np.zeros(frames, np.float32)
    for _ in range(_CLAP_KINDS):
        struck = draw.random(frames, np.float32) < density / SAMPLE_RATE / _CLAP_KINDS
        strokes = struck * draw.uniform(0.2, 1.0, frames)
        hz = _log_uniform(rng, *_CLAP_HZ)
        clap = _dying_noise(draw, _CLAP_S)
        out += oaconvolve(strokes, sosfilt(_resonator(hz, 0.5 * hz), clap))[:frames]
    return _even(out)


SOUNDS: dict[str, Callable[[Random, int], Audio]] = {
    "talk": talk,
    "murmur": murmur,
    "applause": applause,
}
"""What may be heard between songs, by name."""


def background(rng: Random, frames: int) -> Audio:
    """Return the noise of a stage: hiss, often mains hum, often an audience.

    Args:
        rng: Source of all settings.
        frames: Length of the result, 50 ms or more.

    Returns:
        ``(frames,)`` with an RMS of 1, steady throughout.
    """
    draw = np.random.default_rng(rng.randrange(1 << 30))
    hiss = draw.standard_normal(frames, dtype=np.float32)
    pole = rng.uniform(0.0, 0.98)
    section = np.array([[1 - pole, 0, 0, 1, -pole, 0]])
    out = _even(sosfilt(section, hiss).astype(np.float32))
    if rng.random() < _HUM_SHARE:
        out += _gain(rng, _HUM_DB) * _hum(rng, frames)
    if rng.random() < _AUDIENCE_SHARE:
        out += _gain(rng, _AUDIENCE_DB) * murmur(rng, frames)
    return _even(out)


def _hum(rng: Random, frames: int) -> Audio:
    """Return mains hum, ``(frames,)`` with an RMS of 1."""
    mains_hz = rng.choice(_MAINS_HZ)
    period = np.arange(round(SAMPLE_RATE / mains_hz)) * (mains_hz / SAMPLE_RATE)
    cycle = np.zeros(len(period))
    for harmonic in range(1, _HUM_HARMONICS + 1):
        turn = 2 * math.pi * (harmonic * period + rng.random())
        cycle += rng.random() / harmonic * np.sin(turn)
    return _even(np.resize(cycle.astype(np.float32), frames))


def count_strokes(rng: Random, beats: int) -> list[Audio]:
    """Return the sounds that count a bar in: sticks, metronome clicks, or a voice.

    Args:
        rng: Source of all settings.
        beats: How many.

    Returns:
        One sound for each beat, with a peak of at most 1, from its attack on.
    """
    kind = rng.choice(("sticks", "click", "voice"))
    if kind == "voice":
        speaker = rng.randrange(1 << 30)
        spoken = [_syllable(Random(speaker), Random(speaker + beat)) for beat in range(beats)]
        return spoken
    draw = np.random.default_rng(rng.randrange(1 << 30))
    if kind == "click":
        hz, length_s = rng.uniform(700, 1600), rng.uniform(0.02, 0.06)
        return [_beep(hz * (1.5 if beat == 0 else 1.0), length_s) for beat in range(beats)]
    hz, ring_s = rng.uniform(1200, 3500), rng.uniform(0.03, 0.08)
    modes = [(ratio * hz, 0.05 * ratio * hz) for ratio in (1.0, 1.58, 2.24)]
    return [
        _peaking(
            sum(
                (
                    sosfilt(_resonator(centre, width), _dying_noise(draw, ring_s))
                    for centre, width in modes
                ),
                np.zeros(1),
            )
        )
        for _ in range(beats)
    ]


def _syllable(speaker: Random, choice: Random) -> Audio:
    """Return one spoken syllable."""
    frames = _frames(choice.uniform(0.15, 0.25))
    turns = np.arange(frames) * (_log_uniform(speaker, *_PITCHES_HZ) / SAMPLE_RATE) % 1.0
    source = (_swell(frames) * (2 * turns - 1)).astype(np.float32)
    size = speaker.uniform(0.85, 1.2)
    formants_hz = tuple(size * hz for hz in choice.choice(_VOWELS_HZ))
    return _peaking(_spoken(source, [(0, formants_hz)]))


def _beep(hz: float, length_s: float) -> Audio:
    time = np.arange(_frames(length_s)) / SAMPLE_RATE
    return _peaking(np.sin(2 * math.pi * hz * time) * np.exp(-4 * time / length_s))


def _dying_noise(draw: np.random.Generator, length_s: float) -> NDArray[np.float64]:
    frames = _frames(length_s)
    dying: NDArray[np.float64] = draw.standard_normal(frames) * np.exp(
        -np.arange(frames) * 7.0 / frames
    )
    return dying


def _resonator(hz: float, width_hz: float) -> NDArray[np.float64]:
    """Return a resonance of a gain of 1 at 0 Hz as a second-order section, ``(1, 6)``."""
    radius = math.exp(-math.pi * width_hz / SAMPLE_RATE)
    first = -2 * radius * math.cos(2 * math.pi * hz / SAMPLE_RATE)
    second = radius**2
    return np.array([[1 + first + second, 0, 0, 1, first, second]])


def _swell(frames: int) -> NDArray[np.float64]:
    """Return the envelope of a syllable: a rise, a plateau, a fall."""
    place = np.linspace(0, 1, frames)
    swell: NDArray[np.float64] = np.clip(place / 0.2, 0, 1) * np.clip((1 - place) / 0.4, 0, 1)
    return swell


def _even(audio: NDArray[np.floating]) -> Audio:
    """Return a sound scaled to an RMS of 1; silence stays silent."""
    rms = math.sqrt(float(np.mean(np.square(audio, dtype=np.float64)))) if len(audio) else 0.0
    even: Audio = (audio / (rms or 1.0)).astype(np.float32)
    return even


def _peaking(audio: NDArray[np.floating]) -> Audio:
    peaking: Audio = (audio / (np.abs(audio).max(initial=0.0) or 1.0)).astype(np.float32)
    return peaking


def _gain(rng: Random, range_db: tuple[float, float]) -> np.float32:
    return np.float32(10 ** (rng.uniform(*range_db) / 20))


def _log_uniform(rng: Random, low: float, high: float) -> float:
    return low * math.exp(math.log(high / low) * rng.random())


def _frames(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)
