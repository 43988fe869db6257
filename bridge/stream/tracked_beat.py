"""The beat tracker of a session: hears the mix, gives tempo maps in frames of the host."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.common.errors import ConfigError
from bridge.controls.beat_tracking import BeatCorrection, CorrectionKind, TrackerSettings
from bridge.protocols import Arrays, Audio, BeatTracker, SavedState
from bridge.tempo import TempoEstimate, TempoMap

__all__ = ["TrackedBeat", "without_beat"]

_PREFIX = "beat_tracker."
_IDENTITY = f"{_PREFIX}identity"


class TrackedBeat:
    """Listens to the mix, and makes tempo maps of what a tracker makes out.

    Without a tracker there is no beat, and nothing is remembered.

    Args:
        tracker: Steered by this object alone from here on; None for none.
    """

    def __init__(self, tracker: BeatTracker | None) -> None:
        self._tracker = tracker
        self._settings = TrackerSettings()
        self._heard = 0
        self._bars, self._bars_at_s, self._bars_per_s = 0.0, 0.0, 0.0

    @property
    def settings(self) -> TrackerSettings:
        """What is asked of the tracker."""
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
        """Whether it has been silent for so long that the band is to rest."""
        tracker = self._tracker
        return tracker is not None and tracker.silence_s > self._settings.silence_s

    def listen(self, mix: Audio) -> None:
        """Hear what comes next of the mix, at the tracker's rate."""
        self._heard += len(mix)
        if self._tracker is not None:
            self._tracker.listen(mix)

    def skip(self, samples: int) -> None:
        """Let samples of the mix, at the tracker's rate, pass unheard."""
        self._heard += samples
        if self._tracker is not None:
            self._tracker.skip(samples)

    def reset(self) -> None:
        """Forget what was heard; bars are counted from 1 again."""
        self._bars_per_s = 0.0
        if self._tracker is not None:
            self._tracker.reset()

    def at(self, frame: int, ahead: float, rate: int) -> TempoEstimate | None:
        """Return the beat around a frame of the host.

        Args:
            frame: Where to look, in the frames that the tempo map is to count.
            ahead: Frames from the newest that was heard to this one.
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
        bars = self._counted(estimate.bar, at_s)
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

    def _counted(self, bar: float, at_s: float) -> float:
        """Return how many bars have passed, where a share ``bar`` of this one has."""
        if not self._bars_per_s:
            return bar
        expected = self._bars + (at_s - self._bars_at_s) * self._bars_per_s
        return max(0, round(expected - bar)) + bar

    def correct(self, correction: BeatCorrection, ahead: float, rate: int) -> None:
        """Have the tracker take a player's word.

        Args:
            correction: What the player says.
            ahead: Frames from the newest that was heard to when it was said.
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

    # -- memory -----------------------------------------------------------------------------

    def state(self) -> SavedState:
        """Return a copy of what was heard; None without a tracker."""
        return None if self._tracker is None else self._tracker.state()

    def restore(self, memory: SavedState) -> None:
        """Remember what ``state`` kept; None forgets nothing."""
        if self._tracker is not None and memory is not None:
            self._tracker.restore(memory)

    def packed(self, memory: SavedState) -> Arrays:
        """Return what ``state`` kept as named arrays, to stand beside those of a model."""
        if self._tracker is None or memory is None:
            return {}
        arrays = {
            f"{_PREFIX}{name}": array for name, array in self._tracker.packed(memory).items()
        }
        identity = np.frombuffer(bytes.fromhex(self._tracker.identity), np.uint8)
        return {**arrays, _IDENTITY: identity}

    def unpacked(self, arrays: Arrays) -> SavedState:
        """Return the memory that ``packed`` made arrays of.

        None where there is none, as in a bank that was kept before there was a tracker, or
        where another tracker kept it: whoever recalls the bank then goes on with the beat.

        Raises:
            ValueError: The arrays are damaged.
        """
        if self._tracker is None or _IDENTITY not in arrays:
            return None
        if bytes(arrays[_IDENTITY].astype(np.uint8)).hex() != self._tracker.identity:
            return None
        return self._tracker.unpacked(_own(arrays))


def without_beat(arrays: Arrays) -> Arrays:
    """Return those of a memory's arrays that are the model's."""
    return {name: array for name, array in arrays.items() if not name.startswith(_PREFIX)}


def _own(arrays: Arrays) -> Mapping[str, NDArray[Any]]:
    """Return the arrays of a tracker, by their own names."""
    return {
        name.removeprefix(_PREFIX): array
        for name, array in arrays.items()
        if name.startswith(_PREFIX)
    }
