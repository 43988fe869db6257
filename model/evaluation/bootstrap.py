"""Confidence intervals of means, by a bootstrap over songs, not excerpts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["Interval", "interval", "mean", "means"]

Interval = tuple[float, float]

DRAWS = 2000


def mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of the known values; None if there are none."""
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def interval(values: Sequence[float | None], songs: Sequence[str]) -> Interval | None:
    """Return the 95 % interval of a mean over excerpts, by a bootstrap over songs.

    Excerpts of one song resemble each other; drawn one by one they would make the interval
    too narrow. The draws are the same every time.

    Args:
        values: One figure per excerpt; None where it has no meaning.
        songs: Song of each excerpt.

    Returns:
        Lower and upper end; None if fewer than two songs have a figure.

    Source:
        Percentile cluster bootstrap: Davison and Hinkley 1997, section 3.8.
    """
    by_song: dict[str, list[float]] = {}
    for value, song in zip(values, songs, strict=True):
        if value is not None:
            by_song.setdefault(song, []).append(value)
    if len(by_song) < 2:
        return None
    sums = np.array([sum(found) for found in by_song.values()])
    counts = np.array([len(found) for found in by_song.values()])
    share = np.full(len(sums), 1 / len(sums))
    drawn = np.random.default_rng(0).multinomial(len(sums), share, DRAWS)
    means = drawn @ sums / (drawn @ counts)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def means(
    figures: Sequence[Mapping[str, float | None]], songs: Sequence[str], names: Iterable[str]
) -> dict[str, Any]:
    """Return means of figures by name, and their 95 % intervals under ``intervals``.

    Args:
        figures: One mapping per excerpt.
        songs: Song of each excerpt.
        names: Figures wanted.
    """
    found: dict[str, Any] = {}
    intervals: dict[str, list[float]] = {}
    for name in names:
        values = [own.get(name) for own in figures]
        middle, ends = mean(values), interval(values, songs)
        found[name] = None if middle is None else round(middle, 4)
        if ends is not None:
            intervals[name] = [round(end, 4) for end in ends]
    return {**found, "intervals": intervals}
