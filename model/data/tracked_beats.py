"""Output of the causal beat tracker on a mix, hop by hop, as in live playing.

Stem hop k of a player with an anticipation of n hops is played once mix hops up to
``k - 1 - n`` were heard; it gets the beat at its own start, n hops after the newest sample.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from model.array_types import Audio
from model.beat_tracker.tracker import CausalBeatTracker, TrackerEstimate, load
from model.errors import ModelConfigError
from model.formats.conditions import Phase
from model.networks.annotation import COUNT, phase_count

__all__ = ["SILENCE_S", "beat_estimates", "tracked_counts", "tracked_phases"]

SILENCE_S = 20.0
"""How long the beat goes on through silence on stage, unless a player sets it otherwise."""


def beat_estimates(
    mix: Audio,
    ahead_s: Sequence[float],
    *,
    hop: int,
    sample_rate: int,
    silence_s: float = math.inf,
    tracker: CausalBeatTracker | None = None,
) -> list[list[TrackerEstimate | None]]:
    """Return the tracker's estimate after every whole hop of a mix, from a cold start.

    Args:
        mix: ``(frames,)``.
        ahead_s: Distances from the newest sample heard to what is asked for.
        hop: Frames that are heard at once.
        sample_rate: Frames per second.
        silence_s: Nothing is told where the mix has been silent for longer, in seconds.
        tracker: Hears the mix, and forgets what it heard before; one with the shipped weights
            if left out.

    Returns:
        For each of ``ahead_s`` an estimate per hop; None before the tracker knows anything.

    Raises:
        ModelConfigError: The tracker listens at another rate.
        CheckpointError: The tracker's weights cannot be read.
    """
    tracker = tracker or _tracker()
    if sample_rate != tracker.sample_rate:
        raise ModelConfigError(
            f"the beat tracker hears {tracker.sample_rate} Hz, the mix has {sample_rate} Hz"
        )
    tracker.reset()
    found: list[list[TrackerEstimate | None]] = [[] for _ in ahead_s]
    for start in range(0, len(mix) - hop + 1, hop):
        tracker.listen(mix[start : start + hop])
        rests = tracker.silence_s > silence_s
        for each, seconds in zip(found, ahead_s, strict=True):
            each.append(None if rests else tracker.estimate(seconds))
    return found


def tracked_phases(
    mix: Audio,
    anticipations: Sequence[int],
    *,
    hop: int,
    sample_rate: int,
    silence_s: float = math.inf,
) -> list[list[Phase | None]]:
    """Return the phase that a player of each anticipation gets for each hop it plays.

    Args:
        mix: ``(frames,)``.
        anticipations: In hops.
        hop: Frames of a hop.
        sample_rate: Frames per second.
        silence_s: See :func:`beat_estimates`.

    Returns:
        For each anticipation a phase, or None where nothing is told, for as many hops as are
        played: ``len(mix) // hop + 1 + anticipation``.

    Raises:
        ModelConfigError: The tracker listens at another rate.
        CheckpointError: The tracker's weights cannot be read.
    """
    ahead_s = [hops * hop / sample_rate for hops in anticipations]
    found = beat_estimates(mix, ahead_s, hop=hop, sample_rate=sample_rate, silence_s=silence_s)
    return [
        [*(None for _ in range(hops + 1)), *map(_phase, estimates)]
        for hops, estimates in zip(anticipations, found, strict=True)
    ]


def tracked_counts(
    mix: Audio, anticipations: Sequence[int], *, hop: int, sample_rate: int
) -> NDArray[np.float32]:
    """Return the tracked count of every hop of a mix, and its confidence.

    Args:
        mix: ``(frames,)``.
        anticipations: In hops.
        hop: Frames of a hop.
        sample_rate: Frames per second.

    Returns:
        ``(A, hops, COUNT + 1)``: the count at the start of each hop, as the networks read it,
        and the confidence, 0..1; zeros where nothing is told.

    Raises:
        ModelConfigError: The tracker listens at another rate.
        CheckpointError: The tracker's weights cannot be read.
    """
    told = tracked_phases(
        mix, anticipations, hop=hop, sample_rate=sample_rate, silence_s=SILENCE_S
    )
    counts = np.zeros((len(told), len(mix) // hop, COUNT + 1), np.float32)
    for count_TC, phases in zip(counts, told, strict=True):
        for row_C, phase in zip(count_TC, phases, strict=False):
            if phase is not None:
                row_C[:] = (*phase_count(phase), phase.confidence)
    return counts


def _phase(estimate: TrackerEstimate | None) -> Phase | None:
    if estimate is None:
        return None
    return Phase(estimate.beat, estimate.bar, estimate.tempo_bpm, estimate.confidence)


@cache
def _tracker() -> CausalBeatTracker:
    return load()
