"""Figures of beat trackers on recordings without beat annotations.

Where the shipped networks, each decoded offline on its own, find the same beats, these are most
likely right; beats decoded offline from their mean then serve as the reference. Recordings on
which they disagree are left out. Other weights are scored by the shipped networks' beats, so
this shows whether they got worse, not whether they are better.

Source:
    Mutual agreement as a sign of right beats: Holzapfel, Davies, Zapata, Oliveira and Gouyon
    2012.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.array_types import Audio
from model.beat_tracker.gain import AutomaticGain
from model.beat_tracker.network import BeatNetwork
from model.beat_tracker.spectrum import SAMPLE_RATE, LogSpectrum
from model.beat_tracker.weights import WEIGHTS, load_weights
from model.data.audiofile import early_end, frames_in, read_frames
from model.errors import DataError
from model.evaluation.beat_tracking import (
    in_phase,
    level_changes,
    locked_at,
    predicted_f,
    predicted_f_free,
)
from model.evaluation.beats import f_measure
from model.evaluation.bootstrap import means
from model.evaluation.offline_beats import offline_beats
from model.evaluation.setting import Setting
from model.evaluation.table import titled_table
from model.evaluation.tracker_conditions import DIFFERENCE, less
from model.evaluation.tracker_scores import FROM_S, HOP, STAGE_S, TRACKER, TRAINED, read_ahead
from model.evaluation.workers import run_all

__all__ = ["RecordingScore", "evaluate_recordings", "recordings_in", "score_recording"]

logger = logging.getLogger(__name__)

SUFFIXES = (".flac", ".mp3", ".ogg", ".opus", ".wav")
AGREED_F = 0.8
"""Mean F of each two networks' beats from which on they agree."""
FIGURES = ("beat_f", "beat_f_free", "in_phase", "offline_f", "locked", "level_changed")
COLUMNS = tuple(
    (name, head, 2)
    for name, head in zip(
        FIGURES,
        ("F 0.1 s", "F any level", "in phase", "F offline", "locked", "level changed"),
        strict=True,
    )
)
Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class RecordingScore:
    """Figures of every tracker on a stretch of a recording."""

    recording: str
    agreement: float
    """Mean F of each two shipped networks' beats, 0..1."""
    figures: dict[str, dict[str, float | None]]
    """By tracker; they count where the networks agree."""


def recordings_in(folder: Path, seconds: float, count: int) -> list[Path]:
    """Return audio files of at least some length, evenly drawn from a folder.

    Args:
        folder: Looked through with all folders in it. A file that cannot be read, or not to
            its end, is left out, with a warning.
        seconds: Least length.
        count: At most so many.

    Raises:
        DataError: There is none.
    """
    files = sorted(f for f in folder.rglob("*") if f.suffix in SUFFIXES and f.is_file())
    long = [file for file in files if _length_s(file) >= seconds]
    if not long:
        raise DataError(
            f"{folder}: no recording of {seconds:g} s or more ({', '.join(SUFFIXES)}) among "
            f"{len(files)} audio files; name another folder or fewer --seconds"
        )
    places = np.linspace(0, len(long), min(count, len(long)), endpoint=False)
    chosen = [long[int(place)] for place in places]
    whole = [file for file in chosen if _is_whole(file)]
    if not whole:
        raise DataError(f"{folder}: every recording that was chosen is cut or damaged")
    return whole


def _length_s(file: Path) -> float:
    try:
        return frames_in(file) / SAMPLE_RATE
    except DataError as error:
        logger.warning("left out: %s", error)
        return 0.0


def _is_whole(file: Path) -> bool:
    ends = early_end(file)
    if ends:
        logger.warning("left out: %s is cut or damaged and ends early, %s", file, ends)
    return not ends


