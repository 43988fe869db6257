"""Playing and scoring of one excerpt by every system; the work of one process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from model.array_types import Audio
from model.checkpoint import Checkpoint, load_checkpoint
from model.data.index import Song
from model.evaluation.activity import latent_jitter
from model.evaluation.embedding import embed
from model.evaluation.excerpts import Excerpt, seeds_of
from model.evaluation.features import normalised
from model.evaluation.neighbours import patches
from model.evaluation.scorer import (
    ExcerptScorer,
    LongScore,
    LongScorer,
    ReferenceStem,
    StemScore,
)
from model.evaluation.systems import System, perform, play_system

__all__ = ["loaded", "reference_stems", "score_excerpt", "score_long"]


PATCH_EVERY_S = 0.1


def score_excerpt(
    excerpt: Excerpt, systems: Sequence[System], where: str | None, *, compare: bool
) -> list[StemScore]:
    """Return the figures of every system that can play the excerpt.

    Args:
        excerpt: To play to.
        systems: Rows of the table.
        where: Checkpoint.
        compare: Whether to add embeddings and patches.

    Raises:
        CheckpointError: The checkpoint, or the embedding's weights, cannot be read.
    """
    checkpoint = loaded(where)
    scorer = ExcerptScorer(excerpt, checkpoint.autoencoder.config.sample_rate)
    scores, takes = [], {}
    for system in systems:
        stem = play_system(system, checkpoint, excerpt, scorer.annotations)
        if stem is not None:
            takes[system.name] = stem
            described = compare and system.source != "silence"
            score = scorer.score(system.name, stem, described=described)
            jitter = latent_jitter(checkpoint.autoencoder, stem, scorer.truth)
            score.figures["jitter"] = jitter
            scores.append(score)
    _compare_takes(scores, systems, takes, scorer)
    return scores


def _compare_takes(
    scores: list[StemScore],
    systems: Sequence[System],
    takes: dict[str, Audio],
    scorer: ExcerptScorer,
) -> None:
    """Add the distance of two takes; for the truth, that of two true stems."""
    for score in scores:
        system = next(each for each in systems if each.name == score.system)
        other = takes.get(system.second_take or "")
        if other is not None:
            score.figures["diversity"] = scorer.difference(takes[system.name], other)


def score_long(
    excerpt: Excerpt, systems: Sequence[System], where: str | None, seconds: float
) -> list[LongScore]:
    """Return figures over a long performance to a song repeated at its bar lines.

    Args:
        excerpt: Names the song and the stem class; its stretch does not matter.
        systems: The truth and players; others are skipped.
        where: Checkpoint.
        seconds: Length of the performance.

    Raises:
        CheckpointError: The checkpoint cannot be read.
    """
    checkpoint = loaded(where)
    rate = checkpoint.autoencoder.config.sample_rate
    scorer = LongScorer(excerpt, rate, round(seconds * rate))
    scores = []
    for system in systems:
        if system.source == "truth":
            stem = scorer.truth
        elif system.beat == "transport" and not scorer.loop.annotations.has_grid:
            continue
        elif system.source == "player" and system.shown and not system.wrong_mix:
            stem = perform(
                checkpoint,
                scorer.mix,
                excerpt.stem_class,
                system.hops,
                seed=seeds_of(excerpt, 1)[0],
                beat=system.beat,
                position=scorer.loop.position,
            )
        else:
            continue
        scores.append(scorer.score(system.name, stem))
    return scores


def reference_stems(
    song: Song, classes: Sequence[str], rate: int, *, as_copies: bool
) -> list[ReferenceStem]:
    """Return embeddings or patches of the true stems of a song of another split.

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
            heard = normalised(song.read(name, 0, song.frames), rate)
            if as_copies:
                known.append(ReferenceStem(name, None, patches(heard, every_s=PATCH_EVERY_S)))
            else:
                known.append(ReferenceStem(name, embed(heard), None))
    return known


@cache
def loaded(where: str | None) -> Checkpoint:
    """Return a checkpoint, read once per process."""
    return load_checkpoint(where)
