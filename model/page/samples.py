"""Samples of the page: an excerpt, what each system plays to it, and how that scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.checkpoint import AnyCheckpoint, BaselineCheckpoint, load_any
from model.evaluation.annotations import annotations_of
from model.evaluation.beats import beat_f
from model.evaluation.excerpts import Excerpt, load_mix, load_stem
from model.evaluation.features import hear
from model.evaluation.harmony import chroma_cosine
from model.evaluation.rhythm import rhythm_correlation
from model.evaluation.scorer import UNPITCHED
from model.evaluation.systems import perform, phases_told, request
from model.folder import BIDIRECTIONAL
from model.page.cast import Part
from model.page.picture import spectrogram, write_png
from model.page.sound import levelled, side_by_side, write_sound
from model.players import play_together

__all__ = ["WHOLE_S", "Sample", "Track", "Voice", "make_sample"]

Audio = NDArray[np.float32]

WHOLE_S = 10.0
"""Seconds that a bidirectional system plays: it hears no more at once."""


@dataclass(frozen=True, slots=True)
class Track:
    """One sound and its picture, as paths below the page."""

    sound: str
    picture: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Voice:
    """One system in a sample, the truth, or the input."""

    label: str
    tracks: tuple[tuple[str, Track], ...]
    """What can be heard of it, by what it is called."""
    scores: tuple[tuple[str, float], ...] = ()
    """Names and values, those that have a meaning."""
    chief: bool = False
    """Whether it is a system of ours."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One excerpt with everything that is heard of it."""

    name: str
    song: str
    stem: str
    genre: str
    voices: tuple[Voice, ...]


def make_sample(
    name: str, excerpt: Excerpt, parts: Sequence[Part], out: Path, rate: int, *, truth: bool
) -> Sample:
    """Play and write one sample.

    Args:
        name: Begins its files' names.
        excerpt: What to play to.
        parts: Who plays.
        out: Folder of the page; ``audio`` and ``pictures`` are there.
        rate: Frames per second.
        truth: Whether the true stem is heard too.

    Raises:
        CheckpointError: A checkpoint cannot be read.
    """
    mix, stem = load_mix(excerpt), load_stem(excerpt)
    writer = _Writer(out, name, rate)
    voices = [Voice("Input mix", (("mix", writer.write("input", mix)),))]
    if truth:
        tracks = writer.pair("truth", mix, stem)
        voices.append(Voice("Ground truth", tracks, _scores(mix, stem, excerpt, rate)))
    performances = zip(parts, _played(parts, mix, excerpt, rate), strict=True)
    for number, (part, played) in enumerate(performances):
        heard = mix[: len(played)]
        tracks = writer.pair(f"system{number}", heard, played)
        scores = _scores(heard, played, excerpt, rate)
        voices.append(Voice(part.label, tracks, scores, chief=True))
    song = excerpt.song
    return Sample(name, song.path.name, excerpt.stem_class, song.genre or "", tuple(voices))


def _played(parts: Sequence[Part], mix: Audio, excerpt: Excerpt, rate: int) -> Iterator[Audio]:
    """Yield what each system plays; the baseline's of one checkpoint play together.

    Who plays live is told the beat by the beat tracker, as on stage.
    """
    together: dict[Part, Audio] = {}
    for part in parts:
        checkpoint = _checkpoint(part.where)
        if isinstance(checkpoint, BaselineCheckpoint):
            if part not in together:
                band = [each for each in parts if each.where == part.where]
                asked = [
                    (0, request(checkpoint, excerpt.stem_class, seed=1, anticipation=each.hops))
                    for each in band
                ]
                told = [phases_told(checkpoint, mix, each.hops) for each in band]
                stems = play_together(checkpoint, [mix], asked, told)
                together |= zip(band, stems, strict=True)
            yield together[part]
        else:
            whole = part.kind == BIDIRECTIONAL
            heard = mix[: round(WHOLE_S * rate)] if whole else mix
            yield perform(checkpoint, heard, excerpt.stem_class, part.hops)


@dataclass(frozen=True, slots=True)
class _Writer:
    out: Path
    name: str
    rate: int

    def pair(self, voice: str, mix: Audio, stem: Audio) -> tuple[tuple[str, Track], ...]:
        """Write a stem alone, and beside its mix: input left, stem right."""
        together = side_by_side(levelled(mix), levelled(stem))
        return (
            ("stem", self.write(f"{voice}-stem", stem)),
            ("with the mix", self.write(f"{voice}-mix", together)),
        )

    def write(self, track: str, audio: Audio) -> Track:
        mono = audio if audio.ndim == 1 else audio.mean(1)
        audio = levelled(audio) if audio.ndim == 1 else audio
        sound, picture = f"audio/{self.name}-{track}.ogg", f"pictures/{self.name}-{track}.png"
        write_sound(self.out / sound, audio, self.rate)
        write_png(self.out / picture, spectrogram(mono, self.rate))
        return Track(sound, picture, len(audio) / self.rate)


def _scores(
    mix: Audio, stem: Audio, excerpt: Excerpt, rate: int
) -> tuple[tuple[str, float], ...]:
    """Return what is shown beside a sample; see :mod:`model.evaluation`."""
    heard_mix, heard = hear(mix, rate), hear(stem, rate)
    beats_s = annotations_of(excerpt.song).beats_within(excerpt.start / rate, len(stem) / rate)
    scores: dict[str, float | None] = {
        "rhythm": rhythm_correlation(heard_mix, heard),
        "beat F": beat_f(heard, beats_s),
    }
    if excerpt.stem_class not in UNPITCHED:
        scores["chroma"] = chroma_cosine(heard_mix, heard)
    return tuple((name, value) for name, value in scores.items() if value is not None)


@cache
def _checkpoint(where: Path) -> AnyCheckpoint:
    return load_any(where)
