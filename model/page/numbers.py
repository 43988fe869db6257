"""Figures of the page, from the evaluations in the checkpoints' records."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model.errors import DataError
from model.evaluation.comparison_report import plots
from model.formats.system_errors import reason_of

__all__ = ["Numbers", "baseline_wins", "charts", "drift_sentences", "numbers_of"]

Row = dict[str, Any]

HIGHER = ("rhythm", "chroma", "gap", "gap_chroma", "beat_f")
LOWER = ("frechet", "log_mel")
TRUER = ("level_db", "diversity", "offset_ms")
"""Figures that are the better the nearer they are to those of the true stems."""
DRIFTS = {
    "rhythm_change": "rhythm from 0-10 s to 10-20 s",
    "chroma_change": "chroma from 0-10 s to 10-20 s",
    "drift": "rhythm a minute, over a long performance",
    "drift_chroma": "chroma a minute, over a long performance",
}
"""Figures of drift, in words."""
TITLES = {
    "rhythm": "rhythm",
    "chroma": "harmony (chroma)",
    "gap": "gap of rhythm to a wrong mix",
    "gap_chroma": "gap of harmony to a wrong mix",
    "beat_f": "beats on the grid",
    "frechet": "Fréchet distance",
    "log_mel": "log-mel distance from the true stem",
    "offset_ms": "onsets after the mix's, in ms",
    "level_db": "level in dB",
    "diversity": "difference between takes",
}
ANCHORS = {
    "ground truth": "truth",
    "codec": "codec",
    "random pairing": "stranger",
    "silence": "silence",
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """Rows of all systems on the page, and their setting."""

    rows: list[Row]
    """As `compare_checkpoints` writes them; empty if nothing was evaluated."""
    seeds: int = 1
    setting: Mapping[str, Any] = field(default_factory=dict)
    """How much was played; empty where it differs between checkpoints, or where some were
    evaluated without the beat tracker."""


def numbers_of(records: Mapping[str, Mapping[str, Any]], table: Path | None) -> Numbers:
    """Return the figures of a page.

    Args:
        records: Training record of each checkpoint, by its name.
        table: ``family.json`` of ``liveband evaluate --all``; None for the rows of such a
            table in the records, or else of each checkpoint's own evaluation.

    Raises:
        DataError: ``table`` is no such file.
    """
    if table is not None:
        return _read(table, tuple(records))
    kept = {name: record["family"] for name, record in records.items() if "family" in record}
    if kept:
        return _of(kept)
    own = {
        name: {"rows": record["evaluation"]["rows"], "setting": _without_rows(record)}
        for name, record in records.items()
        if "evaluation" in record
    }
    return _of(own)


def _without_rows(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record["evaluation"].items() if name != "rows"}


def _read(file: Path, names: Sequence[str]) -> Numbers:
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
        rows = [row for row in table["rows"] if row["checkpoint"] in (None, *names)]
        return Numbers(rows, table["seeds"], table["setting"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = (
            reason_of(error) if isinstance(error, OSError) else "its content is of no such kind"
        )
        raise DataError(
            f"{file} is no table of the family ({why}); write one with 'liveband evaluate "
            "SONGS --all'"
        ) from error


def _of(tables: Mapping[str, Mapping[str, Any]]) -> Numbers:
    """Return the tables of several checkpoints as one; reference rows are the first one's."""
    rows: list[Row] = []
    for name, table in tables.items():
        for row in table["rows"]:
            source = row.get("source") or _source(row["system"])
            if source in ("player", "shuffled") or not any(r["source"] == source for r in rows):
                rows.append({**row, "source": source, "checkpoint": name})
    systems = [row["system"] for row in rows]
    for row in rows:
        twice = systems.count(row["system"]) > 1
        row["name"] = f"{row['system']} ({row['checkpoint']})" if twice else row["system"]
    settings = [table["setting"] for table in tables.values()]
    told = {"beat" in row for row in rows if row["source"] == "player"}
    same = settings and len(told) < 2 and all(each == settings[0] for each in settings)
    seeds = max([table.get("seeds", 1) for table in tables.values()], default=1)
    return Numbers(rows, seeds, settings[0] if same else {})


def charts(rows: Sequence[Row]) -> dict[str, str]:
    """Return the plots of the table as SVG by name; none without rows."""
    return plots({"rows": rows}) if rows else {}


def baseline_wins(rows: Sequence[Row]) -> list[str]:
    """Return a sentence for each figure in which the baseline is better than LiveBand.

    Only rows of equal anticipation are compared; an answer says whether the intervals touch.
    """
    truth = next((row for row in rows if row["source"] == "truth"), {})
    found = []
    for rival, own in _pairs(rows):
        ahead = own["system"].removeprefix("liveband")
        found += [
            f"{TITLES[name]} at{ahead}: {rival[name]:.2f} against {own[name]:.2f}"
            + (f", true stems {truth[name]:.2f}" if name in TRUER else "")
            + ("" if _apart(rival, own, name) else ", within the intervals")
            for name in (*HIGHER, *LOWER, *TRUER)
            if _better(rival, own, truth, name)
        ]
    return found


def drift_sentences(rows: Sequence[Row]) -> list[str]:
    """Return sentences about how LiveBand and the baseline change while they play.

    A sentence for each anticipation and each of ``DRIFTS`` that both were scored in: how much
    it changes, with intervals, and whether the two differ.
    """
    return [
        _drift_sentence(own, rival, name)
        for name in DRIFTS
        for rival, own in _pairs(rows)
        if own.get(name) is not None and rival.get(name) is not None
    ]


def _drift_sentence(own: Row, rival: Row, name: str) -> str:
    ahead = own["system"].removeprefix("liveband").strip()
    verdict = "the intervals touch, so no difference is shown"
    if _apart(rival, own, name):
        who = "the baseline" if rival[name] < own[name] else "LiveBand"
        less = min(rival[name], own[name])
        verdict = f"{who} {'wears off more' if less < 0 else 'gains less'}"
    return (
        f"{ahead}, {DRIFTS[name]}: LiveBand {_with_ends(own, name)}, "
        f"baseline {_with_ends(rival, name)}; {verdict}"
    )


def _pairs(rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Return every row of the baseline with each LiveBand row of the same anticipation."""
    return [
        (rival, own)
        for rival in rows
        if rival["source"] == "player" and rival["system"].startswith("streammusicgen")
        for own in rows
        if own["source"] == "player"
        and own["system"] == "liveband" + rival["system"].removeprefix("streammusicgen")
    ]


def _with_ends(row: Row, name: str) -> str:
    ends = row["intervals"].get(name)
    span = f" [{ends[0]:+.3f}, {ends[1]:+.3f}]" if ends else ""
    return f"{row[name]:+.3f}{span}"


def _source(system: str) -> str:
    if system.startswith("shuffled"):
        return "shuffled"
    return ANCHORS.get(system, "player")


def _better(rival: Row, own: Row, truth: Row, name: str) -> bool:
    a, b = rival.get(name), own.get(name)
    if a is None or b is None:
        return False
    if name in TRUER:
        true = truth.get(name)
        return true is not None and abs(a - true) < abs(b - true)
    return bool(a < b if name in LOWER else a > b)


def _apart(rival: Row, own: Row, name: str) -> bool:
    a, b = rival["intervals"].get(name), own["intervals"].get(name)
    return bool(a and b and (a[0] > b[1] or a[1] < b[0]))
