"""Statistics of a folder of songs as Markdown tables or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from model.data.statistics import (
    FAST_BPM,
    PERCENTILES,
    SLOW_BPM,
    Count,
    FolderStatistics,
    SourceCount,
)

__all__ = ["as_json", "as_markdown"]

MOST_ROWS = 40
"""Rows of a table; what is beyond them is summed up in one line."""

Row = Sequence[str]


def as_json(statistics: FolderStatistics) -> str:
    """Return all statistics as one JSON object, with the names of the fields."""
    return json.dumps(asdict(statistics), indent=1, ensure_ascii=False)


def as_markdown(statistics: FolderStatistics) -> str:
    """Return all tables, each under a caption."""
    total = statistics.total
    scope = "" if statistics.split == "all" else f", split {statistics.split}"
    parts = [
        f"**{statistics.folder}**{scope}: {total.songs} songs, {_hours(total.hours)} h. "
        f"Levels and onsets: {statistics.measured_songs} of the songs, drawn at random; "
        "all else: all songs.",
        _by_split(statistics),
        _classes(statistics),
        "Level: A-weighted, dB re full scale, of 50 ms hops above -60 dB; mean: of their "
        "power. Silent: share of hops at or below -60 dB. Onsets: clear ones a second, without "
        "seconds at rest, as the scores hear them; median of the stems.",
        _spreads(statistics),
        _tempi_and_chords(statistics),
        _features(statistics),
        _counts("meter", statistics.meters),
        _counts("genre", statistics.genres),
        _counts("SoundFont", statistics.fonts),
        _sources(statistics.sources),
    ]
    return "\n\n".join(part for part in parts if part)


def _by_split(statistics: FolderStatistics) -> str:
    kinds = sorted({kind for row in statistics.by_split_and_kind.values() for kind in row})
    rows = []
    for split, row in statistics.by_split_and_kind.items():
        cells = [row.get(kind, Count(0, 0.0)) for kind in kinds]
        rows.append([split, *map(_count, [*cells, _sum(cells)])])
    if len(rows) > 1:
        columns = [
            [row.get(kind, Count(0, 0.0)) for row in statistics.by_split_and_kind.values()]
            for kind in kinds
        ]
        rows.append(["all", *map(_count, [*map(_sum, columns), statistics.total])])
    return _table(["split: songs (hours)", *kinds, "all"], rows)


def _classes(statistics: FolderStatistics) -> str:
    rows = [
        [
            name,
            str(row.songs),
            _hours(row.hours),
            _hours(row.sounding_hours),
            str(row.measured),
            *(map(_level, row.level_db or [None] * len(PERCENTILES))),
            _level(row.mean_level_db),
            _share(row.silent_share),
            "-" if row.onsets_per_s is None else f"{row.onsets_per_s:.1f}",
        ]
        for name, row in statistics.classes.items()
    ]
    levels = [f"{percentile} %" for percentile in PERCENTILES]
    levels[0] = f"level dB: {levels[0]}"
    counts = ["class", "songs", "hours", "sounding", "measured"]
    return _table([*counts, *levels, "mean", "silent", "onsets/s"], rows)


def _spreads(statistics: FolderStatistics) -> str:
    rows = [
        [
            name,
            str(spread.songs),
            *(map(_number, spread.percentiles or [None] * len(PERCENTILES))),
        ]
        for name, spread in statistics.spreads.items()
    ]
    return _table(["of a song", "known of", *(f"{p} %" for p in PERCENTILES)], rows)


def _tempi_and_chords(statistics: FolderStatistics) -> str:
    lines = []
    if statistics.slow_share is not None:
        lines.append(
            f"Tempo below {SLOW_BPM:.0f} bpm: {_share(statistics.slow_share)} of the songs; "
            f"above {FAST_BPM:.0f} bpm: {_share(statistics.fast_share)}."
        )
    if statistics.bars_by_chords:
        shares = ", ".join(
            f"{number}: {_share(share)}" for number, share in statistics.bars_by_chords.items()
        )
        lines.append(f"Chords in a bar, share of all bars: {shares}.")
    return " ".join(lines)


def _features(statistics: FolderStatistics) -> str:
    rows = [
        [
            name,
            str(feature.stated),
            str(feature.songs),
            _share(feature.share_of_songs),
            _hours(feature.hours),
            _share(feature.share_of_hours),
        ]
        for name, feature in statistics.features.items()
    ]
    table = _table(["feature", "stated by", "songs", "share", "hours", "share of hours"], rows)
    return (
        f"{table}\n\nShares are those of the songs whose record states the feature; human "
        "drums: of songs with drums, and of the hours in which they sound. "
        f"Different charts: {statistics.charts}; tempo curves: {statistics.tempo_curves}."
    )


def _counts(name: str, counts: Mapping[str, Count]) -> str:
    hours = sum(count.hours for count in counts.values())
    rows = [
        [label, str(count.songs), _hours(count.hours), _share(count.hours / hours)]
        for label, count in counts.items()
    ]
    return _table([name, "songs", "hours", "share"], rows)


def _sources(sources: Sequence[SourceCount]) -> str:
    if not sources:
        return ""
    rows = [
        [source.name, source.licence, source.credit or "-", str(source.songs)]
        for source in sources
    ]
    return _table(["source", "licence", "credit", "songs"], rows, words=3)


def _sum(counts: Sequence[Count]) -> Count:
    return Count(sum(c.songs for c in counts), sum(c.hours for c in counts))


def _count(count: Count) -> str:
    return f"{count.songs} ({_hours(count.hours)})" if count.songs else "-"


def _hours(hours: float) -> str:
    return f"{hours:.2f}" if hours < 10 else f"{hours:.1f}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def _level(level_db: float | None) -> str:
    return "-" if level_db is None else f"{level_db:.0f}"


def _share(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"


def _table(head: Row, rows: Sequence[Row], *, words: int = 1) -> str:
    """Return a table; its first ``words`` columns are aligned left, the others right."""
    shown = [[cell.replace("|", "\\|") for cell in row] for row in [head, *rows[:MOST_ROWS]]]
    widths = [max(3, *map(len, column)) for column in zip(*shown, strict=True)]
    aligned = [
        [
            cell.ljust(width) if column < words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in shown
    ]
    rule = [
        "-" * width if column < words else "-" * (width - 1) + ":"
        for column, width in enumerate(widths)
    ]
    lines = ["| " + " | ".join(row) + " |" for row in [aligned[0], rule, *aligned[1:]]]
    if len(rows) > MOST_ROWS:
        lines.append(f"\nand {len(rows) - MOST_ROWS} more, all of them with `--json`")
    return "\n".join(lines)
