"""Timekeeping of a session: a transport that rolls, else the beat tracker."""

from bridge.controls.beat_tracking import BeatCorrection
from bridge.protocols import Audio, BeatTracker, Phase
from bridge.stream.tracked_beat import TrackedBeat
from bridge.tempo import TempoEstimate, TempoMap, Timekeeping

__all__ = ["Timekeeper"]

_SLACK_S = 0.01


class Timekeeper:
    """Has the beat tracker hear the mix, and says which tempo map is in force.

    Frames are the host's, counted from the epoch.

    Args:
        tracker: None for none.
    """

    def __init__(self, tracker: BeatTracker | None) -> None:
        self.heard = TrackedBeat(tracker)
        """What the beat tracker makes out."""
        self._time = Timekeeping()
        self._rate = 1
        self._end = 0

    def follow(self, time: Timekeeping) -> None:
        """Say who keeps time from now on."""
        self._time = time
        self.heard.settings = time.tracker

    def reach(self, frame: int, rate: int) -> None:
        """Note which is the first frame that was not heard.

        Args:
            frame: Of the host; whatever converts the mix delays it.
            rate: Frames per second.
        """
        self._end, self._rate = frame, rate

    def listen(self, mix: Audio) -> None:
        """Hear the next hop of the mix, at the model's rate."""
        self.heard.listen(mix)

    def correct(self, correction: BeatCorrection) -> None:
        """Have the beat tracker take a player's word.

        Raises:
            ConfigError: It leads out of the range of tempi, or there is no tracker.
        """
        self.heard.correct(correction, correction.frame - self._end, self._rate)

    @property
    def beat(self) -> TempoEstimate | None:
        """What the beat tracker makes out at the end of what was heard."""
        return self.heard.at(self._end, 0, self._rate)

    def tempo_at(self, frame: int) -> TempoMap | None:
        """Return the map of whoever keeps time at a frame; it may stand there."""
        beat = self._heard_at(frame)
        return self._time.tempo if beat is None else beat.tempo

    def phase_at(self, frame: int) -> Phase | None:
        """Return where in beat and bar a frame lies, and how sure whoever keeps time is.

        None where nobody keeps time, or the beat stands.
        """
        beat, told = self._heard_at(frame), self._time.tempo
        if beat is not None:
            return beat.phase(frame)
        return None if told is None else told.phase(frame)

    def _heard_at(self, frame: int) -> TempoEstimate | None:
        """Return what the beat tracker makes out, if it keeps time and knows anything."""
        if not self._by_ear:
            return None
        return self.heard.at(frame, frame - self._end, self._rate)

    @property
    def slack(self) -> int:
        """Frames by which a line that was not met yet may lie back: what is heard trembles."""
        return round(_SLACK_S * self._rate) if self._by_ear else 0

    @property
    def rests(self) -> bool:
        """Whether the band is to rest, because nothing was heard for long."""
        return self._by_ear and self.heard.rests

    @property
    def _by_ear(self) -> bool:
        """Whether the beat tracker keeps time now."""
        told = self._time.tempo
        return self._time.by_ear and not (told is not None and told.rolling)
