"""Offline beat tracker for scoring, and the F-measure of its beats."""

from __future__ import annotations

import numpy as np

from model.array_types import Float64Array
from model.evaluation.onsets import CURVE_RATE_HZ, onset_curve

__all__ = ["beat_f", "f_measure", "track_beats"]


TOLERANCE_S = 0.07
TEMPO_RANGE_BPM = (45.0, 240.0)
USUAL_BPM, TEMPO_SPREAD = 115.0, 0.8
"""Centre and width in octaves of the preference among tempi."""
TIGHTNESS = 100.0
"""How much an uneven beat costs against a weak one."""


def beat_f(stem: Float64Array, beats_s: Float64Array) -> float | None:
    """Return the beat F-measure of a sound against the beats of the score, 0..1.

    Args:
        stem: As :func:`~model.evaluation.features.hear` gives it, ``(frames,)``.
        beats_s: The true beats, in seconds from the start of the sound.

    Returns:
        The F-measure within 70 ms; None if the score has fewer than two beats.
    """
    return f_measure(beats_s, track_beats(stem)) if len(beats_s) > 1 else None


def f_measure(
    true_s: Float64Array, found_s: Float64Array, tolerance_s: float = TOLERANCE_S
) -> float:
    """Return 2 hits / (true + found), each event being used for one hit at most, 0..1.

    Args:
        true_s: Ascending times.
        found_s: Ascending times.
        tolerance_s: Greatest distance of a hit, inclusive.

    Source:
        F-measure of Davies, Degara and Plumbley 2009, as in mir_eval (Raffel et al. 2014),
        here without leaving out the first five seconds.
    """
    hits = i = j = 0
    while i < len(true_s) and j < len(found_s):
        apart_s = found_s[j] - true_s[i]
        if abs(apart_s) <= tolerance_s + 1e-9:
            hits, i, j = hits + 1, i + 1, j + 1
        elif apart_s < 0:
            j += 1
        else:
            i += 1
    return 2 * hits / max(1, len(true_s) + len(found_s))


def track_beats(heard: Float64Array) -> Float64Array:
    """Return the beats of a sound in seconds, ``(beats,)``; none if it has no onsets.

    One tempo for the whole sound, from the autocorrelation of the onset curve and a
    preference for tempi near 115 bpm; then the evenest chain of strong onsets at it, by
    dynamic programming. No weights, no state, no randomness: fixed for ever.

    Source:
        Ellis 2007, Beat tracking by dynamic programming.
    """
    curve = onset_curve(heard)
    if len(curve) < 2 * CURVE_RATE_HZ or curve.max() < 1e-6:
        return np.zeros(0)
    period = _period(curve - curve.mean())
    width = np.arange(-period, period + 1)
    local = np.convolve(
        curve / curve.std(), np.exp(-0.5 * (32 * width / period) ** 2), mode="same"
    )
    return _chain(local, period) / CURVE_RATE_HZ


def _period(curve: Float64Array) -> int:
    """Return the beat period in values of the curve."""
    size = 1 << (2 * len(curve) - 1).bit_length()
    alike = np.fft.irfft(np.abs(np.fft.rfft(curve, size)) ** 2)
    shortest, longest = (60 * CURVE_RATE_HZ / bpm for bpm in reversed(TEMPO_RANGE_BPM))
    lags = np.arange(round(shortest), round(longest) + 1)
    octaves = np.log2(60 * CURVE_RATE_HZ / lags / USUAL_BPM)
    return int(lags[np.argmax(alike[lags] * np.exp(-0.5 * (octaves / TEMPO_SPREAD) ** 2))])


def _chain(local: Float64Array, period: int) -> Float64Array:
    """Return the indices of the best chain, ascending."""
    steps = np.arange(-2 * period, -round(period / 2) + 1)
    costs = -TIGHTNESS * np.log(-steps / period) ** 2
    score, before = local.copy(), np.full(len(local), -1)
    for now in range(round(period / 2), len(local)):
        first = max(0, -(now + steps[0]))
        options = costs[first:] + score[now + steps[first:]]
        best = int(options.argmax())
        if options[best] > 0:
            score[now] += options[best]
            before[now] = now + steps[first + best]
    now = len(local) - 1 - int(score[::-1][:period].argmax())
    chain = []
    while now >= 0:
        chain.append(now)
        now = int(before[now])
    return np.array(chain[::-1], np.float64)
