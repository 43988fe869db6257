"""Judge a checkpoint of the long run on the songs that all before it were judged on.

Usage: ``python -m tools.long_run DATA CHECKPOINT --step N``, with songs rendered as
``model/TRAINING.md`` says, always the same ones. Appends a line to ``tools/long_run.jsonl`` and
writes ``docs/long-run.md`` with its plots. What would be judged on other songs, or in another
way, is refused: its figures cannot be compared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from model.commands.options import MANY
from model.data.index import load_songs
from model.errors import DataError
from model.evaluation.report import evaluation_of
from model.evaluation.setting import Setting
from tools.benchmarks.circumstances import circumstances
from tools.long_run_report import FIGURES, plots, report

__all__ = ["add_line", "main", "read_lines", "songs_digest"]

ROOT_FOLDER = Path(__file__).parents[1]
LINES = ROOT_FOLDER / "tools" / "long_run.jsonl"
PAGE = ROOT_FOLDER / "docs" / "long-run.md"
SONGS, SECONDS = 10, 10.0
KNOWN_SONGS = 30
"""Valid songs whose stems Fréchet distances are to."""
ALIKE = ("songs", "known", "seconds")
"""What every line has to be judged by alike."""
PER_CLASS = ("rhythm", "chroma", "level_db")


def main(argv: Sequence[str] | None = None) -> int:
    """Judge a checkpoint, and write the line, the page and the plots.

    Raises:
        DataError: There are no songs, or other ones than those of the lines before.
        CheckpointError: The checkpoint cannot be read.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.long_run", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of rendered songs")
    parser.add_argument("checkpoint", help="folder or shipped name")
    parser.add_argument(
        "--step", type=MANY, required=True, help="steps of the generator so far"
    )
    parser.add_argument("--note", default="", help="what was changed since the line before")
    options = parser.parse_args(argv)
    jobs = len(os.sched_getaffinity(0))
    setting = Setting.of(
        quick=True,
        songs=SONGS,
        seconds=SECONDS,
        known_songs=KNOWN_SONGS,
        drift_seconds=0.0,
        jobs=jobs,
    )
    judged_by = {
        "songs": songs_digest(options.data, "test", SONGS),
        "known": songs_digest(options.data, "valid", KNOWN_SONGS),
        "seconds": SECONDS,
    }
    _check_alike(read_lines(LINES), judged_by)
    rows = evaluation_of(options.data, options.checkpoint, setting)["rows"]
    line = {
        "step": options.step,
        "note": options.note,
        **circumstances(),
        **judged_by,
        "rows": [_kept(row) for row in rows],
    }
    add_line(LINES, line)
    lines = read_lines(LINES)
    PAGE.write_text(report(lines))
    for name, drawing in plots(lines).items():
        (PAGE.parent / "pictures" / name).write_text(drawing)
    return 0


def songs_digest(data: Path, split: str, songs: int) -> str:
    """Return a digest of the first songs of a split: of their names and facts.

    Raises:
        DataError: There are none.
    """
    digest = hashlib.sha256()
    for song in load_songs(data, split)[:songs]:
        digest.update(song.path.name.encode())
        digest.update((song.path / "song.json").read_bytes())
    return digest.hexdigest()[:16]


def read_lines(file: Path) -> list[dict[str, Any]]:
    """Return the lines by step; none where the file is not there."""
    if not file.exists():
        return []
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    return sorted(lines, key=lambda line: int(line["step"]))


def add_line(file: Path, line: dict[str, Any]) -> None:
    """Append a line.

    Raises:
        DataError: A line before was judged on other songs, or on other lengths of them.
    """
    _check_alike(read_lines(file), line)
    with file.open("a") as out:
        out.write(json.dumps(line) + "\n")


def _check_alike(lines: Sequence[dict[str, Any]], judged_by: dict[str, Any]) -> None:
    for line in lines:
        for name in ALIKE:
            if line[name] != judged_by[name]:
                raise DataError(
                    f"step {line['step']} was judged by {name} {line[name]}, this would be by "
                    f"{judged_by[name]}: figures of both cannot be compared; render the songs "
                    "as model/TRAINING.md says"
                )


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a row that the page shows, and those of each class."""
    per_class = {
        name: {figure: own[figure] for figure in PER_CLASS}
        for name, own in row["per_class"].items()
    }
    own = {figure: row[figure] for figure in FIGURES}
    return {"system": row["system"], **own, "excerpts": row["excerpts"], "per_class": per_class}


if __name__ == "__main__":
    raise SystemExit(main())
