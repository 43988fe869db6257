"""Frechet distance of sets of embeddings, extrapolated to unlimited sample size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.array_types import Float64Array

__all__ = ["Background", "frechet_with_interval"]


AXES = 32
"""Principal axes of the background in which distances are taken."""
FEWEST_GROUPS = 6
DRAWS = 48
"""Random subsets of each size for the distance itself; the takes have a part of them each."""
DRAWS_WITHOUT = 12
"""The same for each distance without one song, of which there are many."""
SIZES = (0.4, 0.55, 0.7, 0.85, 1.0)


@dataclass(frozen=True, slots=True)
class Background:
    """Statistics of real stems: mean, leading axes and covariance along them."""

    centre: Float64Array
    axes: Float64Array
    """``(axes, channels)``, orthonormal."""
    covariance: Float64Array

    @classmethod
    def of(cls, windows: Float64Array, axes: int = AXES) -> Background:
        """Describe real embeddings, ``(windows, channels)``, by at most ``axes`` axes."""
        centre = windows.mean(0)
        _, _, directions = np.linalg.svd(windows - centre, full_matrices=False)
        kept = directions[:axes]
        return cls(centre, kept, np.cov((windows - centre) @ kept.T, rowvar=False))

    def project(self, windows: Float64Array) -> Float64Array:
        """Return embeddings along the axes, ``(windows, axes)``."""
        projected: Float64Array = (windows - self.centre) @ self.axes.T
        return projected


def frechet_with_interval(
    background: Background, excerpts: Sequence[Sequence[Float64Array]], songs: Sequence[str]
) -> tuple[float | None, tuple[float, float] | None]:
    """Return the distance of excerpts to a background at unlimited sample size.

    Windows of one excerpt resemble each other, so the sample size is the number of
    excerpts: the distance is taken for random subsets of several sizes and extrapolated
    linearly in one over the size. Takes of one excerpt are no further samples: a subset is of
    one take, and all takes have their turn, so that systems of many takes and of one can be
    compared. At no distance it scatters around 0, below it as well.

    Args:
        background: Real stems the excerpts do not come from.
        excerpts: Embeddings of the takes of each excerpt, ``(windows, channels)`` each.
        songs: Song of each excerpt.

    Returns:
        The distance, and its 95 % interval by the jackknife over songs. None with fewer
        than 6 excerpts, or 3 songs for the interval.

    Source:
        Distance of two sets taken as Gaussian, ``|mean a - mean b|^2 + tr(A + B - 2 (A
        B)^(1/2))`` with covariances A and B: Heusel et al. 2017, arXiv:1706.08500; for audio:
        Kilgour et al. 2019, arXiv:1812.08466. Extrapolation: Chong and Forsyth 2020,
        arXiv:1911.07023.
    """
    if len(excerpts) < FEWEST_GROUPS:
        return None, None
    moments = [[_moments(background.project(take)) for take in excerpt] for excerpt in excerpts]
    names = sorted(set(songs))
    everything = _unlimited(background, moments, DRAWS)
    left_out = [
        _unlimited(
            background,
            [m for m, s in zip(moments, songs, strict=True) if s != name],
            DRAWS_WITHOUT,
        )
        for name in names
        if sum(song != name for song in songs) >= FEWEST_GROUPS
    ]
    if len(left_out) < max(3, len(names)):
        return everything, None
    spread = float(np.std(left_out) * np.sqrt(len(left_out) - 1))
    return everything, (everything - 1.96 * spread, everything + 1.96 * spread)


@dataclass(frozen=True, slots=True)
class _Moments:
    count: int
    total: Float64Array
    squares: Float64Array


def _moments(projected: Float64Array) -> _Moments:
    return _Moments(len(projected), projected.sum(0), projected.T @ projected)


def _unlimited(
    background: Background, moments: Sequence[Sequence[_Moments]], draws: int
) -> float:
    """Return the distance at unlimited sample size, from the takes of every excerpt."""
    rng = np.random.default_rng(0)
    takes, count = min(len(excerpt) for excerpt in moments), len(moments)
    inverse, distances, weights = [], [], []
    for share in SIZES:
        size = max(2, round(share * count))
        subsets = draws if size < count else takes
        for draw in range(subsets):
            chosen = rng.choice(count, size, replace=False)
            taken = [moments[number][draw % takes] for number in chosen]
            inverse.append(1 / size)
            distances.append(_to_background(background, taken))
            weights.append(draws / subsets)
    return float(np.polyfit(inverse, distances, 1, w=np.sqrt(weights))[1])


def _to_background(background: Background, moments: Sequence[_Moments]) -> float:
    count = sum(m.count for m in moments)
    mean = np.sum([m.total for m in moments], axis=0) / count
    squares = np.sum([m.squares for m in moments], axis=0)
    covariance = (squares - count * np.outer(mean, mean)) / max(1, count - 1)
    return _distance(mean, covariance, background.covariance)


def _distance(apart: Float64Array, a: Float64Array, b: Float64Array) -> float:
    values, vectors = np.linalg.eigh(a)
    root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    shared = np.sqrt(np.clip(np.linalg.eigvalsh(root @ b @ root), 0, None)).sum()
    return float(apart @ apart + np.trace(a) + np.trace(b) - 2 * shared)
