"""Output of the causal beat tracker on mixes, cached for repeated use.

See :mod:`model.data.tracked_beats`. In a live run the band rests after a long silence; here the
tracker's output is used throughout.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from model.array_types import Audio
from model.data import tracked_beats
from model.formats.conditions import Phase

__all__ = ["tracked_phases"]

Told = Phase | None

MIXES_KEPT = 2
"""Mixes whose estimates are kept in a process: an excerpt's, and that of its stranger."""


def tracked_phases(
    mix: Audio, anticipation: int, anticipations: Sequence[int], *, hop: int, sample_rate: int
) -> list[Told]:
    """Return the phase that a player gets for each hop that it plays to a mix.

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
        ModelConfigError: The tracker listens at another rate.
        CheckpointError: The tracker's weights cannot be read.
    """
    digest = hashlib.sha256(mix.tobytes()).hexdigest()
    every = _tracked(_Mix(digest, tuple(anticipations), hop, sample_rate, mix))
    return list(every[anticipations.index(anticipation)])


@dataclass(frozen=True, slots=True)
class _Mix:
    """Cache key of a mix; equal where the audio is equal."""

    digest: str
    anticipations: tuple[int, ...]
    hop: int
    sample_rate: int
    audio: Audio = field(compare=False, repr=False)


@lru_cache(maxsize=MIXES_KEPT)
def _tracked(mix: _Mix) -> list[list[Told]]:
    return tracked_beats.tracked_phases(
        mix.audio, mix.anticipations, hop=mix.hop, sample_rate=mix.sample_rate
    )
