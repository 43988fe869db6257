"""Targets of the beat tracker's network for each frame, made from the beats of a song."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.array_types import Float32Array
from model.beat_tracker.network import ACTIVATIONS
from model.beat_tracker.spectrum import FRAMES_PER_SECOND

__all__ = ["beat_targets", "frames_between_beats"]


BEAT, DOWNBEAT, NEITHER = range(ACTIVATIONS)
"""Places of the network's activations."""
BESIDE = 0.5
"""Target in the frames before and after a beat.

Source:
    Widened beat targets: Davies and Böck 2019.
"""
_SAME_S = 0.001
"""A downbeat is the beat nearer than this."""
_EDGE_S = 0.1
"""How far the frames that count reach beyond the first and the last beat."""


def beat_targets(
    beats_s: NDArray[np.float64], downbeats_s: NDArray[np.float64], frames: int
) -> Float32Array:
    """Return the probabilities of beat, downbeat and neither, ``(frames, 3)``, rows of sum 1.

    Args:
        beats_s: All beats, in seconds after the middle of frame 0; any may lie outside.
        downbeats_s: Those of them that begin a bar.
        frames: How many.
    """
    targets = np.zeros((frames, ACTIVATIONS), np.float32)
    for beat_s in beats_s:
        begins_bar = bool(np.any(np.abs(downbeats_s - beat_s) < _SAME_S))
        kind = DOWNBEAT if begins_bar else BEAT
        middle = round(float(beat_s) * FRAMES_PER_SECOND)
        for frame, share in ((middle - 1, BESIDE), (middle, 1.0), (middle + 1, BESIDE)):
            if 0 <= frame < frames and share > targets[frame].sum():
                targets[frame] = 0.0
                targets[frame, kind] = share
    targets[:, NEITHER] = 1 - targets.sum(axis=1)
    return targets


def frames_between_beats(beats_s: NDArray[np.float64], frames: int) -> NDArray[np.bool_]:
    """Return which frames lie between the first and the last beat, ``(frames,)``.

    Outside nothing is known, and nothing is to be learnt.
    """
    times_s = np.arange(frames) / FRAMES_PER_SECOND
    within: NDArray[np.bool_] = (times_s > beats_s[0] - _EDGE_S) & (
        times_s < beats_s[-1] + _EDGE_S
    )
    return within
