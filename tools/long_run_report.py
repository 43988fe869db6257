"""Page and plots of the long run, from the lines of ``tools/long_run.jsonl``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from model.evaluation.charts import ChartLine, ChartPoint, lines
from model.evaluation.columns import columns
from tools.markdown_table import markdown_table

__all__ = ["FIGURES", "plots", "report"]

Line = dict[str, Any]

SYSTEMS = ("liveband 0 s", "liveband 0.1 s", "liveband 1 s")
TRUTH, ANEW, MAIN = "ground truth", "random pairing", "liveband 0.1 s"
SHOWN = columns(
    *("rhythm", "chroma", "beat_f", "gap", "gap_chroma"),
    *("frechet", "level_db", "silent", "onsets", "jitter"),
)
FIGURES = tuple(name for name, _, _ in SHOWN)
"""Figures of every row that the page shows."""
PLOTTED = {"rhythm": "Rhythm with the mix", "chroma": "Pitch content shared with the mix"}


def report(judged: Sequence[Line]) -> str:
    """Return the page in Markdown.

    Args:
        judged: At least one line, by step.
    """
    newest = judged[-1]
    parts = [
        "# The long run, judged",
        "Written by `python -m tools.long_run`. Every checkpoint played to the same "
        f"{_row(newest, MAIN)['excerpts']} excerpts of {newest['seconds']:g} s from held-out "
        f"songs (digest `{newest['songs']}`), with the beat tracker, as on stage. The true "
        "stems, and those of other songs, are at the foot of each table. What figures mean: "
        "[quality](quality.md). What was trained, and why: [log](../model/TRAINING.md).",
        *(f"![{title}](pictures/{_file(figure)})" for figure, title in PLOTTED.items()),
        *_tables(judged),
        _classes(judged),
        "## Changes",
        "\n".join(_changes(judged)),
    ]
    return "\n\n".join(parts) + "\n"


def plots(judged: Sequence[Line]) -> dict[str, str]:
    """Return drawings in SVG by the names of their files.

    Args:
        judged: At least one line, by step.
    """
    return {_file(figure): _plot(judged, figure, title) for figure, title in PLOTTED.items()}


def _plot(judged: Sequence[Line], figure: str, title: str) -> str:
    drawn = [
        ChartLine(
            system.removeprefix("liveband "), list(_points(judged, system, figure)), system
        )
        for system in SYSTEMS
    ]
    rows = [_row(judged[-1], name) for name in (TRUTH, ANEW)]
    anchors = {row["system"]: row[figure] for row in rows if row[figure] is not None}
    return lines(title, drawn, anchors=anchors, axis="steps of the generator")


def _points(judged: Sequence[Line], system: str, figure: str) -> Iterator[ChartPoint]:
    for line in judged:
        value = _row(line, system)[figure]
        if value is not None:
            yield ChartPoint(str(line["step"]), value)


def _tables(judged: Sequence[Line]) -> Iterator[str]:
    for system in SYSTEMS:
        yield f"## {system.removeprefix('liveband ')}"
        head = ["step", *(heading for _, heading, _ in SHOWN)]
        rows = [[str(line["step"]), *_cells(_row(line, system))] for line in judged]
        rows += [[name, *_cells(_row(judged[-1], name))] for name in (TRUTH, ANEW)]
        yield markdown_table(head, rows)


def _classes(judged: Sequence[Line]) -> str:
    """Return rhythm and chroma of each class at 0.1 s."""
    names = list(_row(judged[-1], MAIN)["per_class"])
    told = [(str(line["step"]), _row(line, MAIN)) for line in judged]
    told.append((TRUTH, _row(judged[-1], TRUTH)))
    rows = []
    for step, row in told:
        pairs = (row["per_class"].get(name, {}) for name in names)
        figures = ([own.get(figure) for figure in PLOTTED] for own in pairs)
        rows.append([step, *(" / ".join(_number(value, 2) for value in f) for f in figures)])
    return "## Rhythm / chroma of each class at 0.1 s\n\n" + markdown_table(
        ["step", *names], rows
    )


def _changes(judged: Sequence[Line]) -> Iterator[str]:
    for line in judged:
        note = f": {line['note']}" if line["note"] else ""
        yield f"- {line['step']} (`{line['git']}`, {line['time'][:10]}){note}"


def _cells(row: dict[str, Any]) -> list[str]:
    return [_number(row[figure], digits) for figure, _, digits in SHOWN]


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _row(line: Line, system: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in line["rows"] if row["system"] == system)
    return found


def _file(figure: str) -> str:
    return f"long-run-{figure}.svg"
