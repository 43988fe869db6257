"""Text tables of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["as_text", "cell", "titled_table"]

COLUMNS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "With the mix (95 % intervals by song)": (
        ("rhythm", "rhythm", 2),
        ("chroma", "chroma", 2),
        ("gap", "gap", 2),
        ("gap_chroma", "gap chroma", 2),
        ("drift", "drift/min", 3),
    ),
    "On the grid and in the chord": (
        ("beat_f", "beat F", 2),
        ("beat_phase", "beat", 2),
        ("eighth_phase", "eighth", 2),
        ("offset_ms", "late ms", 0),
        ("chord_ratio", "chord ratio", 2),
    ),
    "As a sound": (
        ("frechet", "Frechet", 2),
        ("log_mel", "log-mel", 2),
        ("level_db", "level dB", 1),
        ("diversity", "diversity", 2),
        ("copying", "copying", 2),
    ),
    "How much is played": (
        ("silent", "silent", 2),
        ("onsets", "onsets/s", 1),
        ("jitter", "jitter", 2),
    ),
}


def as_text(rows: Sequence[dict[str, Any]]) -> str:
    """Return the rows as tables: all classes together, adherence of each, verdicts."""
    together = next(iter(COLUMNS.values()))
    parts = [titled_table(f"{title}, all classes", rows, own) for title, own in COLUMNS.items()]
    for name in rows[0]["per_class"]:
        own = [{"system": row["system"], **row["per_class"][name]} for row in rows]
        columns = (*together[:4], ("beat_f", "beat F", 2), ("chord_ratio", "chord", 2))
        parts.append(titled_table(f"{name}, {own[0]['excerpts']} excerpts", own, columns))
    return "\n".join([*parts, *_verdicts(rows), *_warnings(rows)])


def titled_table(
    title: str, rows: Sequence[dict[str, Any]], columns: Sequence[tuple[str, str, int]]
) -> str:
    """Return a table of means and 95 % intervals, a line for each row.

    Args:
        title: Stands above it.
        rows: Each with ``system``, the figures, and their ``intervals``.
        columns: Figure, heading and digits after the point of each column.
    """
    width = max(len(row["system"]) for row in rows)
    lines = [f"\n{title}", " " * width + "".join(f"{head:>24}" for _, head, _ in columns)]
    for row in rows:
        cells = "".join(f"{cell(row, key, f'.{digits}f'):>24}" for key, _, digits in columns)
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
