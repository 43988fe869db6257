"""Playing and scoring of several takes of every system in one batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model.accompanists.players import play_together
from model.array_types import Audio
from model.checkpoint import Checkpoint
from model.evaluation.excerpts import Excerpt, load_mix, seeds_of
from model.evaluation.scorer import ExcerptScorer, LongScore, LongScorer, StemScore
from model.evaluation.scoring import loaded
from model.evaluation.systems import System, perform_takes, player_phases, request
from model.networks.baseline.network import Baseline

__all__ = ["TOGETHER", "score_long_takes", "score_takes"]

Asked = tuple[int, System, Sequence[int]]
"""The place of a mix among others, who plays to it, and the seeds of the takes."""

TOGETHER = 3
"""Excerpts that the baseline plays to in one batch: of 54 streams, with 5 takes of 3
anticipations and their controls, and more would not make a stream cheaper."""


def score_takes(
    excerpts: Sequence[Excerpt],
    systems: Sequence[System],
    where: str,
    *,
    takes: int,
    compare: bool,
) -> list[StemScore]:
    """Return the figures of every take; systems that hear a wrong mix play one take.

    That one has the seed of the first take. The first two takes of a system are compared too,
    for the diversity.

    Args:
        excerpts: What to play to, of equal length.
        systems: Players; see :func:`model.evaluation.systems.systems_of`.
        where: Checkpoint.
        takes: How many; see :func:`~model.evaluation.excerpts.seeds_of`.
        compare: Whether embeddings and patches will be needed.

    Raises:
        CheckpointError: The checkpoint, or the embedding's weights, cannot be read.
    """
    checkpoint = loaded(where)
    rate = checkpoint.autoencoder.config.sample_rate
    listeners = [ExcerptScorer(excerpt, rate) for excerpt in excerpts]
    mixes, places = [listener.mix for listener in listeners], list(range(len(excerpts)))
    asked: list[Asked] = []
    right = [system for system in systems if not system.wrong_mix]
    wrong = [system for system in systems if system.wrong_mix]
    for place, excerpt in enumerate(excerpts):
        seeds = seeds_of(excerpt, takes)
        asked += [(place, system, seeds) for system in right]
        if wrong and excerpt.stranger is not None:
            asked += [(len(mixes), system, seeds[:1]) for system in wrong]
            mixes.append(load_mix(excerpt.stranger))
            places.append(place)
    classes = [excerpts[place].stem_class for place in places]
    scores = []
    for (mix, system, _), stems in _played(checkpoint, mixes, classes, asked):
        listener = listeners[places[mix]]
        own_scores = [listener.score(system.name, each, described=compare) for each in stems]
        if len(stems) > 1:
            own_scores[0].figures["diversity"] = listener.difference(*stems[:2])
        scores += own_scores
    return scores


def score_long_takes(
    excerpts: Sequence[Excerpt],
    systems: Sequence[System],
    where: str,
    *,
    takes: int,
    seconds: float,
) -> list[LongScore]:
    """Return figures of takes of long performances, each to a song repeated at bar lines.

    Args:
        excerpts: Name the songs and the stem classes; their stretches do not matter.
        systems: Players, those that hear the right mix.
        where: Checkpoint.
        takes: How many; see :func:`~model.evaluation.excerpts.seeds_of`.
        seconds: Length of the performances.

    Raises:
        CheckpointError: The checkpoint cannot be read.
    """
    checkpoint = loaded(where)
    codec = checkpoint.autoencoder.config
    frames = int(seconds * codec.hop_rate_hz) * codec.hop
    listeners = [LongScorer(each, codec.sample_rate, frames) for each in excerpts]
    asked = [
        (number, system, seeds_of(excerpt, takes))
        for number, excerpt in enumerate(excerpts)
        for system in systems
    ]
    mixes = [listener.mix for listener in listeners]
    classes = [excerpt.stem_class for excerpt in excerpts]
    return [
        listeners[number].score(system.name, stem)
        for (number, system, _), stems in _played(checkpoint, mixes, classes, asked)
        for stem in stems
    ]


def _played(
    checkpoint: Checkpoint,
    mixes: Sequence[Audio],
    classes: Sequence[str],
    asked: Sequence[Asked],
) -> Iterator[tuple[Asked, list[Audio]]]:
    """Yield stems: the baseline's all in one batch, else those of a band each.

    Nobody is told the transport's beat: it has no row where many takes are played.
    """
    if not isinstance(checkpoint.generator, Baseline):
        for each in asked:
            mix, system, seeds = each
            takes = perform_takes(
                checkpoint,
                mixes[mix],
                classes[mix],
                system.hops,
                seeds=seeds,
                beat=system.beat,
            )
            yield each, takes
        return
    requests, phases = [], []
    for mix, system, seeds in asked:
        told = player_phases(checkpoint, mixes[mix], system.hops, system.beat)
        requests += [
            (mix, request(checkpoint, classes[mix], seed=seed, anticipation=system.hops))
            for seed in seeds
        ]
        phases += [told] * len(seeds)
    stems = iter(play_together(checkpoint, mixes, requests, phases))
    for each in asked:
        yield each, [next(stems) for _ in each[2]]
