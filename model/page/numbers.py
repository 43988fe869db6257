"""Numbers of the page, from the evaluations that the checkpoints keep in their records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.evaluation.family_report import plots

__all__ = ["baseline_wins", "charts", "recorded_rows"]

Row = dict[str, Any]

HIGHER = ("rhythm", "chroma", "gap", "gap_chroma", "beat_f")
LOWER = ("frechet",)
TITLES = {
    "rhythm": "rhythm",
    "chroma": "harmony (chroma)",
    "gap": "gap of rhythm to a wrong mix",
    "gap_chroma": "gap of harmony to a wrong mix",
    "beat_f": "beats on the grid",
    "frechet": "Fréchet distance",
}
ANCHORS = {
    "ground truth": "truth",
    "codec": "codec",
    "random pairing": "stranger",
    "silence": "silence",
}


def recorded_rows(records: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """Return the rows of all records as one table; anchors are the first record's.

    Args:
        records: Training record of each checkpoint, by its name.

    Returns:
        Rows as in :func:`model.evaluation.family.evaluate_family`; none where nothing was
        evaluated.
    """
    rows: list[Row] = []
    for name, record in records.items():
        for row in record.get("evaluation", {}).get("rows", ()):
            source = _source(row["system"])
            if source in ("player", "shuffled") or not any(r["source"] == source for r in rows):
                rows.append({**row, "source": source, "checkpoint": name})
    systems = [row["system"] for row in rows]
    for row in rows:
        twice = systems.count(row["system"]) > 1
        row["name"] = f"{row['system']} ({row['checkpoint']})" if twice else row["system"]
    return rows


def charts(rows: Sequence[Row]) -> dict[str, str]:
    """Return the plots of the table as SVG by name; none without rows."""
    return plots({"rows": rows}) if rows else {}


def baseline_wins(rows: Sequence[Row]) -> list[str]:
    """Return, in words, every figure in which the baseline is better than LiveBand.

    Only rows of equal anticipation are compared; an answer says whether the intervals touch.
    """
    found = []
    for rival in rows:
        if not rival["system"].startswith("streammusicgen"):
            continue
        ahead = rival["system"].removeprefix("streammusicgen")
        for own in rows:
            if own["source"] == "player" and own["system"] == f"liveband{ahead}":
                found += [
                    f"{TITLES[name]} at{ahead}: {rival[name]:.2f} against {own[name]:.2f}"
                    + ("" if _apart(rival, own, name) else ", within the intervals")
                    for name in (*HIGHER, *LOWER)
                    if _better(rival, own, name)
                ]
    return found


def _source(system: str) -> str:
    if system.startswith("shuffled"):
        return "shuffled"
    return ANCHORS.get(system, "player")


def _better(rival: Row, own: Row, name: str) -> bool:
    a, b = rival.get(name), own.get(name)
    if a is None or b is None:
        return False
    return bool(a < b if name in LOWER else a > b)


def _apart(rival: Row, own: Row, name: str) -> bool:
    a, b = rival["intervals"].get(name), own["intervals"].get(name)
    return bool(a and b and (a[0] > b[1] or a[1] < b[0]))
