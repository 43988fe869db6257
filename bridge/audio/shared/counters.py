"""Counters, levels and states that the audio callback and the engine publish."""

from dataclasses import dataclass
from enum import IntEnum

__all__ = ["EngineState", "Meters", "ShareCounters", "Transport", "TransportOffset"]


class EngineState(IntEnum):
    """State of the engine process."""

    ABSENT = 0
    LOADING = 1
    WARMING = 2
    LIVE = 3
    FAILED = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareCounters:
    """Counts since the share was created; none ever falls."""

    cycles: int
    """Calls of the audio callback."""
    frames: int
    """Frames those calls processed."""
    xruns: int
    """Deadlines the driver missed, without those it reports around freewheeling."""
    underruns: int
    """Blocks for which the live engine had not delivered every frame."""
    hops: int
    """Model steps taken."""
    late_hops: int
    """Hops that were finished after they were due."""
    skipped_hops: int
    """Hops of the mix the model was not given, because they were too old."""
    midi_in_dropped: int
    """MIDI events that found the input queue full."""
    midi_out_dropped: int
    """MIDI events that found the output queue full."""
    sysex_dropped: int
    """Messages longer than three bytes, which are not passed on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Meters:
    """Levels at the ports as linear amplitudes, each ``(left, right)``."""

    in_peak: tuple[float, float]
    """Highest recent input; falls by 20 dB per second."""
    in_rms: tuple[float, float]
    """Input averaged over 0.3 s."""
    out_peak: tuple[float, float]
    """Highest recent output; falls by 20 dB per second."""
    out_rms: tuple[float, float]
    """Output averaged over 0.3 s."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Transport:
    """The driver's transport in the newest cycle."""

    rolling: bool
    """Whether it moves."""
    frame: int
    """Its position at the start of that cycle, frames."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TransportOffset:
    """Difference between the transport's frames and the bridge's, as of the newest cycle."""

    rolling: bool
    """Whether it moves."""
    frames: int
    """The transport's frame minus the bridge's; while it stands, as of the cycle's start."""
