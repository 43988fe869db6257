"""Estimates of the causal beat tracker for a mix, hop by hop, as on stage.

Stem hop k of a player with an anticipation of n hops is played once mix hops up to
``k - 1 - n`` were heard; it is told the beat at its own start, n hops after the newest sample.
The band's rest after a long silence is the stage's alone: here the tracker is followed through.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from model.annotation import TransportPhase
from model.beat_tracker.tracker import BeatEstimate, BeatTracker, load
from model.errors import ConfigError

__all__ = ["beat_estimates", "tracked_phases"]

Audio = NDArray[np.float32]
Told = TransportPhase | None

MIXES_KEPT = 2
"""Mixes whose estimates are kept in a process: an excerpt's, and that of its stranger."""


def beat_estimates(
    mix: Audio, ahead_s: Sequence[float], *, hop: int, sample_rate: int
) -> list[list[BeatEstimate | None]]:
    """Return what the tracker tells after every whole hop of a mix, from a cold start.

    Args:
        mix: ``(frames,)``.
        ahead_s: Distances from the newest sample heard to what is asked for.
        hop: Frames that are heard at once.
        sample_rate: Frames per second.

    Returns:
        For each of ``ahead_s`` an estimate per hop; None before the tracker knows anything.

    Raises:
        ConfigError: The tracker listens at another rate.
        CheckpointError: The tracker's weights cannot be read.
    """
    tracker = _tracker()
    if sample_rate != tracker.sample_rate:
        raise ConfigError(
            f"the beat tracker hears {tracker.sample_rate} Hz, the mix has {sample_rate} Hz"
        )
    tracker.reset()
    found: list[list[BeatEstimate | None]] = [[] for _ in ahead_s]
    for start in range(0, len(mix) - hop + 1, hop):
        tracker.listen(mix[start : start + hop])
        for each, seconds in zip(found, ahead_s, strict=True):
            each.append(tracker.estimate(seconds))
    return found


def tracked_phases(
    mix: Audio, anticipation: int, anticipations: Sequence[int], *, hop: int, sample_rate: int
) -> list[Told]:
    """Return what a player is told at the start of each hop that it plays to a mix.

    The mix is tracked once for all anticipations; the result is the same as hop by hop.

    Args:
        mix: ``(frames,)``.
        anticipation: The player's, in hops.
        anticipations: All that will be asked for, ``anticipation`` among them.
        hop: Frames of a hop.
        sample_rate: Frames per second.

    Returns:
        A phase, or None where nothing was heard yet, for as many hops as are played:
        ``len(mix) // hop + 1 + anticipation``.

    Raises:
        ConfigError: The tracker listens at another rate.
        CheckpointError: The tracker's weights cannot be read.
    """
    digest = hashlib.sha256(mix.tobytes()).hexdigest()
    every = _tracked(_Mix(digest, tuple(anticipations), hop, sample_rate, mix))
    return list(every[anticipations.index(anticipation)])


@dataclass(frozen=True, slots=True)
class _Mix:
    """A mix by which results are kept: equal where the sound is."""

    digest: str
    anticipations: tuple[int, ...]
    hop: int
    sample_rate: int
    audio: Audio = field(compare=False, repr=False)


@lru_cache(maxsize=MIXES_KEPT)
def _tracked(mix: _Mix) -> list[list[Told]]:
    ahead_s = [hops * mix.hop / mix.sample_rate for hops in mix.anticipations]
    found = beat_estimates(mix.audio, ahead_s, hop=mix.hop, sample_rate=mix.sample_rate)
    return [
        [*(None for _ in range(hops + 1)), *map(_phase, estimates)]
        for hops, estimates in zip(mix.anticipations, found, strict=True)
    ]


def _phase(estimate: BeatEstimate | None) -> Told:
    if estimate is None:
        return None
    return TransportPhase(estimate.beat, estimate.bar, estimate.tempo_bpm)


@cache
def _tracker() -> BeatTracker:
    return load()
