"""Every checkpoint in one table, on the same excerpts: JSON, Markdown and plots."""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from model.checkpoint import load_any
from model.errors import CheckpointError, ConfigError
from model.evaluation.family_report import as_markdown, plots
from model.evaluation.report import gather
from model.evaluation.rows import Material, table_rows
from model.evaluation.setting import Setting
from model.folder import CONFIG, SHIPPED, find_folder, read_facts

__all__ = ["evaluate_family", "find_members"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Member:
    folder: Path
    kind: str
    stems: tuple[str, ...]
    codec: dict[str, Any]


def evaluate_family(
    data: Path,
    asked: Sequence[str],
    setting: Setting,
    out: Path,
    *,
    seeds: int = 1,
    as_json: bool = False,
) -> int:
    """Score every checkpoint on the same excerpts and write one table.

    Args:
        data: Folder of rendered songs.
        asked: See :func:`find_members`.
        setting: How much to evaluate; the same for all.
        out: Folder for ``family.json``, ``family.md`` and the plots; made if missing.
        seeds: Takes of every system; intervals are over songs, all takes of each together.
        as_json: Print the table as one JSON object instead of Markdown.

    Returns:
        Exit code 0.

    Raises:
        ConfigError: ``seeds`` is below 1, or no stem class is common to all.
        DataError: There is no song, or no stretch in which stem and mix sound.
        CheckpointError: A checkpoint cannot be read, or there is none.
    """
    if seeds < 1:
        raise ConfigError(f"--seeds must be 1 or more, got {seeds}")
    members = [_member(folder) for folder in find_members(asked)]
    common = tuple(s for s in members[0].stems if all(s in m.stems for m in members))
    if not common:
        plays = "; ".join(f"{m.folder.name}: {', '.join(m.stems)}" for m in members)
        raise ConfigError(f"no stem class is common to all checkpoints ({plays})")
    rows: list[dict[str, Any]] = []
    for number, member in enumerate(members):
        logger.info("%s, %d of %d", member.folder.name, number + 1, len(members))
        known = [m for m in members[:number] if m.codec == member.codec]
        rows += _rows(
            data, member, setting, common, seeds, first=number == 0, again=bool(known)
        )
    table = {"setting": dataclasses.asdict(setting), "seeds": seeds, "rows": _unique(rows)}
    _write(out, table)
    sys.stdout.write((json.dumps(table) if as_json else as_markdown(table)) + "\n")
    return 0


def find_members(asked: Sequence[str]) -> list[Path]:
    """Return the folders of the checkpoints that were asked for, each once, in order.

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
        playing = [folder for folder in here if read_facts(folder)["generator"] is not None]
        if not playing:
            raise CheckpointError(f"{each} holds no checkpoint that plays: liveband train")
        found += [folder for folder in playing if folder not in found]
    return found


def _member(folder: Path) -> _Member:
    checkpoint = load_any(folder)
    return _Member(
        folder,
        checkpoint.kind,
        checkpoint.generator.config.stems,
        dataclasses.asdict(checkpoint.autoencoder.config),
    )


def _rows(
    data: Path,
    member: _Member,
    setting: Setting,
    classes: tuple[str, ...],
    seeds: int,
    *,
    first: bool,
    again: bool,
) -> list[dict[str, Any]]:
    """Return a member's own rows, and for the first one those that all have in common."""
    takes = [
        gather(data, str(member.folder), setting, classes=classes, seed=seed)
        for seed in range(1, seeds + 1)
    ]
    material = dataclasses.replace(
        takes[0],
        scores=[group for take in takes for group in take.scores],
        long=[score for take in takes for score in take.long],
    )
    with threadpool_limits(1):
        rows = table_rows(material)
    sources = _sources(material)
    kept = []
    for row in rows:
        source = sources[row["system"]]
        if source == "player" or first or (source == "codec" and not again):
            own = source in ("player", "codec")
            where = member.folder.name if own else None
            kind = member.kind if source == "player" else None
            kept.append({**row, "source": source, "checkpoint": where, "kind": kind})
    return kept


def _sources(material: Material) -> dict[str, str]:
    """Return what each row is: a player, or an anchor; one that hears the wrong mix is none."""
    return {
        system.name: "shuffled" if system.wrong_mix else system.source
        for system in material.systems
    }


def _unique(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with names of their own: the checkpoint's is added where it must be."""
    names = [row["system"] for row in rows]
    return [
        {**row, "name": f"{row['system']} ({row['checkpoint']})"}
        if names.count(row["system"]) > 1
        else {**row, "name": row["system"]}
        for row in rows
    ]


def _write(out: Path, table: dict[str, Any]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "family.json").write_text(json.dumps(table, indent=1) + "\n")
    (out / "family.md").write_text(as_markdown(table) + "\n")
    for name, drawing in plots(table).items():
        (out / f"{name}.svg").write_text(drawing + "\n")
    logger.info("table and plots in %s", out)
