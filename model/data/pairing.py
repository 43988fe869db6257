"""Draws the stretch of a song to train on, and the stems and levels of its mix.

Arithmetic only, on loudness per hop and names, so that it serves audio and latents alike.
The mix never contains the target, not even delayed, as a microphone on stage would pick it up:
no network is ever shown its target.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.audiofile import SAMPLE_RATE
from model.errors import DataError

__all__ = [
    "LEVEL_DB",
    "MOST_HEARD",
    "SILENCE_DB",
    "draw_edge",
    "draw_mix",
    "draw_window",
    "loudness_db",
]

SILENCE_DB = -60.0
"""A hop is silent at or below this A-weighted level."""
MOST_HEARD = 6
"""Instruments in a mix, at most."""
LEVEL_DB = (-12.0, 6.0)
"""The mix is heard at a random level, so that its level says nothing of the target."""

_HOP = SAMPLE_RATE // 20
_LEAST_SHARE, _RESTING_SHARE = 0.75, 0.02
_NEAR_BEST = 0.9
"""Part of the largest share there is that will do, where no stretch sounds enough."""
_FLOOR = 1e-12
_PAUSE = 20
"""Hops without music that make a beginning or an end: a second."""


def loudness_db(audio: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the A-weighted level of every hop, in dB relative to full scale.

    Args:
        audio: Mono at 48 kHz, shape ``(frames,)``; a part of a hop at the end is left out.

    Returns:
        Shape ``(hops,)``; -120 for digital silence. A sine of 1 kHz at full scale has -3.

    Source:
        The weighting curve is that of IEC 61672-1.
    """
    whole = len(audio) // _HOP
    hops = audio[: whole * _HOP].reshape(whole, _HOP).astype(np.float32)
    power = np.abs(np.fft.rfft(hops, axis=1)) ** 2
    power[:, 1:-1] *= 2
    weighted = power @ _a_weights() / _HOP**2
    level: NDArray[np.float64] = 10 * np.log10(np.maximum(weighted, _FLOOR))
    return level


def _a_weights() -> NDArray[np.float64]:
    """Return A-weighting of power for every bin of a hop's spectrum; 1 at 1 kHz."""
    square = (np.arange(_HOP // 2 + 1) * (SAMPLE_RATE / _HOP)) ** 2
    curve = (12194.0**2 * square**2) / (
        (square + 20.6**2)
        * np.sqrt((square + 107.7**2) * (square + 737.9**2))
        * (square + 12194.0**2)
    )
    weights: NDArray[np.float64] = (curve * 10 ** (2.0 / 20)) ** 2
    return weights


def draw_mix(rng: Random, stems: Sequence[str], target: str) -> tuple[tuple[str, ...], float]:
    """Return the stems of the mix, and the factor of each.

    Args:
        rng: Source of all choices.
        stems: Classes of the song's stems.
        target: The one to learn.

    Returns:
        One or more of the others, every number as likely, or none where there is no other;
        and a gain drawn evenly in dB, whatever the target's level.
    """
    others = [name for name in stems if name != target]
    count = rng.randint(1, min(len(others), MOST_HEARD)) if others else 0
    return tuple(rng.sample(others, count)), 10 ** (rng.uniform(*LEVEL_DB) / 20)


def draw_window(
    rng: Random,
    stem_db: NDArray[np.float64],
    mix_db: NDArray[np.float64],
    hops: int,
    *,
    resting: bool = False,
) -> int | None:
    """Return the first hop of a stretch to train on, drawn evenly among those that fit.

    In at least three quarters of its hops the mix must sound, and the target with it; in
    nearly as many as the song has to offer where it has fewer. Or, to learn when to be silent,
    the target must rest throughout (sound in at most 2 % of them).

    Args:
        rng: Source of the choice.
        stem_db: What `loudness_db` says of the target, ``(hops of the song,)``.
        mix_db: The same of the mix, as loud as it will be heard.
        hops: Length of the stretch.
        resting: Whether the target is to rest.

    Returns:
        The hop, or ``None`` where no stretch fits.

    Raises:
        DataError: The two differ in length.

    Source:
        The rule is that of stream-music-gen, Wu et al. 2025, arXiv:2510.22105, who ask for
        half of the hops. Then 40 % of what was shown was silent, and a band trained so rested
        wherever it did not know better. Stretches at rest are ours.
    """
    if stem_db.shape != mix_db.shape:
        raise DataError(
            f"expected stem and mix of one length, got {len(stem_db)} and {len(mix_db)} hops"
        )
    if len(stem_db) < hops:
        return None
    stem, mix = stem_db > SILENCE_DB, mix_db > SILENCE_DB
    if resting:
        fits = (_share(mix, hops) >= _LEAST_SHARE) & (_share(stem, hops) <= _RESTING_SHARE)
    else:
        share = _share(mix & stem, hops)
        fits = (share > 0) & (share >= min(_LEAST_SHARE, _NEAR_BEST * share.max()))
    starts = np.flatnonzero(fits)
    return int(rng.choice(list(starts))) if starts.size else None


def draw_edge(rng: Random, playing: NDArray[np.bool_], hops: int) -> int | None:
    """Return the first hop of a stretch in which the band begins or ends.

    The beginning or end lies anywhere but in the first and last eighth of the stretch, as far
    as the song is long enough on either side.

    Args:
        rng: Source of the choice.
        playing: Whether the band plays, ``(hops of the song,)``; a pause of less than a second
            is none.
        hops: Length of the stretch.

    Returns:
        The hop, or ``None`` where the band neither begins nor ends, or the song is shorter.
    """
    if len(playing) < hops:
        return None
    bounds = np.flatnonzero(np.diff(playing.astype(np.int8))) + 1
    marks = [0, *(int(bound) for bound in bounds), len(playing)]
    pauses = [
        span for span in pairwise(marks) if span[1] - span[0] >= _PAUSE and not playing[span[0]]
    ]
    edges = [edge for span in pauses for edge in span if 0 < edge < len(playing)]
    if not edges:
        return None
    start = rng.choice(edges) - rng.randint(hops // 8, hops - hops // 8)
    return min(max(0, start), len(playing) - hops)


def _share(sounding: NDArray[np.bool_], hops: int) -> NDArray[np.float64]:
    """Return the share of sounding hops in the stretch that begins on each hop."""
    total = np.concatenate(([0], np.cumsum(sounding)))
    share: NDArray[np.float64] = (total[hops:] - total[:-hops]) / hops
    return share
