"""Source of the beat during a take: a transport that rolls, else the beat tracker."""

from bridge.controls.beat_tracking import BeatCorrection
from bridge.protocols import Audio, BeatTracker, Phase
from bridge.stream.tracked_beat import TrackedBeat
from bridge.tempo import TempoEstimate, TempoMap, Timekeeping

__all__ = ["Timekeeper"]

_SLACK_S = 0.01


class Timekeeper:
    """Feeds the mix to the beat tracker and tells which tempo map is in force.

    Frames are the host's, counted from the epoch.

    Args:
        tracker: Beat tracker; None for none.
    """

    def __init__(self, tracker: BeatTracker | None) -> None:
        self.beat_tracker = TrackedBeat(tracker)
        """The beat tracker, its estimates in frames of the host."""
        self._time = Timekeeping()
        self._rate = 1
        self._end = 0

    def follow(self, time: Timekeeping) -> None:
        """Set the source of the beat from now on."""
        self._time = time
        self.beat_tracker.settings = time.tracker

    def set_end(self, frame: int, rate: int) -> None:
        """Set the end of what was heard.

        Args:
            frame: First frame of the host not heard yet, less the delay of resampling.
            rate: Frames per second.
        """
        self._end, self._rate = frame, rate

    def listen(self, mix: Audio) -> None:
        """Hear the next hop of the mix, at the model's rate."""
        self.beat_tracker.listen(mix)

    def correct(self, correction: BeatCorrection) -> None:
        """Correct the beat tracker.

        Raises:
            ConfigError: It leads out of the range of tempi, or there is no tracker.
        """
        self.beat_tracker.correct(correction, correction.frame - self._end, self._rate)

    @property
    def beat(self) -> TempoEstimate | None:
        """Estimate of the beat tracker at the end of what was heard."""
        return self.beat_tracker.at(self._end, 0, self._rate)

    def tempo_at(self, frame: int) -> TempoMap | None:
        """Return the tempo map in force at a frame; it may stand there."""
        beat = self._tracked_at(frame)
        return self._time.tempo if beat is None else beat.tempo

    def phase_at(self, frame: int) -> Phase | None:
        """Return the phase of a frame in beat and bar, with the confidence of its source.

        None where there is no source, or the beat stands.
        """
        beat, given = self._tracked_at(frame), self._time.tempo
        if beat is not None:
            return beat.phase(frame)
        return None if given is None else given.phase(frame)

    def _tracked_at(self, frame: int) -> TempoEstimate | None:
        """Return the estimate of the beat tracker, if it is the source and has one."""
        if not self._uses_tracker:
            return None
        return self.beat_tracker.at(frame, frame - self._end, self._rate)

    @property
    def slack(self) -> int:
        """Frames by which a line not met yet may lie in the past: tracked beats jitter."""
        return round(_SLACK_S * self._rate) if self._uses_tracker else 0

    @property
    def rests(self) -> bool:
        """Whether the band is to rest, because the mix was silent for long."""
        return self._uses_tracker and self.beat_tracker.rests

    @property
    def _uses_tracker(self) -> bool:
        """Whether the beat tracker is the source now."""
        given = self._time.tempo
        return self._time.use_tracker and not (given is not None and given.rolling)
