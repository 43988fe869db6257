"""Report of a comparison of checkpoints: Markdown table and plots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from model.evaluation.charts import ChartInterval, ChartLine, ChartPoint, ladder, lines
from model.evaluation.columns import Column, columns
from model.evaluation.drift import BIN_S
from model.evaluation.systems import OWN_COUNT, TRANSPORT
from model.evaluation.table import cell
from model.formats.checkpoint_folder import BIDIRECTIONAL

__all__ = ["as_markdown", "plots"]

COLUMNS = columns(
    "rhythm",
    "rhythm_first",
    "rhythm_second",
    "rhythm_change",
    "gap",
    "chroma",
    "chroma_change",
    "gap_chroma",
    "beat_f",
    "frechet",
    "drift",
    rhythm_change="rhythm's change",
    gap="rhythm's gap",
    gap_chroma="chroma's gap",
)
OTHERS = (TRANSPORT, OWN_COUNT)
"""Ends of the names of systems that no curve is drawn of: told the beat otherwise."""
NOTE = (
    "95 % intervals, by song, in brackets. Rhythm and chroma: with the mix, higher is better. "
    "Change: second ten seconds less the first. Gap: score with the right mix less score with "
    "a wrong one."
)
TRACKED = " Who plays live is told the beat by the beat tracker, which hears the same mix."


def as_markdown(table: dict[str, Any]) -> str:
    """Return the table of `compare_checkpoints` as Markdown."""
    setting = table["setting"]
    shown = [each for each in COLUMNS if any(row[each[0]] is not None for row in table["rows"])]
    head = " | ".join(title for _, title, _ in shown)
    tracked = any(row.get("beat") == "tracker" for row in table["rows"])
    parts = [
        f"# The family on the {setting['split']} split",
        f"{setting['songs']} songs, excerpts of {setting['seconds']:g} s, "
        f"{table['seeds']} take{'s' * (table['seeds'] > 1)} of every system. {NOTE}"
        + (TRACKED if tracked else ""),
        f"| system | {head} |\n|---|{'--:|' * len(shown)}\n"
        + "\n".join(_line(row, shown) for row in table["rows"]),
    ]
    bins = [row for row in table["rows"] if row["drift_bins"]]
    if bins:
        count = min(len(row["drift_bins"]) for row in bins)
        heads = " | ".join(f"{n * BIN_S} s" for n in range(count))
        over = [
            f"| {row['name']} | " + " | ".join(f"{v:.2f}" for v in row["drift_bins"][:count])
            for row in bins
        ]
        parts.append(
            f"Rhythm over time, from:\n\n| system | {heads} |\n|---|{'--:|' * count}\n"
            + " |\n".join(over)
            + " |"
        )
    return "\n\n".join(parts)


def plots(table: dict[str, Any]) -> dict[str, str]:
    """Return the plots as SVG by name: ``ladder``, ``anticipation`` and ``time``.

    One is left out where the table has nothing to draw: no anticipation, or no time.
    """
    rows = table["rows"]
    shown = [row for row in rows if row["source"] != "shuffled" and row["rhythm"] is not None]
    ordered = sorted(shown, key=lambda row: -row["rhythm"])
    bars = [
        ChartInterval(row["name"], row["rhythm"], _ends(row), row["source"] == "player")
        for row in ordered
    ]
    drawn = {"ladder": ladder("Rhythm with the mix: systems and anchors", bars)}
    if curves := _by_anticipation(rows):
        drawn["anticipation"] = lines(
            "Rhythm with the mix against anticipation",
            curves,
            anchors=_anchors(rows),
            axis="anticipation",
        )
    if worn := _by_time(rows):
        drawn["time"] = lines("Rhythm with the mix over time", worn, axis="from second")
    return drawn


def _line(row: dict[str, Any], shown: Sequence[Column]) -> str:
    cells = [cell(row, key, f"z.{digits}f", ", ") for key, _, digits in shown]
    return f"| {row['name']} | " + " | ".join(cells) + " |"


def _ends(row: dict[str, Any], key: str = "rhythm") -> tuple[float, float] | None:
    ends = row["intervals"].get(key)
    return None if ends is None else (ends[0], ends[1])


def _by_anticipation(rows: Sequence[dict[str, Any]]) -> list[ChartLine]:
    """Return a line for every checkpoint that plays at several anticipations."""
    curves: dict[str, list[ChartPoint]] = {}
    for row in rows:
        words = row["system"].split()
        plain = row["source"] == "player" and not row["system"].endswith(OTHERS)
        if plain and words[-1] == "s" and row["rhythm"] is not None:
            name = f"{words[0]} ({row['checkpoint']})"
            curves.setdefault(name, []).append(
                ChartPoint(f"{words[-2]} s", row["rhythm"], _ends(row))
            )
    places = {point.x for points in curves.values() for point in points}
    return [
        ChartLine(name, sorted(points, key=lambda point: float(point.x.split()[0])), name)
        for name, points in sorted(curves.items(), key=lambda curve: -len(curve[1]))
        if len(places) > 1
    ]


def _anchors(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    wanted = ("ground truth", "random pairing")
    return {
        row["name"]: row["rhythm"]
        for row in rows
        if row["system"] in wanted and row["rhythm"] is not None
    }


def _by_time(rows: Sequence[dict[str, Any]]) -> list[ChartLine]:
    """Return a line for every system with long performances.

    Anchors come last, and before them what has no anticipation and so no curve in the other
    plot: the groups the two plots share have the same colours.
    """
    shown = [row for row in rows if row["drift_bins"] and not row["system"].endswith(OTHERS)]
    return [
        ChartLine(
            row["name"],
            [ChartPoint(str(n * BIN_S), value) for n, value in enumerate(row["drift_bins"])],
            row["checkpoint"] if row["source"] == "player" else row["name"],
        )
        for row in sorted(
            shown, key=lambda row: (row["source"] != "player", row.get("kind") == BIDIRECTIONAL)
        )
    ]
