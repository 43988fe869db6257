"""Text tables of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.evaluation.columns import Column, columns

__all__ = ["as_text", "cell", "titled_table"]

COLUMNS: dict[str, tuple[Column, ...]] = {
    "With the mix (95 % intervals by song)": columns(
        "rhythm", "chroma", "gap", "gap_chroma", "drift"
    ),
    "On the grid and in the chord": columns(
        "beat_f", "beat_phase", "eighth_phase", "offset_ms", "chord_ratio"
    ),
    "As a sound": columns("frechet", "log_mel", "level_db", "diversity", "copying"),
    "How much is played": columns("silent", "onsets", "jitter"),
}


def as_text(rows: Sequence[dict[str, Any]]) -> str:
    """Return the rows as tables: all classes together, adherence of each, verdicts."""
    together = next(iter(COLUMNS.values()))
    parts = [titled_table(f"{title}, all classes", rows, own) for title, own in COLUMNS.items()]
    for name in rows[0]["per_class"]:
        own = [{"system": row["system"], **row["per_class"][name]} for row in rows]
        shown = (*together[:4], *columns("beat_f", "chord_ratio", chord_ratio="chord"))
        parts.append(titled_table(f"{name}, {own[0]['excerpts']} excerpts", own, shown))
    return "\n".join([*parts, *_verdicts(rows), *_warnings(rows)])


def titled_table(title: str, rows: Sequence[dict[str, Any]], shown: Sequence[Column]) -> str:
    """Return a table of means and 95 % intervals, a line for each row.

    Args:
        title: Stands above it.
        rows: Each with ``system``, the figures, and their ``intervals``.
        shown: The columns.
    """
    width = max(len(row["system"]) for row in rows)
    lines = [f"\n{title}", " " * width + "".join(f"{head:>24}" for _, head, _ in shown)]
    for row in rows:
        cells = "".join(f"{cell(row, key, f'.{digits}f'):>24}" for key, _, digits in shown)
        lines.append(f"{row['system']:<{width}}{cells}")
    return "\n".join(lines)


def cell(row: Mapping[str, Any], figure: str, spec: str, between: str = " ") -> str:
    """Return a figure with its 95 % interval in brackets; ``-`` where it is unknown.

    Args:
        row: Figures, and ``intervals``.
        figure: Which of them.
        spec: Format of the numbers.
        between: Separator of the interval's ends.
    """
    value, ends = row.get(figure), row["intervals"].get(figure)
    if value is None:
        return "-"
    return f"{value:{spec}}" + (f" [{ends[0]:{spec}}{between}{ends[1]:{spec}}]" if ends else "")


def _verdicts(rows: Sequence[dict[str, Any]]) -> list[str]:
    words = {True: "above", False: "not above", None: "unknown"}
    lines = []
    for row in rows:
        if "verdict" in row:
            lines.append(f"\n{row['system']} against random pairing and shuffled input:")
            for name, own in row["per_class"].items():
                said = ", ".join(f"{k} {words[v]}" for k, v in own["verdict"].items())
                lines.append(f"  {name}: {said}")
    return lines


def _warnings(rows: Sequence[dict[str, Any]]) -> list[str]:
    found = [f"{row['system']}: {row['warning']}" for row in rows if row["warning"]]
    return ["", *found] if found else []
