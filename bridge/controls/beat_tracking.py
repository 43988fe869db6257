"""A player's settings and corrections of the beat tracker, as messages to the engine."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["FASTEST_BPM", "SLOWEST_BPM", "BeatCorrection", "CorrectionKind", "TrackerSettings"]

SLOWEST_BPM = 55.0
"""Slowest tempo the beat tracker can follow."""
FASTEST_BPM = 215.0
"""Fastest tempo the beat tracker can follow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackerSettings:
    """How the beat tracker is to track."""

    slowest_bpm: float = SLOWEST_BPM
    """Tempi below are not considered; if this is above ``fastest_bpm``, the two swap."""
    fastest_bpm: float = FASTEST_BPM
    """Tempi above are not considered."""
    hold: bool = False
    """Keep the tempo there is, whatever is heard."""
    silence_s: float = 20.0
    """How long the beat goes on through silence; then the band rests."""


class CorrectionKind(StrEnum):
    """What a player can tell the beat tracker."""

    HALF = "half"
    DOUBLE = "double"
    DOWNBEAT = "downbeat"
    TAP = "tap"


@dataclass(frozen=True, kw_only=True, slots=True)
class BeatCorrection:
    """Something a player knows better than the beat tracker."""

    kind: CorrectionKind
    frame: int = 0
    """When it was said, an absolute frame of the host; halving and doubling do not ask."""
    tempo_bpm: float | None = None
    """Of taps: their tempo, once there are two."""
    beat_in_bar: int | None = None
    """Of taps: which beat of the bar it is, from 0."""
