"""Let every system play an excerpt and score what comes out; the work of one process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray

from model.checkpoint import AnyCheckpoint, load_any
from model.data.index import Song
from model.evaluation.annotations import Annotations, annotations_of
from model.evaluation.beats import beat_f
from model.evaluation.drift import LoopedSong, in_bins
from model.evaluation.embedding import embed
from model.evaluation.excerpts import Excerpt, load_mix, load_stem
from model.evaluation.grid import grid_phase
from model.evaluation.halves import halves
from model.evaluation.harmony import chord_tone_ratio, chroma_cosine
from model.evaluation.hearing import LISTENING_RATE, hear, level_db
from model.evaluation.neighbours import log_mel_distance, patches
from model.evaluation.rhythm import rhythm_correlation
from model.evaluation.systems import System, perform, play_system
from model.losses import log_mel_distance as true_distance

__all__ = ["Known", "LongScore", "Score", "know_song", "score_excerpt", "score_long"]

Array = NDArray[np.float64]
Audio = NDArray[np.float32]

UNPITCHED = ("drums",)
FAINT_DB = -40.0
"""Level relative to the true stem below which a stem counts as not played."""
ASKED_EVERY_S, KNOWN_EVERY_S = 1.0, 0.1


@dataclass(frozen=True, slots=True)
class Score:
    """One system's figures on one excerpt."""

    system: str
    song: str
    stem_class: str
    figures: dict[str, float | None]
    windows: Array | None = field(default=None, repr=False)
    """Embeddings, ``(windows, 128)``."""
    patches: NDArray[np.float32] | None = field(default=None, repr=False)
    """Log-mel patches, ``(patches, 400)``."""


@dataclass(frozen=True, slots=True)
class LongScore:
    """One system's figures in bins of ten seconds of a long performance."""

    system: str
    song: str
    stem_class: str
    rhythm: list[float]
    chroma: list[float] | None


@dataclass(frozen=True, slots=True)
class Known:
    """A true stem of another split."""

    stem_class: str
    windows: Array | None
    patches: NDArray[np.float32] | None


def score_excerpt(
    excerpt: Excerpt, systems: Sequence[System], where: str | None, *, compare: bool
) -> list[Score]:
    """Return the figures of every system that can play the excerpt.

    Args:
        excerpt: What to play to.
        systems: Rows of the table.
        where: Checkpoint.
        compare: Whether embeddings and patches will be needed.

    Raises:
        CheckpointError: The checkpoint, or the embedding's weights, cannot be read.
    """
    checkpoint = _checkpoint(where)
    rate = checkpoint.autoencoder.config.sample_rate
    annotations = annotations_of(excerpt.song)
    truth, mix = load_stem(excerpt), load_mix(excerpt)
    heard_mix, heard_truth = hear(mix, rate), hear(truth, rate)
    scores, takes = [], {}
    for system in systems:
        stem = play_system(system, checkpoint, excerpt, annotations)
        if stem is None:
            continue
        heard = takes[system.name] = hear(stem, rate)
        faint = level_db(stem) < level_db(truth) + FAINT_DB
        figures = _adherence(heard_mix, heard, excerpt, annotations, rate, faint=faint)
        figures |= {
            "log_mel": true_distance(
                torch.from_numpy(stem)[None], torch.from_numpy(truth)[None], rate
            ),
            "level_db": level_db(stem),
            "faint": float(faint),
        }
        described = compare and system.source != "silence"
        scores.append(
            Score(
                system.name,
                excerpt.song.path.name,
                excerpt.stem_class,
                figures,
                embed(heard) if described else None,
                patches(heard, every_s=ASKED_EVERY_S) if described and not faint else None,
            )
        )
    _compare_takes(scores, systems, takes, heard_truth)
    return scores


def _adherence(
    mix: Array,
    stem: Array,
    excerpt: Excerpt,
    annotations: Annotations,
    rate: int,
    *,
    faint: bool,
) -> dict[str, float | None]:
    """Return what depends on the mix; a stem too faint to matter does not follow it."""
    start_s, seconds = excerpt.start / rate, excerpt.frames / rate
    beats_s = annotations.beats_within(start_s, seconds)
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
        "chord_ratio": chord_tone_ratio(stem, annotations.chords, start_s=start_s)
        if pitched
        else None,
    }


def _compare_takes(
    scores: list[Score],
    systems: Sequence[System],
    takes: dict[str, Array],
    truth: Array,
) -> None:
    """Add how far two takes differ; for the truth, how far two true stems do."""
    for score in scores:
        system = next(each for each in systems if each.name == score.system)
        other = takes.get(system.second_take or "")
        if other is not None:
            mine = truth if system.source == "truth" else takes[system.name]
            score.figures["diversity"] = log_mel_distance(mine, other)


def score_long(
    excerpt: Excerpt, systems: Sequence[System], where: str | None, seconds: float
) -> list[LongScore]:
    """Return figures over a long performance to a song repeated at its bar lines.

    Args:
        excerpt: Names the song and the stem class; its stretch does not matter.
        systems: The truth and players; others are passed over.
        where: Checkpoint.
        seconds: Length of the performance.

    Raises:
        CheckpointError: The checkpoint cannot be read.
    """
    checkpoint = _checkpoint(where)
    rate = checkpoint.autoencoder.config.sample_rate
    frames = excerpt.song.frames
    whole = Excerpt(excerpt.song, excerpt.stem_class, 0, frames)
    loop = LoopedSong(annotations_of(excerpt.song), frames, rate)
    mix = loop.repeat(load_mix(whole), round(seconds * rate))
    heard_mix = hear(mix, rate)
    scores = []
    for system in systems:
        if system.source == "truth":
            stem = loop.repeat(load_stem(whole), len(mix))
        elif system.transport and not loop.annotations.has_grid:
            continue
        elif system.source == "player" and system.shown and not system.wrong_mix:
            position = loop.position if system.transport else None
            stem = perform(checkpoint, mix, excerpt.stem_class, system.hops, position=position)
        else:
            continue
        heard = hear(stem, rate)
        pitched = excerpt.stem_class not in UNPITCHED
        scores.append(
            LongScore(
                system.name,
                excerpt.song.path.name,
                excerpt.stem_class,
                in_bins(rhythm_correlation, heard_mix, heard, LISTENING_RATE),
                in_bins(chroma_cosine, heard_mix, heard, LISTENING_RATE) if pitched else None,
            )
        )
    return scores


def know_song(song: Song, classes: Sequence[str], rate: int, *, as_copies: bool) -> list[Known]:
    """Describe the true stems of a song of another split.

    Args:
        song: The song.
        classes: Stem classes that are played.
        rate: Its frames per second.
        as_copies: Return patches, to look for copies of; embeddings otherwise.

    Raises:
        CheckpointError: The embedding's weights cannot be read.
    """
    known = []
    for name in classes:
        if name in song.stems:
            heard = hear(song.read(name, 0, song.frames), rate)
            if as_copies:
                known.append(Known(name, None, patches(heard, every_s=KNOWN_EVERY_S)))
            else:
                known.append(Known(name, embed(heard), None))
    return known


@cache
def _checkpoint(where: str | None) -> AnyCheckpoint:
    return load_any(where)
