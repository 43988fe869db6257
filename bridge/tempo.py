"""Tempo maps: straight lines from frames to beats, and the beat and bar lines on them.

Pure. Frames are the host's, counted from an origin that the map's user chooses; beats are
those of the time signature, as the transport counts them.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from math import ceil, floor, isfinite

from bridge.common.errors import ConfigError
from bridge.controls.beat_tracking import TrackerSettings
from model.formats.conditions import Phase

__all__ = ["BarBeat", "QuantizeGrid", "TempoEstimate", "TempoMap", "Timekeeping"]

_ROUNDING = 1e-9
"""Tolerance in beats for rounding when a sum of floats should lie on a line."""
_ROUNDING_FRAMES = 1e-5
_AHEAD_S = 2.0
"""Span over which two maps are compared, in seconds: longer than any anticipation."""


class QuantizeGrid(StrEnum):
    """Line of the grid that a change waits for."""

    OFF = "off"
    HOP = "hop"
    BEAT = "beat"
    BAR = "bar"


@dataclass(frozen=True, kw_only=True, slots=True)
class BarBeat:
    """Position of a transport as its timebase reports it; any of it may be nonsense."""

    frame: float
    bar: int
    """From 0."""
    beat: float
    """Beats since the bar began."""
    tempo_bpm: float
    beats_per_bar: float
    rolling: bool = True
    """Whether the transport moves, as told with the position."""

    @property
    def beats(self) -> float:
        """Beats since the song began, if all its bars were as long as this one."""
        return self.bar * self.beats_per_bar + self.beat


@dataclass(frozen=True, kw_only=True, slots=True)
class TempoMap:
    """Constant tempo with one frame whose position in the bar is known.

    Raises:
        ConfigError: A number is not finite, or a tempo, bar or rate is not positive.

    Example:
        >>> tempo = TempoMap(frame=0, beat=0.0, tempo_bpm=120.0, beats_per_bar=4.0, rate=48000)
        >>> tempo.phase(36000)
        Phase(beat=0.5, bar=0.375, tempo_bpm=120.0, confidence=1.0)
        >>> tempo.next_line(36000, QuantizeGrid.BEAT), tempo.next_line(36000, QuantizeGrid.BAR)
        (48000, 96000)
    """

    frame: float
    beat: float
    """Beats at ``frame``, counted from the beginning of any bar; also below 0."""
    tempo_bpm: float
    beats_per_bar: float
    rate: int
    """Frames per second."""
    rolling: bool = True
    """Whether the beat goes on; while it stands there is no phase."""
    on_transport: bool = False
    """Whether frames are the transport's; the engine knows their offset from its own."""

    def __post_init__(self) -> None:
        numbers = (self.frame, self.beat, self.tempo_bpm, self.beats_per_bar)
        if not all(map(isfinite, numbers)) or min(*numbers[2:], self.rate) <= 0:
            raise ConfigError(
                "a tempo map takes a tempo, beats per bar and a rate above 0, got "
                f"{self.tempo_bpm:g} bpm, {self.beats_per_bar:g} beats, {self.rate} Hz "
                f"at frame {self.frame:g}, beat {self.beat:g}"
            )

    @property
    def frames_per_beat(self) -> float:
        """Frames from one beat to the next."""
        return 60.0 * self.rate / self.tempo_bpm

    def moved(self, frames: float) -> "TempoMap":
        """Return the map with every frame number higher by ``frames``."""
        return replace(self, frame=self.frame + frames)

    def beats(self, frame: float) -> float:
        """Return the beats at a frame, counted as ``beat`` is."""
        return self.beat + (frame - self.frame) / self.frames_per_beat

    def phase(self, frame: float) -> Phase | None:
        """Return the phase of a frame in beat and bar; None while the transport stands."""
        if not self.rolling:
            return None
        beats = self.beats(frame)
        return Phase(
            beat=_wrapped(beats),
            bar=_wrapped(beats / self.beats_per_bar),
            tempo_bpm=self.tempo_bpm,
        )

    def next_line(self, frame: float, grid: QuantizeGrid) -> int:
        """Return the first frame of the next beat or bar.

        Args:
            frame: Start of the search; if a line lies on it, it is the answer.
            grid: ``QuantizeGrid.BEAT`` or ``QuantizeGrid.BAR``.
        """
        step = self.beats_per_bar if grid is QuantizeGrid.BAR else 1.0
        before = floor(self.beats(frame) / step) - 1
        return next(
            line
            for line in (self._frame_of(step * (before + n)) for n in count())
            if line >= frame
        )

    def _frame_of(self, beat: float) -> int:
        """Return the first frame at or after a beat."""
        return ceil(self.frame + (beat - self.beat) * self.frames_per_beat - _ROUNDING_FRAMES)

    def agrees(self, other: "TempoMap", frame: float, beats: float) -> bool:
        """Return whether another map agrees at a frame and in the seconds after it.

        Args:
            other: Its frames are counted alike.
            frame: First frame of the comparison.
            beats: Tolerance in beats; whole bars do not count.
        """
        if (self.rolling, self.on_transport, self.beats_per_bar) != (
            other.rolling,
            other.on_transport,
            other.beats_per_bar,
        ):
            return False
        for at in (frame, frame + _AHEAD_S * self.rate):
            bars = (self.beats(at) - other.beats(at)) / self.beats_per_bar
            if abs(bars - round(bars)) * self.beats_per_bar > beats:
                return False
        return True


@dataclass(frozen=True, slots=True)
class TempoEstimate:
    """Estimate of the beat tracker as a tempo map around a frame."""

    tempo: TempoMap
    """Its beats count from the first bar heard; it stands while the band rests in silence."""
    confidence: float
    """Confidence of the tracker, 0..1."""

    def phase(self, frame: float) -> Phase | None:
        """Return the phase of a frame in beat and bar; None while the beat stands."""
        phase = self.tempo.phase(frame)
        return None if phase is None else replace(phase, confidence=self.confidence)


@dataclass(frozen=True, kw_only=True, slots=True)
class Timekeeping:
    """Source of the beat for the band."""

    tempo: TempoMap | None = None
    """Tempo map of a transport, used while it rolls; None where there is none."""
    use_tracker: bool = False
    """Whether the beat tracker is used while no transport rolls."""
    use_host: bool = False
    """Whether the tempo that the audio host tells in shared memory, cycle by cycle, goes before
    ``tempo`` where that is the host's own, is missing, or stands."""
    tracker: TrackerSettings = field(default_factory=TrackerSettings)
    """Settings of the beat tracker, which hears the mix in any case."""


def _wrapped(turns: float) -> float:
    """Return the fractional part, in 0 <= part < 1, also where rounding gives 1."""
    part = turns % 1.0
    return 0.0 if part > 1.0 - _ROUNDING else part
