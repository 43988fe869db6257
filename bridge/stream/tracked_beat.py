"""Beat tracker of a take, with its estimates as tempo maps in frames of the host."""

import numpy as np

from bridge.common.errors import ConfigError
from bridge.controls.beat_tracking import BeatCorrection, CorrectionKind, TrackerSettings
from bridge.protocols import Arrays, Audio, BeatTracker, SavedState
from bridge.tempo import TempoEstimate, TempoMap

__all__ = ["TrackedBeat", "without_beat"]

_PREFIX = "beat_tracker."
_IDENTITY = f"{_PREFIX}identity"


class TrackedBeat:
    """Wraps a beat tracker: counts bars on and converts estimates to tempo maps.

    Without a tracker there is no estimate and no state.

    Args:
        tracker: Nothing else may call it from here on; None for none.
    """

    def __init__(self, tracker: BeatTracker | None) -> None:
        self._tracker = tracker
        self._settings = TrackerSettings()
        self._heard = 0
        self._bars, self._bars_at_s, self._bars_per_s = 0.0, 0.0, 0.0

    @property
    def settings(self) -> TrackerSettings:
        """Settings of the tracker; setting them restricts its range of tempi."""
        return self._settings

    @settings.setter
    def settings(self, settings: TrackerSettings) -> None:
        if settings == self._settings:
            return
        self._settings = settings
        if self._tracker is not None:
            slowest_bpm, fastest_bpm = sorted((settings.slowest_bpm, settings.fastest_bpm))
            self._tracker.restrict(slowest_bpm, fastest_bpm, hold=settings.hold)

    @property
    def rests(self) -> bool:
        """Whether the mix has been silent for so long that the band is to rest."""
        tracker = self._tracker
        return tracker is not None and tracker.silence_s > self._settings.silence_s

    def listen(self, mix: Audio) -> None:
        """Feed the next samples of the mix, at the tracker's rate."""
        self._heard += len(mix)
        if self._tracker is not None:
            self._tracker.listen(mix)

    def skip(self, samples: int) -> None:
        """Skip samples of the mix, at the tracker's rate."""
        self._heard += samples
        if self._tracker is not None:
            self._tracker.skip(samples)

    def reset(self) -> None:
        """Clear the tracker's state; bars are counted from the first again."""
        self._bars_per_s = 0.0
        if self._tracker is not None:
            self._tracker.reset()

    def at(self, frame: int, ahead: float, rate: int) -> TempoEstimate | None:
        """Return the estimate around a frame of the host.

        Args:
            frame: Number of the frame, as the tempo map shall count.
            ahead: Frames from the newest one heard to this one.
            rate: Frames per second.

        Returns:
            None where nothing was heard yet, or there is no tracker.
        """
        tracker = self._tracker
        estimate = None if tracker is None else tracker.estimate(ahead / rate)
        if tracker is None or estimate is None:
            return None
        beats_per_bar = float(estimate.beats_per_bar)
        bars_per_s = estimate.tempo_bpm / 60.0 / beats_per_bar
        at_s = self._heard / tracker.sample_rate + ahead / rate
        bars = self._bars_passed(estimate.bar, at_s)
        self._bars, self._bars_at_s, self._bars_per_s = bars, at_s, bars_per_s
        tempo = TempoMap(
            frame=float(frame),
            beat=bars * beats_per_bar,
            tempo_bpm=estimate.tempo_bpm,
            beats_per_bar=beats_per_bar,
            rate=rate,
            rolling=not self.rests,
        )
        return TempoEstimate(tempo, 0.0 if self.rests else estimate.confidence)

    def _bars_passed(self, bar: float, at_s: float) -> float:
        """Return the bars passed in all, given the share ``bar`` of the present one."""
        if not self._bars_per_s:
            return bar
        expected = self._bars + (at_s - self._bars_at_s) * self._bars_per_s
        return max(0, round(expected - bar)) + bar

    def correct(self, correction: BeatCorrection, ahead: float, rate: int) -> None:
        """Correct the tracker as a person asked.

        Args:
            correction: The correction.
            ahead: Frames from the newest one heard to the frame of the correction.
            rate: Frames per second.

        Raises:
            ConfigError: It leads out of the range of tempi, or there is no tracker.
        """
        tracker = self._tracker
        if tracker is None:
            raise ConfigError("there is no beat tracker here that could be corrected")
        try:
            match correction.kind:
                case CorrectionKind.HALF:
                    tracker.halve()
                case CorrectionKind.DOUBLE:
                    tracker.double()
                case CorrectionKind.DOWNBEAT:
                    tracker.begin_bar(ahead / rate)
                case CorrectionKind.TAP:
                    tracker.tap(ahead / rate, correction.tempo_bpm, correction.beat_in_bar)
        except ValueError as error:
            raise ConfigError(str(error)) from error

    # -- state ------------------------------------------------------------------------------

    def state(self) -> SavedState:
        """Return a copy of the tracker's state; None without a tracker."""
        return None if self._tracker is None else self._tracker.state()

    def restore(self, memory: SavedState) -> None:
        """Restore a state; None changes nothing."""
        if self._tracker is not None and memory is not None:
            self._tracker.restore(memory)

    def packed(self, memory: SavedState) -> Arrays:
        """Return a state as named arrays, whose names do not clash with a model's."""
        if self._tracker is None or memory is None:
            return {}
        arrays = {
            f"{_PREFIX}{name}": array for name, array in self._tracker.packed(memory).items()
        }
        identity = np.frombuffer(bytes.fromhex(self._tracker.identity), np.uint8)
        return {**arrays, _IDENTITY: identity}

    def unpacked(self, arrays: Arrays) -> SavedState:
        """Return the state that ``packed`` made arrays of.

        None where the arrays hold none, as in a bank stored without a tracker, or where
        another tracker made it; recalling such a bank leaves the beat as it is.

        Raises:
            ValueError: The arrays are damaged.
        """
        if self._tracker is None or _IDENTITY not in arrays:
            return None
        if bytes(arrays[_IDENTITY].astype(np.uint8)).hex() != self._tracker.identity:
            return None
        return self._tracker.unpacked(
            {
                name.removeprefix(_PREFIX): array
                for name, array in arrays.items()
                if name.startswith(_PREFIX)
            }
        )


def without_beat(arrays: Arrays) -> Arrays:
    """Return the arrays of a stored state that belong to the model."""
    return {name: array for name, array in arrays.items() if not name.startswith(_PREFIX)}
