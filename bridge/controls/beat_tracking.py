"""Settings and corrections of the beat tracker, as sent to the engine."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["FASTEST_BPM", "SLOWEST_BPM", "BeatCorrection", "CorrectionKind", "TrackerSettings"]

SLOWEST_BPM = 55.0
"""Slowest tempo the beat tracker can follow."""
FASTEST_BPM = 215.0
"""Fastest tempo the beat tracker can follow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackerSettings:
    """Settings of the beat tracker."""

    slowest_bpm: float = SLOWEST_BPM
    """Tempi below are not considered; if this is above ``fastest_bpm``, the two swap."""
    fastest_bpm: float = FASTEST_BPM
    """Tempi above are not considered."""
    hold: bool = False
    """Keep the present tempo, whatever is heard."""
    silence_s: float = 20.0
    """Seconds for which the beat goes on through silence; then the band rests."""


class CorrectionKind(StrEnum):
    """Corrections a player can make."""

    HALF = "half"
    DOUBLE = "double"
    DOWNBEAT = "downbeat"
    TAP = "tap"


@dataclass(frozen=True, kw_only=True, slots=True)
class BeatCorrection:
    """A correction of the tracked beat by a player."""

    kind: CorrectionKind
    frame: int = 0
    """Absolute frame of the host at which it was made; not used for halving and doubling."""
    tempo_bpm: float | None = None
    """Tempo of the taps, from the second on."""
    beat_in_bar: int | None = None
    """Beat of the bar that a tap stands for, from 0."""
