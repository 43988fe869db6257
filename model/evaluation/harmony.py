"""Harmony scores: similarity of chroma to the mix, and share of chord tones."""

from __future__ import annotations

import numpy as np

from model.array_types import Float64Array
from model.evaluation.annotations import TimedChord
from model.evaluation.features import CHROMA_HOP, LISTENING_RATE, chroma

__all__ = ["chord_tone_ratio", "chroma_cosine"]


def chroma_cosine(mix: Float64Array, stem: Float64Array) -> float:
    """Return the similarity of pitch classes of two sounds over time, -1..1.

    The cosine of their mean-removed 12-bin chroma every 0.1 s, weighted by the stem's
    energy.

    Args:
        mix: As :func:`~model.evaluation.features.hear` gives it, ``(frames,)``.
        stem: Likewise, the same length.

    Returns:
        The mean cosine; 0 if either is silent.

    Source:
        On the published examples of StreamMusicGen (Wu et al. 2025, arXiv:2510.22105)
        ground truth has .54, offline accompaniment .47, 0 s ahead .16, 1 s ahead .17 and
        random pairing .13.
    """
    a, b = chroma(mix), chroma(stem)
    energy = b.sum(1)
    a, b = a - a.mean(1, keepdims=True), b - b.mean(1, keepdims=True)
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    heard = norms > 1e-9
    if not heard.any() or energy[heard].sum() < 1e-9:
        return 0.0
    cosines = (a[heard] * b[heard]).sum(1) / norms[heard]
    return float(np.average(cosines, weights=energy[heard]))


def chord_tone_ratio(
    stem: Float64Array, chords: tuple[TimedChord, ...], *, start_s: float = 0.0
) -> float | None:
    """Return how much more the stem plays the current chord than others of the song.

    Chroma energy in the tones of the chord sounding now, over the energy in the tones of
    the song's other chords (each weighted by how long the song stays on it), both per tone
    of the chord and summed over the excerpt.

    Args:
        stem: As :func:`~model.evaluation.features.hear` gives it, ``(frames,)``.
        chords: The chord track of the whole song.
        start_s: Where in the song the stem begins.

    Returns:
        0 and up; 1 is chance. 0 if the stem is silent; None if the song has fewer than two
        different chords.
    """
    energy = chroma(stem)
    times_s = start_s + np.arange(len(energy)) * (CHROMA_HOP / LISTENING_RATE)
    names = list(dict.fromkeys(chord.tones for chord in chords))
    if len(names) < 2:
        return None
    if energy.sum() < 1e-9:
        return 0.0
    starts_s = np.array([chord.start_s for chord in chords])
    which = np.array([names.index(chord.tones) for chord in chords])
    now = which[np.clip(np.searchsorted(starts_s, times_s, side="right") - 1, 0, None)]
    end_s = max(float(starts_s[-1]) + 1.0, float(times_s[-1]))
    lasts_s = np.bincount(which, np.diff(np.append(starts_s, end_s)), minlength=len(names))
    per_tone = energy @ np.stack([_template(tones) for tones in names]).T
    rows = np.arange(len(energy))
    mine = per_tone[rows, now]
    others = (per_tone @ lasts_s - mine * lasts_s[now]) / (lasts_s.sum() - lasts_s[now])
    return float(mine.sum() / max(float(others.sum()), 1e-12))


def _template(tones: frozenset[int]) -> Float64Array:
    template = np.zeros(12)
    template[sorted(tones)] = 1 / len(tones)
    return template
