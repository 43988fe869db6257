"""Tempo curves of real recordings, from annotated beats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from model.data.splits import split_of
from model.errors import DataError

__all__ = [
    "TEST_CORPORA",
    "TempoCurve",
    "beat_lengths",
    "draw_tempo",
    "read_tempo_curves",
]

TEST_CORPORA = frozenset({"ballroom", "hainsworth", "smc"})
"""Public test sets of beat trackers: never for training."""

_LEFT_OUT = frozenset({"gtzan", "asap", "groove_midi"})
"""One is kept for judging; one has the free tempo of concert pianists, one none of its own."""

_LEAST_BEATS = 16
_METERS = range(2, 8)
_METER_SHARE = 0.8
_SMOOTHED_BEATS = 3.0
"""Deviation of the smoothing kernel: 10 ms of jitter in every beat leave .7 ms in a length."""
_OUTLIER = 1.35
_NEIGHBOURS = 9
_WIDEST = 1.6
"""Longest beat over the shortest, smoothed; beyond it the count itself changes, or has gaps."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TempoCurve:
    """The beats of one recording."""

    name: str
    """Corpus and file, such as ``beatles/beatles_01``."""
    corpus: str
    beats_s: NDArray[np.float64]
    """Time of every beat in seconds, increasing, shape ``(beats,)``, at least 16."""
    numbers: NDArray[np.int64]
    """Place of every beat in its bar, 1 for a downbeat, 0 where unknown, same shape."""

    beats_per_bar: int | None
    """Beats between downbeats, 2..7; none where unknown, or not the same in 80 % of bars."""

    @property
    def tempo_bpm(self) -> float:
        """Beats a minute, the median over all beats."""
        return 60 / float(np.median(np.diff(self.beats_s)))

    @property
    def split(self) -> str:
        """The split this curve and all that follows it belong to."""
        return "test" if self.corpus in TEST_CORPORA else split_of(f"tempo/{self.name}")


def read_tempo_curves(path: Path) -> list[TempoCurve]:
    """Return the tempo curves of the Beat This annotations, read once a process.

    Left out are the corpora ``gtzan``, ``asap`` and ``groove_midi``, and recordings of fewer
    than 16 beats or with a tempo that changes by more than 60 %.

    Args:
        path: The annotations' folder, with ``beatles/annotations/beats/*.beats`` and so on,
            whose lines hold a time in seconds and, where known, the beat's place in its bar;
            or an ``.npz`` file, or a folder with ``beat_times.npz``, of the same: ``names``
            (``corpus/file``), ``offsets`` (first beat of every recording, and the end),
            ``times`` in seconds and ``numbers``, 0 where unknown.

    Raises:
        DataError: There is nothing of this kind, or it is malformed; file and line are named.

    Source:
        F. Foscarin et al., "Beat This! Accurate beat tracking without DBN postprocessing",
        ISMIR 2024; github.com/CPJKU/beat_this_annotations, MIT licence.
    """
    return list(_read(path.resolve()))


@cache
def _read(path: Path) -> tuple[TempoCurve, ...]:
    packed = path / "beat_times.npz" if path.is_dir() else path
    if packed.is_file():
        curves = tuple(_from_arrays(packed))
    else:
        files = sorted(path.glob("*/annotations/beats/*.beats"))
        curves = tuple(curve for file in files if (curve := _from_lines(file)) is not None)
    if not curves:
        raise DataError(
            f"expected beat annotations in {path}: CORPUS/annotations/beats/*.beats, or "
            "beat_times.npz; found none to use"
        )
    return curves


def _from_arrays(path: Path) -> Iterator[TempoCurve]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            names, offsets = arrays["names"].tolist(), arrays["offsets"].tolist()
            times, numbers = arrays["times"].astype(np.float64), arrays["numbers"].astype(int)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise DataError(f"{path}: expected packed beat annotations, but {error}") from None
    ends = [len(times), len(numbers), offsets[-1] if offsets else 0]
    if len(offsets) != len(names) + 1 or len(set(ends)) > 1:
        raise DataError(
            f"{path}: expected an offset a name and one more, up to the number of beats; got "
            f"{len(names)} names, {len(offsets)} offsets up to {ends[2]}, {ends[0]} times, "
            f"{ends[1]} numbers"
        )
    for name, begin, end in zip(names, offsets, offsets[1:], strict=False):
        curve = _curve(name, times[begin:end], numbers[begin:end], f"{path}, {name}")
        if curve is not None:
            yield curve