def score_recording(file: Path, seconds: float, weights: Path | None) -> RecordingScore:
    """Return the figures of the beat tracker in the middle of a recording.

    Args:
        file: The recording.
        seconds: How much of it is heard, from a cold start.
        weights: Of a second beat tracker that hears it.

    Raises:
        CheckpointError: The tracker's weights cannot be read.
        DataError: The recording cannot be read.
    """
    frames = int(seconds * SAMPLE_RATE) // HOP * HOP
    mix = read_frames(file, (frames_in(file) - frames) // 2, frames)
    features, shipped = _features(mix), load_weights(WEIGHTS)[0]
    begin_s = min(FROM_S, seconds / 2)
    alone = [
        _searched(features, {name: array[n : n + 1] for name, array in shipped.items()})
        for n in range(len(shipped["linear.bias"]))
    ]
    parts = [beats_s[beats_s >= begin_s] for beats_s in alone]
    agreement = float(np.mean([f_measure(*pair) for pair in combinations(parts, 2)]))
    beats_s = _searched(features, shipped)
    files = {TRACKER: WEIGHTS} | ({} if weights is None else {TRAINED: weights})
    figures = {
        system: _figures(mix, features, own, beats_s, begin_s, seconds)
        for system, own in files.items()
    }
    if weights is not None:
        figures[DIFFERENCE] = {
            name: less(figures[TRAINED][name], figures[TRACKER][name]) for name in FIGURES
        }
    return RecordingScore(str(file), agreement, figures)


def _features(mix: Audio) -> Audio:
    level, spectrum = AutomaticGain(), LogSpectrum()
    return spectrum.step(level.step(mix, level.init_state())[0], spectrum.init_state())


def _searched(features: Audio, weights: Weights) -> NDArray[np.float64]:
    network = BeatNetwork(weights)
    return offline_beats(network.step(features, network.init_state()))


def _figures(
    mix: Audio,
    features: Audio,
    weights: Path,
    beats_s: NDArray[np.float64],
    begin_s: float,
    end_s: float,
) -> dict[str, float | None]:
    """Return the figures of one tracker against beats of the whole stretch."""
    stage = read_ahead(mix, weights)[STAGE_S]
    offline_s, lock_s = _searched(features, load_weights(weights)[0]), locked_at(stage, beats_s)
    return {
        "beat_f": predicted_f(stage, beats_s, begin_s, end_s),
        "beat_f_free": predicted_f_free(stage, beats_s, begin_s, end_s),
        "in_phase": in_phase(stage, beats_s, begin_s, end_s),
        "offline_f": f_measure(beats_s[beats_s >= begin_s], offline_s[offline_s >= begin_s]),
        "locked": float(lock_s is not None),
        "level_changed": None if lock_s is None else float(level_changes(stage, lock_s) > 0),
    }


def evaluate_recordings(
    folder: Path, setting: Setting, *, as_json: bool, weights: Path | None = None
) -> int:
    """Score the beat tracker on recordings without annotations, and print its figures.

    Args:
        folder: Of recordings.
        setting: How much; of it songs, here recordings, seconds and jobs.
        as_json: Print one JSON object as the last line instead of tables.
        weights: Of a second beat tracker to compare with.

    Returns:
        Exit code 0.

    Raises:
        DataError: There is no recording, or none that the networks agree on.
        CheckpointError: The tracker's weights cannot be read.
    """
    files = recordings_in(folder, setting.seconds, setting.songs)
    logger.info("%d recordings, %g s of each", len(files), setting.seconds)
    tasks = [partial(score_recording, file, setting.seconds, weights) for file in files]
    scores: Sequence[RecordingScore] = run_all(tasks, setting.jobs)
    agreed = [score for score in scores if score.agreement >= AGREED_F]
    if not agreed:
        raise DataError(
            f"{folder}: the networks agree on the beats of none of {len(files)} recordings "
            f"(F of each two below {AGREED_F:g}); ask for more --songs"
        )
    names = [score.recording for score in agreed]
    rows = [
        {"system": system, **means([s.figures[system] for s in agreed], names, FIGURES)}
        for system in agreed[0].figures
    ]
    section = {"recordings": len(scores), "agreed": len(agreed), "rows": rows}
    answer: dict[str, Any] = {"setting": dataclasses.asdict(setting), "recordings": section}
    sys.stdout.write((json.dumps(answer) if as_json else _as_text(section)) + "\n")
    return 0


def _as_text(section: dict[str, Any]) -> str:
    about = f"{section['agreed']} of {section['recordings']} recordings"
    title = f"beat tracker, {about} on which the shipped networks agree"
    return titled_table(title, section["rows"], COLUMNS)
