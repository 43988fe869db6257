"""Comparison of checkpoints in one table, on the same excerpts: JSON, Markdown and plots."""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from model.checkpoint import load_checkpoint, read_record, write_record
from model.errors import CheckpointError, ModelConfigError
from model.evaluation.comparison_report import as_markdown, plots
from model.evaluation.estimate import costs_s
from model.evaluation.output_folder import make_folder
from model.evaluation.plan import ComparedCheckpoint, WorkPlanner
from model.evaluation.report import excerpts_of, known_songs, one_per_song
from model.evaluation.rows import EvaluationResults, table_rows
from model.evaluation.scorer import LongScore, ReferenceStem, StemScore
from model.evaluation.setting import Setting
from model.evaluation.workers import run_all
from model.formats.checkpoint_folder import (
    CONFIG,
    KINDS,
    SHIPPED,
    find_folder,
    kind_of,
    read_config,
)

__all__ = ["compare_checkpoints", "find_checkpoints", "labels"]

logger = logging.getLogger(__name__)

Figure = StemScore | LongScore | ReferenceStem
PARTS = "parts"
"""Folder of the results so far."""


def compare_checkpoints(
    data: Path,
    asked: Sequence[str],
    setting: Setting,
    out: Path,
    *,
    seeds: int = 1,
    as_json: bool = False,
    record: bool = False,
) -> int:
    """Score every checkpoint on the same excerpts and write one table.

    Results are stored in ``out``, piece by piece, so that an interrupted run can be resumed,
    and a run with one more checkpoint plays that one only.

    Args:
        data: Folder of rendered songs.
        asked: See :func:`find_checkpoints`.
        setting: How much to evaluate; the same for all.
        out: Folder for ``family.json``, ``family.md`` and the plots; made if missing.
        seeds: Takes of every system; intervals are over songs, all takes of each together.
            Systems that hear a wrong mix play one.
        as_json: Print the table as one JSON object instead of Markdown.
        record: Write the rows to the checkpoints' own records too.

    Returns:
        Exit code 0.

    Raises:
        ModelConfigError: ``seeds`` is below 1, or no stem class is common to all.
        DataError: There is no song, or no stretch in which stem and mix sound, or ``out`` is a
            file.
        CheckpointError: A checkpoint cannot be read, or there is none.
    """
    if seeds < 1:
        raise ModelConfigError(f"--seeds must be 1 or more, got {seeds}")
    make_folder(out)
    folders = find_checkpoints(asked)
    members = [
        ComparedCheckpoint.of(folder, label, quick=setting.quick)
        for folder, label in zip(folders, labels(folders), strict=True)
    ]
    common = tuple(s for s in members[0].stems if all(s in m.stems for m in members))
    if not common:
        plays = "; ".join(f"{m.label}: {', '.join(m.stems)}" for m in members)
        raise ModelConfigError(f"no stem class is common to all checkpoints ({plays})")
    began = time.monotonic()
    found = _play(data, members, setting, common, out / PARTS, seeds)
    rows: list[dict[str, Any]] = []
    for number, member in enumerate(members):
        known = any(other.codec == member.codec for other in members[:number])
        rows += _rows(member, found, common, first=number == 0, codec_known=known)
    table = {"setting": dataclasses.asdict(setting), "seeds": seeds, "rows": _unique(rows)}
    _write(out, table)
    if record:
        _record(members, table)
    logger.info("done in %.1f minutes", (time.monotonic() - began) / 60)
    sys.stdout.write((json.dumps(table) if as_json else as_markdown(table)) + "\n")
    return 0


def find_checkpoints(asked: Sequence[str]) -> list[Path]:
    """Return the folders of the given checkpoints, each once.

    They come by their kinds, in the order of
    :data:`model.formats.checkpoint_folder.KINDS`, and those of a kind as they were asked for.

    Args:
        asked: Checkpoints by folder or shipped name, and folders that hold checkpoints; all
            shipped ones that can play if empty.

    Raises:
        CheckpointError: One is missing, or a folder holds none.
    """
    found: list[Path] = []
    for each in asked or [str(SHIPPED)]:
        inside = sorted(file.parent for file in Path(each).glob(f"*/{CONFIG}"))
        here = inside or [find_folder(each)]
        playing = [folder for folder in here if read_config(folder)["generator"] is not None]
        if not playing:
            raise CheckpointError(f"{each} holds no checkpoint that plays: liveband train")
        there = {folder.resolve() for folder in found}
        found += [folder for folder in playing if folder.resolve() not in there]
    kinds = list(KINDS)
    return sorted(found, key=lambda folder: kinds.index(kind_of(read_config(folder))))


def labels(folders: Sequence[Path]) -> list[str]:
    """Return distinct names of folders: their own, with as much of the path as needed.

    Raises:
        ValueError: One is there twice.
    """
    parts = [folder.resolve().parts for folder in folders]
    for length in range(1, max(map(len, parts), default=0) + 1):
        ends = ["/".join(each[-length:]) for each in parts]
        if len(set(ends)) == len(ends):
            return ends
    raise ValueError(f"the same folder twice: {', '.join(map(str, folders))}")


