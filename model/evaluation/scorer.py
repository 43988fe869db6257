"""Scorers of stems that were played to an excerpt or for a long time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from model.array_types import Audio, Float64Array
from model.evaluation.activity import onset_rate, silent_share
from model.evaluation.annotations import Annotations, annotations_of
from model.evaluation.beats import beat_f
from model.evaluation.drift import LoopedSong, in_bins
from model.evaluation.embedding import embed
from model.evaluation.excerpts import Excerpt, ExcerptScore, load_mix, load_stem
from model.evaluation.features import LISTENING_RATE, level_db, normalised
from model.evaluation.grid import grid_phase
from model.evaluation.halves import halves
from model.evaluation.harmony import chord_tone_ratio, chroma_cosine
from model.evaluation.neighbours import log_mel_distance, patches
from model.evaluation.rhythm import rhythm_correlation
from model.networks.losses import log_mel_distance as true_distance

__all__ = [
    "UNPITCHED",
    "ExcerptScorer",
    "LongScore",
    "LongScorer",
    "ReferenceStem",
    "StemScore",
]


UNPITCHED = ("drums",)
"""Stem classes that no figure of harmony is told of."""
FAINT_DB = -40.0
"""Level relative to the true stem below which a stem counts as not played."""
ASKED_EVERY_S = 1.0
"""Distance of the patches that are looked for among those of the training songs."""


@dataclass(frozen=True, slots=True)
class StemScore(ExcerptScore):
    """One system's figures on one excerpt."""

    figures: dict[str, float | None]
    windows: Float64Array | None = field(default=None, repr=False)
    """Embeddings, ``(windows, 128)``."""
    patches: NDArray[np.float32] | None = field(default=None, repr=False)
    """Log-mel patches, ``(patches, 400)``."""
    start: int = 0
    """First frame of the excerpt, in the song."""


@dataclass(frozen=True, slots=True)
class LongScore(ExcerptScore):
    """One system's figures in bins of ten seconds of a long performance."""

    rhythm: list[float]
    chroma: list[float] | None


@dataclass(frozen=True, slots=True)
class ReferenceStem:
    """A true stem of another split, to compare with."""

    stem_class: str
    windows: Float64Array | None
    patches: NDArray[np.float32] | None


class ExcerptScorer:
    """Scores stems that are played to one excerpt.

    Args:
        excerpt: That is played to.
        rate: Frames per second.
    """

    def __init__(self, excerpt: Excerpt, rate: int) -> None:
        self.excerpt, self.rate = excerpt, rate
        self.annotations: Annotations = annotations_of(excerpt.song)
        self.mix, self.truth = load_mix(excerpt), load_stem(excerpt)
        self._heard_mix = normalised(self.mix, rate)

    def normalised(self, stem: Audio) -> Float64Array:
        """Return a stem as scores use it; see `features.normalised`."""
        return normalised(stem, self.rate)

    def score(self, system: str, stem: Audio, *, described: bool) -> StemScore:
        """Return the figures of a stem.

        Args:
            system: Its name.
            stem: ``(frames,)``.
            described: Whether to add embeddings and patches.

        Raises:
            CheckpointError: The embedding's weights cannot be read.
        """
        heard = self.normalised(stem)
        faint = level_db(stem) < level_db(self.truth) + FAINT_DB
        figures = self._adherence(heard, faint=faint)
        figures |= {
            "log_mel": true_distance(
                torch.from_numpy(stem)[None], torch.from_numpy(self.truth)[None], self.rate
            ),
            "level_db": level_db(stem),
            "silent": silent_share(stem, self.rate),
            "onsets": onset_rate(heard, len(stem) / self.rate),
            "faint": float(faint),
        }
        return StemScore(
            system,
            self.excerpt.song.path.name,
            self.excerpt.stem_class,
            figures,
            embed(heard) if described else None,
            patches(heard, every_s=ASKED_EVERY_S) if described and not faint else None,
            self.excerpt.start,
        )

    def difference(self, one: Audio, other: Audio) -> float:
        """Return the log-mel distance of two takes."""
        return log_mel_distance(self.normalised(one), self.normalised(other))

    def _adherence(self, stem: Float64Array, *, faint: bool) -> dict[str, float | None]:
        """Return the figures that depend on the mix; a faint stem counts as silent."""
        excerpt, mix = self.excerpt, self._heard_mix
        start_s, seconds = excerpt.start / self.rate, excerpt.frames / self.rate
        beats_s = self.annotations.beats_within(start_s, seconds)
        pitched = excerpt.stem_class not in UNPITCHED
        grid = None if faint else grid_phase(stem, beats_s)
        none = 0.0 if faint else None
        if faint:
            stem = np.zeros_like(stem)
        return {
            **halves(mix, stem, pitched=pitched),
            "rhythm": rhythm_correlation(mix, stem),
            "chroma": chroma_cosine(mix, stem) if pitched else None,
            "beat_f": beat_f(stem, beats_s),
            "beat_phase": grid.beat if grid else none,
            "eighth_phase": grid.eighth if grid else none,
            "offset_ms": grid.offset_ms if grid else None,
            "chord_ratio": chord_tone_ratio(stem, self.annotations.chords, start_s=start_s)
            if pitched
            else None,
        }


class LongScorer:
    """Scores long performances to a song that is repeated at its bar lines.

    Args:
        excerpt: Names the song and the stem class; its stretch does not matter.
        rate: Frames per second.
        frames: Length of the performance.
    """

    def __init__(self, excerpt: Excerpt, rate: int, frames: int) -> None:
        whole = Excerpt(excerpt.song, excerpt.stem_class, 0, excerpt.song.frames)
        self.excerpt, self.rate = excerpt, rate
        self.loop = LoopedSong(annotations_of(excerpt.song), whole.frames, rate)
        self.mix = self.loop.repeat(load_mix(whole), frames)
        self._whole = whole
        self._heard_mix = normalised(self.mix, rate)

    @property
    def truth(self) -> Audio:
        """The true stem, repeated in the same way."""
        return self.loop.repeat(load_stem(self._whole), len(self.mix))

    def score(self, system: str, stem: Audio) -> LongScore:
        """Return the figures of a stem, ``(frames,)``, in bins."""
        heard, mix = normalised(stem, self.rate), self._heard_mix
        pitched = self.excerpt.stem_class not in UNPITCHED
        return LongScore(
            system,
            self.excerpt.song.path.name,
            self.excerpt.stem_class,
            in_bins(rhythm_correlation, mix, heard, LISTENING_RATE),
            in_bins(chroma_cosine, mix, heard, LISTENING_RATE) if pitched else None,
        )
