"""Samples of the page: excerpts, the stems that systems play to them, and scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.accompanists.players import play_together
from model.array_types import Audio
from model.evaluation.annotations import annotations_of
from model.evaluation.beats import beat_f
from model.evaluation.excerpts import Excerpt, load_mix, load_stem
from model.evaluation.features import normalised
from model.evaluation.harmony import chroma_cosine
from model.evaluation.rhythm import rhythm_correlation
from model.evaluation.scorer import UNPITCHED
from model.evaluation.scoring import loaded
from model.evaluation.systems import perform, player_phases, request
from model.formats.checkpoint_folder import BIDIRECTIONAL
from model.networks.baseline.network import Baseline
from model.networks.bidirectional import WINDOW_S
from model.page.page_systems import PageSystem
from model.page.picture import spectrogram, write_png
from model.page.sound import levelled, side_by_side, write_sound

__all__ = ["Sample", "SampleSound", "SoundFiles", "make_sample"]


@dataclass(frozen=True, slots=True)
class SoundFiles:
    """A sound and its spectrogram, as paths below the page."""

    sound: str
    picture: str
    seconds: float


@dataclass(frozen=True, slots=True)
class SampleSound:
    """Sound of one system in a sample, of the truth, or of the input."""

    label: str
    files: tuple[tuple[str, SoundFiles], ...]
    """Sound files by label."""
    scores: tuple[tuple[str, float], ...] = ()
    """Names and values of defined scores."""
    is_system: bool = False
    """Whether a system plays it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One excerpt with all its sounds."""

    name: str
    song: str
    stem: str
    genre: str
    sounds: tuple[SampleSound, ...]


def make_sample(
    name: str,
    excerpt: Excerpt,
    parts: Sequence[PageSystem],
    out: Path,
    rate: int,
    *,
    truth: bool,
) -> Sample:
    """Play and write one sample.

    Args:
        name: Prefix of its files' names.
        excerpt: To play to.
        parts: Systems that play.
        out: Folder of the page; ``audio`` and ``pictures`` are there.
        rate: Frames per second.
        truth: Whether the true stem is heard too.

    Raises:
        CheckpointError: A checkpoint cannot be read.
    """
    mix, stem = load_mix(excerpt), load_stem(excerpt)
    writer = _SampleWriter(out, name, rate)
    sounds = [SampleSound("Input mix", (("mix", writer.write("input", mix)),))]
    if truth:
        tracks = writer.pair("truth", mix, stem)
        sounds.append(SampleSound("Ground truth", tracks, _scores(mix, stem, excerpt, rate)))
    performances = zip(parts, _played(parts, mix, excerpt, rate), strict=True)
    for number, (part, played) in enumerate(performances):
        heard = mix[: len(played)]
        tracks = writer.pair(f"system{number}", heard, played)
        scores = _scores(heard, played, excerpt, rate)
        sounds.append(SampleSound(part.label, tracks, scores, is_system=True))
    song = excerpt.song
    return Sample(name, song.path.name, excerpt.stem_class, song.genre or "", tuple(sounds))


def _played(
    parts: Sequence[PageSystem], mix: Audio, excerpt: Excerpt, rate: int
) -> Iterator[Audio]:
    """Yield what each system plays; all of a baseline checkpoint play in one batch.

    Live systems get the beat from the beat tracker, as in a live run.
    """
    together: dict[PageSystem, Audio] = {}
    for part in parts:
        checkpoint = loaded(str(part.where))
        if isinstance(checkpoint.generator, Baseline):
            if part not in together:
                band = [each for each in parts if each.where == part.where]
                asked = [
                    (0, request(checkpoint, excerpt.stem_class, seed=1, anticipation=each.hops))
                    for each in band
                ]
                told = [player_phases(checkpoint, mix, each.hops) for each in band]
                stems = play_together(checkpoint, [mix], asked, told)
                together |= zip(band, stems, strict=True)
            yield together[part]
        else:
            whole = part.kind == BIDIRECTIONAL
            heard = mix[: round(WINDOW_S * rate)] if whole else mix
            yield perform(checkpoint, heard, excerpt.stem_class, part.hops)


@dataclass(frozen=True, slots=True)
class _SampleWriter:
    out: Path
    name: str
    rate: int

    def pair(self, voice: str, mix: Audio, stem: Audio) -> tuple[tuple[str, SoundFiles], ...]:
        """Write a stem alone, and together with its mix: input left, stem right."""
        together = side_by_side(levelled(mix), levelled(stem))
        return (
            ("stem", self.write(f"{voice}-stem", stem)),
            ("with the mix", self.write(f"{voice}-mix", together)),
        )

    def write(self, track: str, audio: Audio) -> SoundFiles:
        mono = audio if audio.ndim == 1 else audio.mean(1)
        audio = levelled(audio) if audio.ndim == 1 else audio
        sound, picture = f"audio/{self.name}-{track}.ogg", f"pictures/{self.name}-{track}.png"
        write_sound(self.out / sound, audio, self.rate)
        write_png(self.out / picture, spectrogram(mono, self.rate))
        return SoundFiles(sound, picture, len(audio) / self.rate)


def _scores(
    mix: Audio, stem: Audio, excerpt: Excerpt, rate: int
) -> tuple[tuple[str, float], ...]:
    """Return the scores shown beside a sample; see :mod:`model.evaluation`."""
    heard_mix, heard = normalised(mix, rate), normalised(stem, rate)
    beats_s = annotations_of(excerpt.song).beats_within(excerpt.start / rate, len(stem) / rate)
    scores: dict[str, float | None] = {
        "rhythm": rhythm_correlation(heard_mix, heard),
        "beat F": beat_f(heard, beats_s),
    }
    if excerpt.stem_class not in UNPITCHED:
        scores["chroma"] = chroma_cosine(heard_mix, heard)
    return tuple((name, value) for name, value in scores.items() if value is not None)