def _from_lines(path: Path) -> TempoCurve | None:
    corpus = path.parents[2].name
    times, numbers = [], []
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = re.split(r"[\t ,]+", text.strip())
        try:
            times.append(float(words[0]))
            numbers.append(int(float(words[1])) if len(words) > 1 else 0)
        except ValueError:
            raise DataError(
                f"{path}, line {line}: expected a time and a beat number, got {text!r}"
            ) from None
    return _curve(f"{corpus}/{path.stem}", np.array(times), np.array(numbers, int), str(path))


def _curve(
    name: str, times: NDArray[np.float64], numbers: NDArray[np.int64], place: str
) -> TempoCurve | None:
    corpus = name.partition("/")[0]
    if corpus in _LEFT_OUT or len(times) < _LEAST_BEATS:
        return None
    steps = np.diff(times)
    if not np.all(steps > 0):
        beat = int(np.argmin(steps > 0)) + 1
        raise DataError(
            f"{place}: expected times that increase, got {times[beat]:g} s after "
            f"{times[beat - 1]:g} s at beat {beat + 1}"
        )
    smooth = _smoothed(times)
    if smooth.max() > _WIDEST * smooth.min():
        return None
    meter = _meter(numbers)
    return TempoCurve(
        name=name, corpus=corpus, beats_s=times, numbers=numbers, beats_per_bar=meter
    )


def _meter(numbers: NDArray[np.int64]) -> int | None:
    between = np.diff(np.flatnonzero(numbers == 1)).tolist()
    if not between:
        return None
    beats, times = Counter(between).most_common(1)[0]
    return beats if times >= _METER_SHARE * len(between) and beats in _METERS else None


def _smoothed(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the length of every beat but the last without jitter and counting errors."""
    from scipy.ndimage import (
        gaussian_filter1d,
        median_filter,
    )  # not installed where nobody trains

    lengths = np.diff(times)
    usual = median_filter(lengths, _NEIGHBOURS, mode="reflect")
    off = np.maximum(lengths / usual, usual / lengths) > _OUTLIER
    smooth: NDArray[np.float64] = gaussian_filter1d(
        np.where(off, usual, lengths), _SMOOTHED_BEATS, mode="reflect"
    )
    return smooth


def beat_lengths(curve: TempoCurve, beats: int, rng: Random) -> NDArray[np.float64]:
    """Return the lengths of the beats of a song that follows a stretch of a curve.

    The stretch begins anywhere. A curve shorter than the song is continued backwards from its
    end, then forwards again, and so on. Beats left out or added by the annotator (35 % off the
    median of nine) take that median; then lengths are smoothed over about six beats, which
    takes the annotator's jitter of 5 to 15 ms away and keeps what changes over a phrase.

    Args:
        curve: The recording.
        beats: Length of the song, at least 1.
        rng: Source of the place.

    Returns:
        Seconds, shape ``(beats,)``.
    """
    smooth = _smoothed(curve.beats_s)
    cycle = np.concatenate((smooth, smooth[::-1]))
    spare = len(smooth) - beats
    start = rng.randint(0, spare) if spare >= 0 else rng.randrange(len(cycle))
    return cycle[(start + np.arange(beats)) % len(cycle)]


def draw_tempo(rng: Random, curves: Sequence[TempoCurve], beats_per_bar: int) -> float:
    """Return the tempo of one of the recordings with so many beats in a bar.

    Args:
        rng: Source of the choice.
        curves: Recordings of one split.
        beats_per_bar: Beats a listener counts; where no recording has as many, the tempo is
            that of any.

    Returns:
        Beats a minute.

    Raises:
        DataError: There are no curves.
    """
    if not curves:
        raise DataError("expected tempo curves to draw a tempo from, got none")
    fitting = [curve for curve in curves if curve.beats_per_bar == beats_per_bar]
    return rng.choice(fitting or curves).tempo_bpm
