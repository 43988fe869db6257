"""Let every system play an excerpt and score what comes out; the work of one process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from model.checkpoint import AnyCheckpoint, load_any
from model.data.index import Song
from model.evaluation.embedding import embed
from model.evaluation.excerpts import Excerpt
from model.evaluation.features import hear
from model.evaluation.liveliness import latent_jitter
from model.evaluation.neighbours import patches
from model.evaluation.scorer import Known, Listener, LongListener, LongScore, Score
from model.evaluation.systems import System, perform, play_system

__all__ = ["know_song", "loaded", "score_excerpt", "score_long"]

Audio = NDArray[np.float32]

KNOWN_EVERY_S = 0.1


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
    checkpoint = loaded(where)
    listener = Listener(excerpt, checkpoint.autoencoder.config.sample_rate)
    scores, takes = [], {}
    for system in systems:
        stem = play_system(system, checkpoint, excerpt, listener.annotations)
        if stem is not None:
            takes[system.name] = stem
            described = compare and system.source != "silence"
            score = listener.score(system.name, stem, described=described)
            jitter = latent_jitter(checkpoint.autoencoder, stem, listener.truth)
            score.figures["jitter"] = jitter
            scores.append(score)
    _compare_takes(scores, systems, takes, listener)
    return scores


def _compare_takes(
    scores: list[Score],
    systems: Sequence[System],
    takes: dict[str, Audio],
    listener: Listener,
) -> None:
    """Add how far two takes differ; for the truth, how far two true stems do."""
    for score in scores:
        system = next(each for each in systems if each.name == score.system)
        other = takes.get(system.second_take or "")
        if other is not None:
            score.figures["diversity"] = listener.difference(takes[system.name], other)


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
    checkpoint = loaded(where)
    rate = checkpoint.autoencoder.config.sample_rate
    listener = LongListener(excerpt, rate, round(seconds * rate))
    scores = []
    for system in systems:
        if system.source == "truth":
            stem = listener.truth
        elif system.beat == "transport" and not listener.loop.annotations.has_grid:
            continue
        elif system.source == "player" and system.shown and not system.wrong_mix:
            stem = perform(
                checkpoint,
                listener.mix,
                excerpt.stem_class,
                system.hops,
                beat=system.beat,
                position=listener.loop.position,
            )
        else:
            continue
        scores.append(listener.score(system.name, stem))
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
def loaded(where: str | None) -> AnyCheckpoint:
    """Return a checkpoint, read once in this process."""
    return load_any(where)
