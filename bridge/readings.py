"""What the bridge tells about itself: one frozen record per listen address.

The fields of a record, in order, are the arguments of its OSC message and the keys of
``liveband status --json``. New fields are appended, never inserted, so that a patch that
unpacks the first three keeps working.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "STATES",
    "AudioReading",
    "EngineReading",
    "LatencyReading",
    "MeterReading",
    "Reading",
    "SeedReading",
    "State",
    "StatusReading",
]

State = Literal[
    "starting",
    "loading",
    "warming",
    "running",
    "overloaded",
    "bypassed",
    "idle",
    "freewheel",
    "offline",
    "error",
]
"""One word for what the bridge is doing."""

STATES: dict[State, str] = {
    "starting": "there is no engine yet",
    "loading": "the engine reads the checkpoint",
    "warming": "the engine rehearses",
    "running": "it plays",
    "overloaded": "it plays with gaps: a hop was late or skipped within the last 2 s; the text "
    "says what helps",
    "bypassed": "the mix goes straight through",
    "idle": "it is switched off by `/enable` and the model rests",
    "freewheel": "it renders faster or slower than real time",
    "offline": "the audio server is gone; the text says so",
    "error": "the engine is down and the text says why",
}
"""What each state means."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusReading:
    """Whether it plays, and if not, why."""

    state: State
    """One word for a lamp."""
    text: str = ""
    """Why, in one line; empty while all is well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineReading:
    """Counters since the start, and how long a hop takes to play."""

    cycles: int
    """Audio blocks processed."""
    xruns: int
    """Times the audio server missed its deadline."""
    underruns: int
    """Blocks for which the stem had no frames; a ramp to silence went out."""
    hops: int
    """Hops the model played."""
    late_hops: int
    """Hops that were ready after they were due, and dropped."""
    skipped_hops: int
    """Hops not played at all, to catch up after an overload."""
    restarts: int
    """Times the engine process died and was started again."""
    rtf: float
    """Mean step time divided by the hop; 1 and above cannot keep up."""
    step_mean_ms: float
    """Mean of the latest step times, in milliseconds; likewise below."""
    step_p99_ms: float
    """The step time that 99 in 100 stay under."""
    step_max_ms: float
    """The longest of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AudioReading:
    """What the bridge is plugged into."""

    rate: int
    """Frames per second of the host."""
    block: int
    """Frames per cycle of the host."""
    model_rate: int
    """Frames per second inside the model."""
    model_hop: int
    """Frames per model step, at the model's rate."""
    freewheel: bool
    """The host renders faster or slower than real time."""
    realtime: bool
    """The audio thread has real-time priority."""
    backend: str
    """``jack``, ``portaudio`` or ``offline``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LatencyReading:
    """Where each frame of delay goes; all but the last in frames at the host's rate."""

    causal: int
    """From an input frame to the first output frame that could depend on it."""
    musical: int
    """Lateness of the output against the timeline it was played for; what the ports report."""
    resampler: int
    """Both sample-rate converters together; 0 at the model's own rate."""
    adaptation: int
    """From cutting blocks into hops and back; negative when the block divides the hop well."""
    inference: int
    """The hop, in whole blocks, that the engine may take to play."""
    overlap: int
    """By how much the decoder trails its latents."""
    anticipation_s: float
    """Seconds by which the stem runs ahead of what was heard."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MeterReading:
    """Level of one stereo pair in dBFS, never below -120."""

    peak_left_db: float
    """Highest sample of late, falling slowly."""
    peak_right_db: float
    """Likewise, right."""
    rms_left_db: float
    """Mean power of late."""
    rms_right_db: float
    """Likewise, right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeedReading:
    """The seed of the take now playing, also when ``seed`` is -1."""

    seed: int
    """0..2**31 - 1."""


Reading = (
    StatusReading | EngineReading | AudioReading | LatencyReading | MeterReading | SeedReading
)
