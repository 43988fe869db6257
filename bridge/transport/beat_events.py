"""Beats of a tempo map as they pass, each reported once even where the map wavers.

Pure: frames are arguments.
"""

from dataclasses import dataclass
from math import floor

from bridge.tempo import QuantizeGrid, TempoMap

__all__ = ["Beat", "BeatCounter"]

_APART = 0.5
"""Least distance, in beats, between two reported beats."""
_BACK = 0.25
"""Beats before the last frame looked at, where a moved map may have put a beat."""
_EARLY = 1e-3
"""Error, in beats, from rounding a beat to a whole frame."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One beat."""

    frame: int
    """The first frame at or after it."""
    beat: int
    """Of the bar, from 1."""
    bar: int
    """From 1."""


class BeatCounter:
    """Returns each beat of a tempo map once, shortly before it passes.

    Example:
        >>> tempo = TempoMap(frame=0, beat=3.0, tempo_bpm=120.0, beats_per_bar=4.0, rate=48000)
        >>> BeatCounter().due(tempo, 0, 30000)
        [Beat(frame=0, beat=4, bar=1), Beat(frame=24000, beat=1, bar=2)]
    """

    def __init__(self) -> None:
        self._seen_until: int | None = None
        self._reported: int | None = None

    def due(self, tempo: TempoMap | None, now: int, until: int) -> list[Beat]:
        """Return the beats before a frame that were not returned yet.

        Args:
            tempo: The map in force, its frames counted as ``now``; None without a beat.
            now: Present frame.
            until: Frame to end before.
        """
        if tempo is None or not tempo.rolling:
            self._seen_until = self._reported = None
            return []
        per_beat = tempo.frames_per_beat
        begin = now
        if self._seen_until is not None:
            begin = max(self._seen_until, now) - round(_BACK * per_beat)
        self._seen_until = max(until, now)
        beats = []
        while (line := tempo.next_line(begin, QuantizeGrid.BEAT)) < until:
            if self._reported is None or line - self._reported > _APART * per_beat:
                beats.append(_beat(tempo, line))
                self._reported = line
            begin = line + 1
        return beats


def _beat(tempo: TempoMap, frame: int) -> Beat:
    count = floor(tempo.beats(frame) + _EARLY)
    bar = floor((count + _EARLY) / tempo.beats_per_bar)
    return Beat(frame, 1 + floor(count - bar * tempo.beats_per_bar), 1 + bar)
