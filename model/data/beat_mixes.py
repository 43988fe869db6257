"""Training data of the beat tracker: mixes of rendered songs with their beats.

Every sequence is drawn anew: stems, levels, speed, and degradation of the mix. Nothing is kept
on disk: 16 s of features cost 0.12 s of one core, so a cache would not pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from model.array_types import Audio
from model.beat_tracker.gain import BLOCK, AutomaticGain
from model.beat_tracker.spectrum import LOOK_AHEAD, SAMPLE_RATE, STEP, LogSpectrum
from model.beat_tracker.tracker import FASTEST_BPM, SLOWEST_BPM
from model.data.beat_targets import beat_targets, frames_between_beats
from model.data.index import Song
from model.data.mix_degradation import degraded
from model.errors import DataError

__all__ = ["BeatSequence", "draw_sequence", "draw_stems", "songs_with_beats"]

WITHOUT_DRUMS_SHARE = 0.5
"""Share of the sequences, of songs that have drums and more, that lack them."""
ALONE_SHARE, SOME_SHARE = 0.2, 0.4
"""Shares of the sequences in which one stem sounds, and some of them; in the rest all do."""
GAIN_DB = 6.0
"""Most that a stem is made louder or softer."""
SPEEDS = ((1, 1), (1, 1), (15, 16), (16, 15), (11, 12), (12, 11))
"""Lengths that a sequence is resampled to, as ratios: tempo and pitch change together, up to a
semitone and a half, and the beats stay exact."""
_TRIES = 8
_LEAST_RMS = 1e-3


@dataclass(frozen=True, slots=True)
class BeatSequence:
    """Features of a mix from a cold start, and the targets of each frame."""

    features: NDArray[np.float32]
    """``(frames, FEATURES)``."""
    targets: NDArray[np.float32]
    """Probabilities of beat, downbeat and neither, ``(frames, 3)``."""
    counts: NDArray[np.bool_]
    """Frames that count, ``(frames,)``: there is sound, and the beats are known."""
    beats_s: NDArray[np.float64]
    """Times of the beats from its start, some of them before it or after its end."""


def songs_with_beats(songs: Sequence[Song]) -> list[Song]:
    """Return the songs with known beats, in a tempo range that the tracker can follow.

    Raises:
        DataError: There is none.
    """
    known = [song for song in songs if _is_followed(song)]
    if not known:
        raise DataError(
            f"none of {len(songs)} songs has beats_s and downbeats_s in song.json and a tempo "
            f"of {SLOWEST_BPM:g} to {FASTEST_BPM:g} bpm; render some: liveband data render"
        )
    return known


def _is_followed(song: Song) -> bool:
    beats_s, downbeats_s = song.beats_s, song.downbeats_s
    if beats_s is None or downbeats_s is None or min(len(beats_s), len(downbeats_s)) < 2:
        return False
    return SLOWEST_BPM <= _tempo_bpm(beats_s) <= FASTEST_BPM


def _tempo_bpm(beats_s: NDArray[np.float64]) -> float:
    return float(60 / np.median(np.diff(beats_s)))


def draw_stems(rng: Random, stems: Sequence[str]) -> list[str]:
    """Return the stems that sound in a sequence, at least one.

    Args:
        rng: Source of all choices.
        stems: Classes of the song's stems, at least one.
    """
    drums = [name for name in stems if name == "drums"]
    others = [name for name in stems if name != "drums"]
    if drums and others and rng.random() < WITHOUT_DRUMS_SHARE:
        drums = []
    draw = rng.random()
    if draw < ALONE_SHARE:
        return [rng.choice(drums + others)]
    if draw < ALONE_SHARE + SOME_SHARE:
        others = rng.sample(others, rng.randint(0 if drums else 1, len(others)))
    return drums + others


def draw_sequence(rng: Random, song: Song, frames: int) -> BeatSequence:
    """Return a stretch of a song, as heard by a tracker that has just been started.

    Args:
        rng: Source of all choices.
        song: Of :func:`songs_with_beats`.
        frames: Length, in frames of the spectrum.
    """
    beats_s, downbeats_s = song.beats_s, song.downbeats_s
    assert beats_s is not None
    assert downbeats_s is not None
    up, down = _draw_speed(rng, _tempo_bpm(beats_s))
    length = -(-((frames - 1) * STEP + LOOK_AHEAD) // BLOCK) * BLOCK
    mix, start = _draw_mix(rng, song, length * down // up + 1)
    if up != down:
        mix = resample_poly(mix, up, down).astype(np.float32)
    even = AutomaticGain()
    sound, silent = even.step(degraded(rng, mix[:length]), even.init_state())
    spectrum = LogSpectrum()
    features = spectrum.step(sound, spectrum.init_state())[:frames]
    heard = ~np.array(silent)[:: STEP // BLOCK][:frames]
    start_s, longer = start / SAMPLE_RATE, up / down
    beats_s, downbeats_s = (beats_s - start_s) * longer, (downbeats_s - start_s) * longer
    return BeatSequence(
        features,
        beat_targets(beats_s, downbeats_s, frames),
        heard & frames_between_beats(beats_s, frames),
        beats_s,
    )


def _draw_speed(rng: Random, tempo_bpm: float) -> tuple[int, int]:
    up, down = rng.choice(SPEEDS)
    return (up, down) if SLOWEST_BPM <= tempo_bpm * down / up <= FASTEST_BPM else (1, 1)


def _draw_mix(rng: Random, song: Song, length: int) -> tuple[Audio, int]:
    """Return some stems of a stretch that is not silent, and the frame it begins at."""
    for _ in range(_TRIES):
        start = rng.randrange(max(1, song.frames - length))
        mix = np.zeros(length, np.float32)
        for name in draw_stems(rng, song.stems):
            gain = 10 ** (rng.uniform(-GAIN_DB, GAIN_DB) / 20)
            mix += np.float32(gain) * song.read(name, start, length)
        if float(np.sqrt(np.mean(mix**2))) > _LEAST_RMS:
            break
    return mix, start
