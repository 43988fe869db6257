"""Beats as they pass, each told once, however the tempo map trembles.

Pure: frames are arguments, what is to be told comes back with its frame.
"""

from dataclasses import dataclass
from math import floor

from bridge.tempo import QuantizeGrid, TempoMap

__all__ = ["Beat", "BeatCounter"]

_APART = 0.5
"""Beats that must lie between two that are told."""
_BACK = 0.25
"""Beats by which a map may have moved one from behind the last look to before it."""
_EARLY = 1e-3
"""Beats by which a beat's frame, a whole number, may miss it."""


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
    """Tells each beat of a tempo map shortly before it passes.

    Example:
        >>> tempo = TempoMap(frame=0, beat=3.0, tempo_bpm=120.0, beats_per_bar=4.0, rate=48000)
        >>> BeatCounter().due(tempo, 0, 30000)
        [Beat(frame=0, beat=4, bar=1), Beat(frame=24000, beat=1, bar=2)]
    """

    def __init__(self) -> None:
        self._looked: int | None = None
        self._told: int | None = None

    def due(self, tempo: TempoMap | None, now: int, until: int) -> list[Beat]:
        """Return the beats before a frame that were not told yet.

        Args:
            tempo: The map in force, its frames counted as ``now``; None without a beat.
            now: The frame it is.
            until: Where to end.
        """
        if tempo is None or not tempo.rolling:
            self._looked = self._told = None
            return []
        per_beat = tempo.frames_per_beat
        begin = now
        if self._looked is not None:
            begin = max(self._looked, now) - round(_BACK * per_beat)
        self._looked = max(until, now)
        beats = []
        while (line := tempo.next_line(begin, QuantizeGrid.BEAT)) < until:
            if self._told is None or line - self._told > _APART * per_beat:
                beats.append(_beat(tempo, line))
                self._told = line
            begin = line + 1
        return beats


def _beat(tempo: TempoMap, frame: int) -> Beat:
    count = floor(tempo.beats(frame) + _EARLY)
    bar = floor((count + _EARLY) / tempo.beats_per_bar)
    return Beat(frame, 1 + floor(count - bar * tempo.beats_per_bar), 1 + bar)
