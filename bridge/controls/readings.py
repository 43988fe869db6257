"""Readings of the bridge: one frozen record for every address that can only be read.

The fields of a record, in order, are the arguments of its OSC message and the keys of
``liveband status --json``. New fields are appended, never inserted, so that a patch that
unpacks the first three keeps working.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "STATES",
    "AudioReading",
    "BankReading",
    "BeatReading",
    "ConnectionsReading",
    "EngineReading",
    "GrooveReading",
    "LatencyReading",
    "MeterReading",
    "MidiReading",
    "ModelReading",
    "OscReading",
    "PendingReading",
    "PresetReading",
    "Reading",
    "RecordReading",
    "SeedReading",
    "SpectrumReading",
    "State",
    "StatusReading",
    "TakeoverReading",
    "TaskErrorsReading",
    "TransportReading",
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
"""State of the bridge, in one word."""

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
class Reading:
    """Base of all readings."""

    @property
    def values(self) -> tuple[float | int | str, ...]:
        """Its fields in order: plain values, which need no copies as ``astuple`` makes."""
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusReading(Reading):
    """Whether it plays, and if not, why."""

    state: State
    """One word for a lamp."""
    text: str = ""
    """Why, in one line; empty while all is well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineReading(Reading):
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
class AudioReading(Reading):
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
class ConnectionsReading(Reading):
    """What the bridge's ports are connected to, and what is missing."""

    made: int = 0
    """Connections in force, of audio and MIDI."""
    away: int = 0
    """Remembered connections that wait for a port to come back."""
    unmatched: str = ""
    """Rules of automatic connections that no port has matched so far, with `; ` between."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LatencyReading(Reading):
    """Where each frame of delay goes; all but the anticipation in frames of the host."""

    causal: int
    """From an input frame to the first output frame that could depend on it."""
    musical: int
    """Lateness of the output against the timeline it was played for; what the ports report."""
    resampler: int
    """Both sample-rate converters together; 0 at the model's own rate."""
    adaptation: int
    """From cutting blocks into hops and back; negative when the block divides the hop well."""
    inference: int
    """The hop that the engine may take to play."""
    overlap: int
    """By how much the decoder trails its latents."""
    anticipation_s: float
    """Seconds by which the stem runs ahead of what was heard."""
    safety: int
    """What the engine has beyond the hop, since it is given whole blocks."""
    loop: int
    """The block it takes to return to the program that the mix comes from; see
    `/latency/loop`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MeterReading(Reading):
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
class SpectrumReading(Reading):
    """Spectrum of the hop that has just passed, for displays."""

    hop: int = 0
    """Number of the hop, counted with the host's frames."""
    bands: str = ""
    """A character for each quarter of an octave from 55 Hz up: `0` is -94.5 dBFS or less, each
    further one 1.5 dB more; empty before any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeedReading(Reading):
    """The seed of the take now playing, also when ``seed`` is -1."""

    seed: int
    """0..2**31 - 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OscReading(Reading):
    """What went through the OSC server since the start."""

    clients: int
    """Clients that are told about changes."""
    packets: int
    messages: int
    malformed: int
    """Packets that were not OSC."""
    failures: int
    """Failures and notices, malformed packets included, also those a flood left untold."""
    dropped: int
    """Messages not sent, because their client does not read what it is sent."""
    scheduled: int
    """Bundles that were dated ahead and kept until then."""
    late: int
    """Bundles that were dated in the past when they came, and done at once."""
    late_by_ms: float
    """By how much at most."""
    landed_ms: float
    """How long after its time a scheduled bundle was done, at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskErrorsReading(Reading):
    """Exceptions that nobody expected, in work that goes on all the same."""

    unexpected: int = 0
    """How many since the start; each is a bug: please report the log."""
    tasks: str = ""
    """How many of each task, with `, ` between; empty while there are none."""
    last: str = ""
    """The latest, with its task."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MidiReading(Reading):
    """The MIDI message heard last on any channel; clock is left out."""

    sort: str = ""
    """``note``, ``poly``, ``cc``, ``program``, ``pressure`` or ``bend``; empty before any."""
    channel: int = 0
    """1..16."""
    number: int = 0
    """Note, controller or program."""
    value: int = 0
    """0..127, bend 0..16383; 0 for a note let go."""
    count: int = 0
    """Messages so far, so that the same one twice is seen twice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeoverReading(Reading):
    """The controller moved last that had, or has, to meet its control first."""

    control: str = ""
    """Its name, e.g. ``gain/out``; empty before any."""
    knob: float = 0.0
    """Where the controller is, in the control's range, 0..1."""
    value: float = 0.0
    """Where the control is, 0..1."""
    waiting: bool = False
    """Whether they are still apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PresetReading(Reading):
    """The preset that is on."""

    name: str = ""
    """Empty while there is none."""
    modified: bool = False
    """Whether a control it holds was moved since."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelReading(Reading):
    """The checkpoint that plays."""

    name: str = ""
    """Of its folder."""
    weights: str = ""
    """The first 12 digits of the SHA-256 of its weights, which say what it can remember."""
    stems: str = ""
    """What it plays, with commas between."""
    grooves: str = ""
    """Feels it can be asked for, likewise; empty if none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BankReading(Reading):
    """What was kept of what was heard."""

    filled: str = ""
    """Numbers of the banks that hold something, with spaces between."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordReading(Reading):
    """What is being recorded, or was recorded last."""

    recording: bool = False
    """Whether it goes on."""
    name: str = ""
    """Of the recording; empty before the first."""
    seconds: float = 0.0
    """Length so far."""
    lost_frames: int = 0
    """Frames that were overwritten before the disk took them; silence stands for them."""
    error: str = ""
    """Why it ended early; empty while all is well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PendingReading(Reading):
    """What was asked for and waits for the beat."""

    names: str = ""
    """Controls and triggers, with spaces between; empty while nothing waits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TransportReading(Reading):
    """Where in the music we are, as far as the transport tells."""

    rolling: bool = False
    """Whether the beat goes on."""
    tempo_bpm: float = 0.0
    """Beats per minute; 0 while unknown."""
    beat: int = 0
    """Of the bar, from 1; 0 while unknown."""
    phase: float = 0.0
    """How much of the beat has passed, 0..1."""
    beats_per_bar: float = 0.0
    """0 while unknown."""
    source: str = "none"
    """What keeps time now: ``none``, ``jack``, ``midi``, ``manual`` or ``ear``."""
    bar: int = 0
    """Counted from 1; 0 while unknown."""
    confidence: float = 0.0
    """How sure the beat tracker is, 0..1; 1 where another source keeps time, 0 for none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BeatReading(Reading):
    """The beat that came last."""

    beat: int = 0
    """Of the bar, from 1; 0 before any."""
    bar: int = 0
    """Counted from 1; 0 before any."""
    tempo_bpm: float = 0.0
    """Beats per minute; 0 before any."""
    confidence: float = 0.0
    """As in ``TransportReading``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GrooveReading(Reading):
    """The feel a player plays with."""

    groove: str = "any"
    """One of the checkpoint's, or ``any``; what ``auto`` has chosen, or was asked for."""
