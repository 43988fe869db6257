"""Offline beat decoding of a stretch of activations: a Viterbi search over beat periods.

The causal filter must decide at once; this search also sees the future, so it is an upper bound
for the same activations.

Source:
    Dynamic Bayesian network of Krebs, Böck and Widmer 2015, for beats alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.array_types import Float64Array
from model.beat_tracker.spectrum import FRAMES_PER_SECOND
from model.beat_tracker.state_space import StateSpace

__all__ = ["offline_beats"]

RIGIDITY = 60.0
"""A tempo changes by a ratio r, from one beat to the next, as likely as exp(-60 |r - 1|), as in
the filter."""
SHARE = 16
"""A beat is seen in the first sixteenth of its period."""
_FLOOR = 1e-3


def offline_beats(activations: NDArray[np.float32]) -> Float64Array:
    """Return the most likely beats, in seconds after the middle of frame 0, ascending.

    Args:
        activations: Probabilities of beat, downbeat and neither, ``(frames, 3)``.
    """
    space = StateSpace(metres=(1,))
    ends, begins = (joint[0] for joint in space.joints)
    ratio = space.periods / space.periods[:, None]
    jump = np.exp(-RIGIDITY * np.abs(ratio - 1))
    change = np.log(jump / jump.sum(axis=1, keepdims=True))
    _, seen = space.windows(SHARE)
    beat = np.clip(activations[:, :2].sum(axis=1), _FLOOR, 1 - _FLOOR)
    on_beat, between = np.log(beat), np.log((1 - beat) / (SHARE - 1))
    score = np.log(space.uniform.astype(np.float64))
    came_from = np.zeros((len(beat), len(ends)), np.int64)
    for frame in range(len(beat)):
        ways = score[ends][:, None] + change
        came_from[frame] = ways.argmax(axis=0)
        score = np.roll(score, 1)
        score[begins] = ways[came_from[frame], np.arange(len(ends))]
        score += between[frame]
        score[seen] += on_beat[frame] - between[frame]
    return _traced(int(score.argmax()), came_from, space)


def _traced(state: int, came_from: NDArray[np.int64], space: StateSpace) -> Float64Array:
    """Return the beats on the path to a last state."""
    tempo, place = int(space.tempo[state]), int(space.place[state])
    beats, frame = [], len(came_from) - 1 - place
    while frame >= 0:
        beats.append(frame)
        tempo = int(came_from[frame, tempo])
        frame -= int(space.periods[tempo])
    return np.array(beats[::-1], np.float64) / FRAMES_PER_SECOND