def _play(
    data: Path,
    members: Sequence[ComparedCheckpoint],
    setting: Setting,
    classes: Sequence[str],
    parts: Path,
    takes: int,
) -> dict[str, list[Figure]]:
    """Return the results of all checkpoints, from the cache where they are there.

    Returns:
        By ``anchors``, ``known``, the digest of each further autoencoder, and the folder of
        each member.
    """
    codec = load_checkpoint(members[0].folder).autoencoder.config
    excerpts = excerpts_of(data, setting, classes, codec)
    long = one_per_song(excerpts)[: setting.drift_songs] if setting.drift_seconds else []
    valid, train = (known_songs(data, setting, split) for split in ("valid", "train"))
    planner, first = WorkPlanner(parts, setting, takes), members[0]
    planned = {
        str(each.folder): planner.long(each, long) + planner.players(each, excerpts)
        for each in members
    }
    planned["anchors"] = planner.truths(first, long) + planner.anchors(first, excerpts)
    planned["known"] = planner.known(valid, classes, codec.sample_rate, as_copies=False)
    planned["known"] += planner.known(train, classes, codec.sample_rate, as_copies=True)
    for each in members:
        if each.codec != first.codec and each.codec not in planned:
            planned[each.codec] = planner.anchors(each, excerpts, codec_only=True)
    everything = [piece for own in planned.values() for piece in own]
    done = sum(each.piece.is_there for each in everything)
    logger.info(
        "%d excerpts, %d long performances, %d takes, %d checkpoints; %d of %d pieces in %s",
        *(len(excerpts), len(long), takes, len(members), done, len(everything), parts),
    )
    parts.mkdir(parents=True, exist_ok=True)
    costs = costs_s(everything, excerpts, codec.sample_rate)
    logger.info("%s, by %d at once", _about(sum(costs) / setting.jobs), setting.jobs)
    order = sorted(range(len(everything)), key=lambda n: -costs[n])
    results = run_all(
        [everything[n].piece for n in order], setting.jobs, [costs[n] for n in order]
    )
    found = {id(everything[n]): result for n, result in zip(order, results, strict=True)}
    return {
        name: [figure for each in own for figure in found[id(each)]]
        for name, own in planned.items()
    }


def _about(seconds: float) -> str:
    """Return a duration in words.

    Example:
        >>> _about(20), _about(70), _about(130)
        ('less than a minute', 'about a minute', 'about 2 minutes')
    """
    minutes = round(seconds / 60)
    if minutes > 1:
        return f"about {minutes} minutes"
    return "about a minute" if minutes else "less than a minute"


def _rows(
    member: ComparedCheckpoint,
    found: dict[str, list[Figure]],
    classes: Sequence[str],
    *,
    first: bool,
    codec_known: bool,
) -> list[dict[str, Any]]:
    """Return a checkpoint's own rows; for the first one also those that all share."""
    own = [*found["anchors"], *found[str(member.folder)]]
    if (other := found.get(member.codec)) is not None:
        own = [each for each in own if getattr(each, "system", "") != "codec"] + other
    scores = [each for each in own if isinstance(each, StemScore)]
    known = [each for each in found["known"] if isinstance(each, ReferenceStem)]
    results = EvaluationResults(
        (*member.anchors, *member.systems),
        [name for name in classes if any(each.stem_class == name for each in scores)],
        [[each] for each in scores],
        [each for each in own if isinstance(each, LongScore)],
        [each for each in known if each.windows is not None],
        [each for each in known if each.patches is not None],
    )
    with threadpool_limits(1):
        rows = table_rows(results)
    sources = {
        system.name: "shuffled" if system.wrong_mix else system.source
        for system in results.systems
    }
    kept = []
    for row in rows:
        source = sources[row["system"]]
        theirs = source in ("player", "shuffled")
        if theirs or first or (source == "codec" and not codec_known):
            where = member.label if theirs or source == "codec" else None
            kind = member.kind if theirs else None
            kept.append({**row, "source": source, "checkpoint": where, "kind": kind})
    return kept


def _unique(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with distinct names: the checkpoint's is added where needed."""
    names = [row["system"] for row in rows]
    return [
        {**row, "name": f"{row['system']} ({row['checkpoint']})"}
        if names.count(row["system"]) > 1
        else {**row, "name": row["system"]}
        for row in rows
    ]


def _record(members: Sequence[ComparedCheckpoint], table: dict[str, Any]) -> None:
    """Write its own rows, and those of the anchors, to every checkpoint's record."""
    for member in members:
        own = [
            {name: value for name, value in row.items() if name != "per_class"}
            for row in table["rows"]
            if row["checkpoint"] in (None, member.label)
        ]
        record = {**read_record(member.folder), "family": {**table, "rows": own}}
        write_record(member.folder, record)


def _write(out: Path, table: dict[str, Any]) -> None:
    (out / "family.json").write_text(json.dumps(table, indent=1) + "\n")
    (out / "family.md").write_text(as_markdown(table) + "\n")
    for name, drawing in plots(table).items():
        (out / f"{name}.svg").write_text(drawing + "\n")
    logger.info("table and plots in %s", out)
