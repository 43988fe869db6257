"""Rows of the table, from figures of excerpts: means, intervals, gaps, verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.evaluation.bootstrap import interval, mean
from model.evaluation.drift import slope_per_minute
from model.evaluation.frechet import Background, frechet_with_interval
from model.evaluation.halves import HALVES
from model.evaluation.neighbours import nearest_distances
from model.evaluation.scorer import LongScore, ReferenceStem, StemScore
from model.evaluation.systems import System

__all__ = ["FIGURES", "EvaluationResults", "table_rows"]

Windows = NDArray[np.float64]

FIGURES = (
    "rhythm",
    "chroma",
    "beat_f",
    "gap",
    "drift",
    "beat_phase",
    "eighth_phase",
    "offset_ms",
    "chord_ratio",
    "gap_chroma",
    "drift_chroma",
    "frechet",
    "log_mel",
    "level_db",
    "silent",
    "onsets",
    "jitter",
    "diversity",
    "copying",
    *HALVES,
)
"""Figures of every row, None where one is undefined."""
PER_EXCERPT = tuple(
    name
    for name in FIGURES
    if name not in ("gap", "drift", "gap_chroma", "drift_chroma", "frechet", "copying")
)
"""Figures that every excerpt has on its own; the others need several."""
FEWEST_SONGS = 5
"""Songs below which intervals are too uncertain for a verdict."""
FAINT_WARNING = 0.25
"""Share of faint excerpts from which a row carries a warning."""


@dataclass(frozen=True, slots=True)
class EvaluationResults:
    """Results of excerpts, long performances and other splits."""

    systems: Sequence[System]
    classes: Sequence[str]
    scores: Sequence[Sequence[StemScore]]
    """Groups of scores: of each take, one per system, or single ones."""
    long: Sequence[LongScore]
    valid: Sequence[ReferenceStem]
    """Embeddings of true stems of the valid split."""
    train: Sequence[ReferenceStem]
    """Patches of true stems of the train split."""

    def of_class(self, name: str) -> EvaluationResults:
        """Return the results of one stem class."""
        return EvaluationResults(
            self.systems,
            (name,),
            [group for group in self.scores if group and group[0].stem_class == name],
            [score for score in self.long if score.stem_class == name],
            [known for known in self.valid if known.stem_class == name],
            [known for known in self.train if known.stem_class == name],
        )


def table_rows(results: EvaluationResults) -> list[dict[str, Any]]:
    """Return one row per shown system, with a smaller row of its own per stem class.

    Each row has ``system``, ``beat`` (source of a player's beat: ``tracker``, ``transport``
    or ``none``; None for systems that are no players), the :data:`FIGURES`, ``intervals``
    (95 %, by song) of those that have one, ``excerpts``, ``songs``, ``faint`` (share of
    excerpts more than 40 dB below the true stem, which count as no adherence at all),
    ``warning``, and for players ``verdict``: whether rhythm and chroma lie above random pairing
    and shuffled input with intervals that do not touch; None with fewer than 5 songs.
    """
    rows = _rows(results)
    for name in results.classes:
        smaller = {row["system"]: row for row in _rows(results.of_class(name))}
        for row in rows:
            own = smaller[row["system"]]
            row.setdefault("per_class", {})[name] = {
                key: value for key, value in own.items() if key != "system"
            }
    return rows


def _rows(results: EvaluationResults) -> list[dict[str, Any]]:
    shown = [system for system in results.systems if system.shown]
    backgrounds = _background(results)
    rows = {system.name: _row(system, results, backgrounds) for system in shown}
    truth = _nearest(results, "ground truth")
    for system in shown:
        found = _nearest(results, system.name)
        if found and truth:
            rows[system.name]["copying"] = round(found / truth, 4)
        if system.source == "player" and system.rival is not None:
            against = [rows[system.rival], rows["random pairing"]]
            rows[system.name]["verdict"] = {
                name: _above(rows[system.name], against, name) for name in ("rhythm", "chroma")
            }
    return list(rows.values())


def _row(
    system: System, results: EvaluationResults, background: Background | None
) -> dict[str, Any]:
    mine = [_find(group, system.name) for group in results.scores]
    present = [score for score in mine if score is not None]
    songs = [score.song for score in present]
    figures: dict[str, float | None] = dict.fromkeys(FIGURES)
    intervals: dict[str, list[float]] = {}

    def keep(name: str, values: Sequence[float | None], names: Sequence[str]) -> None:
        figures[name] = mean(values)
        if (ends := interval(values, names)) is not None:
            intervals[name] = [round(end, 4) for end in ends]

    for name in PER_EXCERPT:
        keep(name, [score.figures.get(name) for score in present], songs)
    for name, of in (("gap", "rhythm"), ("gap_chroma", "chroma")):
        keep(name, *_gaps(results.scores, system, of))
    worn = [score for score in results.long if score.system == system.name]
    for name, bins_of in (("drift", _rhythm_bins), ("drift_chroma", _chroma_bins)):
        slopes = [slope_per_minute(bins_of(score)) for score in worn]
        keep(name, slopes, [score.song for score in worn])
    if background is not None:
        clouds = _clouds(present)
        figures["frechet"], ends = frechet_with_interval(
            background, list(clouds.values()), [song for song, _, _ in clouds]
        )
        if ends is not None:
            intervals["frechet"] = [round(end, 4) for end in ends]
    faint = mean([score.figures["faint"] for score in present])
    return {
        "system": system.name,
        "beat": system.beat if system.source == "player" else None,
        **{name: None if v is None else round(v, 4) for name, v in figures.items()},
        "intervals": intervals,
        "drift_bins": _mean_bins([score.rhythm for score in worn]),
        "excerpts": len(present),
        "songs": len(set(songs)),
        "faint": faint,
        "warning": _warning(system, faint),
    }


def _find(group: Sequence[StemScore], name: str) -> StemScore | None:
    return next((score for score in group if score.system == name), None)


def _gaps(
    groups: Sequence[Sequence[StemScore]], system: System, figure: str
) -> tuple[list[float], list[str]]:
    """Return the differences to the rival on the same excerpts, and their songs.

    A rival with a single take is compared with all takes of the system.
    """
    rivals = {
        _place(score): score
        for group in groups
        for score in group
        if score.system == system.rival
    }
    gaps, songs = [], []
    for group in groups:
        mine = _find(group, system.name)
        other = rivals.get(_place(mine)) if mine is not None else None
        if mine is None or other is None:
            continue
        a, b = mine.figures[figure], other.figures[figure]
        if a is not None and b is not None:
            gaps.append(a - b)
            songs.append(mine.song)
    return gaps, songs


def _clouds(scores: Sequence[StemScore]) -> dict[tuple[str, str, int], list[Windows]]:
    """Return the embeddings of every take, by the excerpt it was played to."""
    clouds: dict[tuple[str, str, int], list[Windows]] = {}
    for score in scores:
        if score.windows is not None:
            clouds.setdefault(_place(score), []).append(score.windows)
    return clouds


def _place(score: StemScore) -> tuple[str, str, int]:
    return score.song, score.stem_class, score.start


def _rhythm_bins(score: LongScore) -> list[float]:
    return score.rhythm


def _chroma_bins(score: LongScore) -> list[float]:
    return score.chroma or []


def _mean_bins(bins: Sequence[Sequence[float]]) -> list[float] | None:
    if not bins:
        return None
    shortest = min(len(each) for each in bins)
    means = np.mean([each[:shortest] for each in bins], axis=0)
    return [round(float(each), 4) for each in means]


def _warning(system: System, faint: float | None) -> str | None:
    if system.source == "silence" or faint is None or faint < FAINT_WARNING:
        return None
    return f"nearly silent in {faint:.0%} of the excerpts; scored as not playing there"


def _background(results: EvaluationResults) -> Background | None:
    windows = [known.windows for known in results.valid if known.windows is not None]
    return Background.of(np.concatenate(windows)) if windows else None


def _nearest(results: EvaluationResults, system: str) -> float | None:
    """Return the mean distance of a system's patches to the train split, over classes."""
    distances: list[float] = []
    for name in results.classes:
        own = results.of_class(name)
        known = [k.patches for k in own.train if k.patches is not None and len(k.patches)]
        mine = [_find(group, system) for group in own.scores]
        asked = [s.patches for s in mine if s is not None and s.patches is not None]
        if known and asked:
            found = nearest_distances(np.concatenate(asked), np.concatenate(known))
            distances += found.tolist()
    return mean(distances)


def _above(row: dict[str, Any], against: list[dict[str, Any]], figure: str) -> bool | None:
    """Return whether an interval lies above all others; None if uncertain or missing."""
    mine = row["intervals"].get(figure)
    others = [other["intervals"].get(figure) for other in against]
    few = min(each["songs"] for each in (row, *against)) < FEWEST_SONGS
    if few or mine is None or any(other is None for other in others):
        return None
    return bool(mine[0] > max(other[1] for other in others))
