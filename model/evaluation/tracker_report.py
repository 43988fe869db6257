"""Report of the beat tracker on held-out mixes, beside ``aubiotrack``."""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from model.beat_tracker.spectrum import SAMPLE_RATE
from model.data.index import load_songs
from model.errors import DataError, MissingTool
from model.evaluation.annotations import annotations_of
from model.evaluation.aubio import require_aubio
from model.evaluation.bootstrap import means
from model.evaluation.columns import columns
from model.evaluation.excerpts import Excerpt, choose_excerpts
from model.evaluation.setting import Setting
from model.evaluation.table import titled_table
from model.evaluation.tracker_conditions import by_condition, differences
from model.evaluation.tracker_scores import (
    AUBIO,
    FIGURES,
    HOP,
    STEADINESS,
    TrackerScore,
    score_trackers,
)
from model.evaluation.workers import run_all

__all__ = ["as_text", "evaluate_tracker", "tracker_section"]

logger = logging.getLogger(__name__)

COLUMNS = {
    **{
        f"{title}, by seconds ahead": tuple(
            (f"{figure}{level}_{ahead_s}_s", f"{words}{ahead_s} s", 2)
            for level, words in (("", ""), ("_free", "any level "))
            for ahead_s in ("0", "0.1", "1")
        )
        for figure, title in (
            ("beat_f", "F of predicted beats"),
            ("in_phase", "Share of time in phase"),
        )
    },
    "Bars and steadiness, 0.1 s ahead": columns(*STEADINESS),
}
TARGETS = ("drums", "bass", "guitar", "piano")
"""Classes that are left out of the mixes by turns."""

BY_CONDITION = columns(
    "beat_f_0.1_s", "beat_f_free_0.1_s", "bar_phase", "locked", "level_changed"
)


def evaluate_tracker(
    data: Path, setting: Setting, *, as_json: bool, weights: Path | None = None
) -> int:
    """Score the beat tracker alone on held-out mixes, and print its figures.

    Args:
        data: Folder of rendered songs.
        setting: How much; of it split, songs, seconds, excerpts and jobs.
        as_json: Print one JSON object as the last line instead of tables.
        weights: Of a second beat tracker to compare with; see :func:`tracker_section`.

    Returns:
        Exit code 0.

    Raises:
        DataError: There is no song with beats, or no stretch in which stem and mix sound.
        CheckpointError: The tracker's weights cannot be read.
    """
    excerpts = choose_excerpts(
        load_songs(data, setting.split)[: setting.songs],
        TARGETS,
        sample_rate=SAMPLE_RATE,
        frames=int(setting.seconds * SAMPLE_RATE) // HOP * HOP,
        per_song=setting.excerpts,
    )
    logger.info("%d mixes of %g s", len(excerpts), setting.seconds)
    section = tracker_section(excerpts, setting.jobs, weights)
    if not section["rows"]:
        raise DataError(f"{data}: {'; '.join(section['notes'])}")
    asked = dataclasses.asdict(setting)
    answer = {"setting": asked, "beat_tracker": section}
    sys.stdout.write((json.dumps(answer) if as_json else as_text(section)) + "\n")
    return 0


def tracker_section(
    excerpts: Sequence[Excerpt], jobs: int, weights: Path | None = None
) -> dict[str, Any]:
    """Return the beat tracker's figures on the mixes of excerpts, for JSON.

    Args:
        excerpts: Whose mixes to hear, each from a cold start; those of songs whose beats are
            not known are left out.
        jobs: Processes.
        weights: Of a second beat tracker. It has a row of its own, and another row holds its
            figures less the shipped one's, mix by mix.

    Returns:
        ``rows``, one for each tracker with ``system``, ``excerpts``, ``songs``, the
        :data:`FIGURES`, ``intervals`` (95 %, by song), by the class that the mix lacks
        ``per_class``, and ``per_condition``, see
        :mod:`model.evaluation.tracker_conditions`; and ``notes``: in words, what was left out.
        ``locked`` is the share of the mixes that a tracker locked to; ``lock_s`` is a mean
        over those, and so is ``level_changed``, the share with a change of metrical level
        after the lock.

    Raises:
        CheckpointError: The tracker's weights cannot be read.
        DataError: ``aubiotrack`` is there and fails.
    """
    known = [each for each in excerpts if annotations_of(each.song).has_grid]
    notes = []
    if len(known) < len(excerpts):
        notes.append(f"beats and bars of {len(excerpts) - len(known)} excerpts are not known")
    compare = True
    try:
        require_aubio()
    except MissingTool as missing:
        compare = False
        notes.append(f"no row of {AUBIO}: {missing}")
    for note in notes:
        logger.warning("%s", note)
    tasks = [
        partial(score_trackers, excerpt, compare=compare, weights=weights) for excerpt in known
    ]
    scores = [score for found in run_all(tasks, jobs) for score in found]
    scores += differences(scores)
    systems = dict.fromkeys(score.system for score in scores)
    rows = [_row([s for s in scores if s.system == system]) for system in systems]
    return {"rows": rows, "notes": notes}


def _row(scores: Sequence[TrackerScore]) -> dict[str, Any]:
    """Return means and intervals of one tracker, also by left-out class and by condition."""
    mixes = [score for score in scores if not score.alone]
    classes = dict.fromkeys(score.stem_class for score in mixes)
    return {
        "system": scores[0].system,
        **_means(mixes),
        "per_class": {
            name: _means([score for score in mixes if score.stem_class == name])
            for name in classes
        },
        "per_condition": {name: _means(own) for name, own in by_condition(scores).items()},
    }


def _means(scores: Sequence[TrackerScore]) -> dict[str, Any]:
    songs = [score.song for score in scores]
    return {
        "excerpts": len(scores),
        "songs": len(set(songs)),
        **means([score.figures for score in scores], songs, FIGURES),
    }


def as_text(section: dict[str, Any]) -> str:
    """Return the result of :func:`tracker_section` as text."""
    rows, parts = section["rows"], []
    if rows:
        head = f"beat tracker, {rows[0]['excerpts']} mixes of {rows[0]['songs']} songs"
        parts = [titled_table(f"{title}, {head}", rows, own) for title, own in COLUMNS.items()]
        shown = columns("beat_f_0.1_s", "beat_f_free_0.1_s", "in_phase_0.1_s", "downbeat_f")
        for name in rows[0]["per_class"]:
            own = [{"system": row["system"], **row["per_class"][name]} for row in rows]
            parts.append(titled_table(f"beat tracker, mixes without {name}", own, shown))
        for name in rows[0]["per_condition"]:
            own = [{"system": r["system"], **r["per_condition"][name]} for r in rows]
            about = f"{own[0]['excerpts']} of {own[0]['songs']} songs"
            parts.append(titled_table(f"beat tracker, {name}, {about}", own, BY_CONDITION))
    return "\n".join([*parts, *(f"\nBeat tracker: {note}" for note in section["notes"])])
