"""Evaluation of one checkpoint: play and score excerpts, and print the table."""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from model.checkpoint import load_checkpoint, read_record, write_record
from model.data.index import Song, load_songs
from model.errors import DataError
from model.evaluation.excerpts import Excerpt, choose_excerpts
from model.evaluation.rows import EvaluationResults, table_rows
from model.evaluation.scorer import LongScore, ReferenceStem, StemScore
from model.evaluation.scoring import reference_stems, score_excerpt, score_long
from model.evaluation.setting import Setting
from model.evaluation.systems import systems_of
from model.evaluation.table import as_text
from model.evaluation.tracker_report import as_text as tracker_text
from model.evaluation.tracker_report import tracker_section
from model.evaluation.workers import run_all
from model.networks.config import AutoencoderConfig

__all__ = ["evaluate", "evaluation_of", "excerpts_of", "known_songs", "one_per_song"]

logger = logging.getLogger(__name__)

Task = Callable[[], Sequence[StemScore | LongScore | ReferenceStem]]


def evaluate(
    data: Path, where: str | None, setting: Setting, *, as_json: bool, record: bool = False
) -> int:
    """Score a checkpoint beside reference systems, and the beat tracker on the same mixes.

    Args:
        data: Folder of rendered songs.
        where: Checkpoint folder or shipped name; None for the default one.
        setting: How much to evaluate.
        as_json: Print one JSON object as the last line instead of tables; the tracker's figures
            are its ``beat_tracker``.
        record: Keep the table in the checkpoint's training record.

    Returns:
        Exit code 0.

    Raises:
        DataError: There is no song, or no stretch in which stem and mix sound.
        CheckpointError: The checkpoint cannot be read.
    """
    answer = evaluation_of(data, where, setting)
    rows, section = answer["rows"], answer["beat_tracker"]
    if record:
        kept = {**answer["setting"], "rows": rows}
        write_record(where, {**read_record(where), "evaluation": kept})
    text = json.dumps(answer) if as_json else f"{as_text(rows)}\n{tracker_text(section)}"
    sys.stdout.write(text.rstrip() + "\n")
    return 0


def evaluation_of(data: Path, where: str | None, setting: Setting) -> dict[str, Any]:
    """Return ``setting``, ``rows`` and the figures of the ``beat_tracker``, ready for JSON.

    Args:
        data: See :func:`evaluate`.
        where: Checkpoint.
        setting: How much to evaluate.

    Raises:
        DataError: There is no song, or no stretch in which stem and mix sound.
        CheckpointError: The checkpoint cannot be read.
    """
    results, section = _gather(data, where, setting)
    with threadpool_limits(1):
        rows = table_rows(results)
    return {"setting": dataclasses.asdict(setting), "rows": rows, "beat_tracker": section}


def excerpts_of(
    data: Path, setting: Setting, classes: Sequence[str], codec: AutoencoderConfig
) -> list[Excerpt]:
    """Return the excerpts of a setting.

    Raises:
        DataError: There is no song, or no stretch in which stem and mix sound.
    """
    return choose_excerpts(
        load_songs(data, setting.split)[: setting.songs],
        classes,
        sample_rate=codec.sample_rate,
        frames=int(setting.seconds * codec.hop_rate_hz) * codec.hop,
        per_song=setting.excerpts,
    )


def _gather(
    data: Path, where: str | None, setting: Setting
) -> tuple[EvaluationResults, dict[str, Any]]:
    """Play and score every system of a checkpoint, and the beat tracker.

    Raises:
        DataError: There is no song, or no stretch in which stem and mix sound.
        CheckpointError: The checkpoint cannot be read.
    """
    checkpoint = load_checkpoint(where)
    codec, classes = checkpoint.autoencoder.config, checkpoint.generator.config.stems
    excerpts = excerpts_of(data, setting, classes, codec)
    systems = systems_of(checkpoint, quick=setting.quick)
    valid, train = (known_songs(data, setting, split) for split in ("valid", "train"))
    play = partial(score_excerpt, systems=systems, where=where, compare=setting.known_songs > 0)
    last = partial(score_long, systems=systems, where=where, seconds=setting.drift_seconds)
    know = partial(reference_stems, classes=classes, rate=codec.sample_rate)
    endurance = one_per_song(excerpts)[: setting.drift_songs] if setting.drift_seconds else []
    tasks: list[Task] = [partial(last, excerpt) for excerpt in endurance]
    tasks += [partial(play, excerpt) for excerpt in excerpts]
    tasks += [partial(know, song, as_copies=False) for song in valid]
    tasks += [partial(know, song, as_copies=True) for song in train]
    logger.info(
        "%d excerpts and %d long performances; %d songs to compare with",
        *(len(excerpts), len(endurance), len(valid) + len(train)),
    )
    results = run_all(tasks, setting.jobs)
    everything = [each for found in results for each in found]
    known = [each for each in everything if isinstance(each, ReferenceStem)]
    gathered = EvaluationResults(
        systems,
        [name for name in classes if any(each.stem_class == name for each in excerpts)],
        [
            [each for each in found if isinstance(each, StemScore)]
            for found in results[len(endurance) :][: len(excerpts)]
        ],
        [each for each in everything if isinstance(each, LongScore)],
        [each for each in known if each.windows is not None],
        [each for each in known if each.patches is not None],
    )
    return gathered, tracker_section(excerpts, setting.jobs)


def known_songs(data: Path, setting: Setting, split: str) -> list[Song]:
    """Return songs of another split to compare with; none, and a warning, if it has none."""
    if setting.known_songs == 0 or split == setting.split:
        return []
    try:
        return load_songs(data, split)[: setting.known_songs]
    except DataError as error:
        missing = {"valid": "Frechet distance", "train": "copying"}[split]
        logger.warning("no figures for %s: %s", missing, error)
        return []


def one_per_song(excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    """Return one excerpt of every song, of alternating classes."""
    songs: dict[Path, list[Excerpt]] = {}
    for excerpt in excerpts:
        songs.setdefault(excerpt.song.path, []).append(excerpt)
    return [own[number % len(own)] for number, own in enumerate(songs.values())]
