"""What a player may ask of the beat tracker: limits that hold, and corrections that happen."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["BeatCorrection", "CorrectionKind", "TrackerSettings"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackerSettings:
    """How the beat tracker is to track."""

    slowest_bpm: float = 55.0
    """Tempi below are not considered; if this is above ``fastest_bpm``, the two swap."""
    fastest_bpm: float = 215.0
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
