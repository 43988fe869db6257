"""Choice of excerpts: stretches of songs in which stem and mix both sound."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.array_types import Audio
from model.data.index import Song
from model.errors import DataError

__all__ = [
    "Excerpt",
    "ExcerptScore",
    "choose_excerpts",
    "load_mix",
    "load_stem",
    "seeds_of",
]


SLICE_S = 0.1
"""Length of the slices that sound or do not."""
SOUNDING_DB = -60.0
"""RMS level, relative to full scale, above which a slice sounds."""
LEAST_SHARE = 0.5
"""Least share of sounding slices of an excerpt, of its stem and of its mix."""
STEP_S = 0.5
"""Distance of the places that are tried."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a held-out song, and the stem to be played to its mix."""

    song: Song
    stem_class: str
    start: int
    """First frame, in the song."""
    frames: int
    stranger: Excerpt | None = None
    """As much of another song that has the class too; None if there is none."""


@dataclass(frozen=True, slots=True)
class ExcerptScore:
    """What one system got on one excerpt; subclasses hold the figures."""

    system: str
    song: str
    stem_class: str
    """Class of the excerpt."""


def seeds_of(excerpt: Excerpt, takes: int) -> list[int]:
    """Return the seeds of the takes of an excerpt, different for every excerpt.

    Were they the same for all, then what is peculiar to a seed would be in every song, and no
    interval by song would know.
    """
    facts = (excerpt.song.path.name, excerpt.stem_class, excerpt.start)
    digest = hashlib.sha256(repr(facts).encode()).digest()
    drawn = np.random.default_rng(list(digest)).integers(2**31, size=takes)
    return [int(seed) for seed in drawn]


def load_stem(excerpt: Excerpt) -> Audio:
    """Return the true stem, ``(frames,)``."""
    return excerpt.song.read(excerpt.stem_class, excerpt.start, excerpt.frames)


def load_mix(excerpt: Excerpt) -> Audio:
    """Return the sum of all other stems, ``(frames,)``."""
    mix = np.zeros(excerpt.frames, np.float32)
    for name in excerpt.song.stems:
        if name != excerpt.stem_class:
            mix += excerpt.song.read(name, excerpt.start, excerpt.frames)
    return mix


def choose_excerpts(
    songs: Sequence[Song],
    classes: Sequence[str],
    *,
    sample_rate: int,
    frames: int,
    per_song: int,
) -> list[Excerpt]:
    """Return stretches in which stem and mix each sound at least half of the time.

    A tenth of a second sounds above -60 dB full scale. Starts lie anywhere, not on bars;
    they follow from the song's name and the class. Every excerpt knows a stranger of the
    same class and another song, no two the same where there are enough.

    Args:
        songs: Held-out songs.
        classes: Stem classes to play.
        sample_rate: Frames per second.
        frames: Length of an excerpt; shorter songs are left out.
        per_song: Excerpts of a class from one song, at most; they do not overlap.

    Raises:
        DataError: No song has such a stretch.
    """
    found: dict[str, list[Excerpt]] = {name: [] for name in classes}
    for song in songs:
        for name in classes:
            if name in song.stems and len(song.stems) > 1:
                starts = _starts(song, name, sample_rate, frames)
                found[name] += [
                    Excerpt(song, name, start, frames)
                    for start in _spread(starts, frames, per_song, f"{song.path.name} {name}")
                ]
    excerpts = [each for group in found.values() for each in _assign_strangers(group)]
    if not excerpts:
        raise DataError(
            f"none of {len(songs)} songs has {frames / sample_rate:g} s in which one of "
            f"{', '.join(classes)} and its mix sound half of the time; ask for fewer --seconds "
            "or more --songs"
        )
    return excerpts


def _starts(song: Song, name: str, sample_rate: int, frames: int) -> list[int]:
    whole = song.frames
    if whole < frames:
        return []
    everything = Excerpt(song, name, 0, whole)
    size = round(SLICE_S * sample_rate)
    stem = _sounding(load_stem(everything), size)
    mix = _sounding(load_mix(everything), size)
    offset = Random(song.path.name).randrange(size)
    starts = []
    for start in range(offset, max(offset, whole - frames) + 1, round(STEP_S * sample_rate)):
        if start + frames <= whole:
            span = slice(start // size, max(start // size + 1, (start + frames) // size))
            if min(stem[span].mean(), mix[span].mean()) >= LEAST_SHARE:
                starts.append(start)
    return starts


def _sounding(audio: Audio, size: int) -> NDArray[np.bool_]:
    slices = audio[: len(audio) // size * size].reshape(-1, size)
    sounding: NDArray[np.bool_] = np.square(slices).mean(1) > 10 ** (SOUNDING_DB / 10)
    return sounding


def _spread(starts: list[int], frames: int, count: int, name: str) -> list[int]:
    """Return up to ``count`` starts at least ``frames`` apart, ascending."""
    rng = Random(name)
    if count == 1 or len(starts) < 2:
        return [rng.choice(starts)] if starts else []
    packed = starts[:1]
    for start in starts:
        if start - packed[-1] >= frames:
            packed.append(start)
    return sorted(rng.sample(packed, min(count, len(packed))))


def _assign_strangers(group: list[Excerpt]) -> list[Excerpt]:
    """Give every excerpt a stranger of its class, from half the group away or further."""
    acquainted = []
    for number, excerpt in enumerate(group):
        turn = number + max(1, len(group) // 2)
        others = [group[(turn + step) % len(group)] for step in range(len(group))]
        stranger = next((o for o in others if o.song.path != excerpt.song.path), None)
        acquainted.append(
            Excerpt(excerpt.song, excerpt.stem_class, excerpt.start, excerpt.frames, stranger)
        )
    return acquainted
