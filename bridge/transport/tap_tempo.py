"""Tap tempo: tempo, bar and downbeat of a beat that is tapped.

Pure: frames are arguments.
"""

__all__ = ["TapTempo"]

_LONGEST_PAUSE_S = 3.0
"""Taps further apart belong to different counts; 20 bpm."""
_SHORTEST_PAUSE_S = 0.2
"""Taps closer together count as one; 300 bpm."""
_MEMORY = 8


class TapTempo:
    """Fits a steady beat to taps; the first tap of a count begins a bar.

    Example:
        >>> taps = TapTempo()
        >>> [taps.tap(frame, 48000) for frame in (0, 24000, 48000)]
        [None, 120.0, 120.0]
        >>> taps.downbeat
        0.0
    """

    def __init__(self) -> None:
        self._rate = 0
        self._frames: list[int] = []
        self._counted = 0
        self.downbeat = 0.0
        """Frame at which a bar began."""

    @property
    def count(self) -> int:
        """Beats of the present count, its first tap included."""
        return self._counted

    def begin(self, frame: int) -> None:
        """Begin a count, and so a bar, at a frame."""
        self._frames, self._counted = [frame], 1
        self.downbeat = float(frame)

    def tap(self, frame: int, rate: int) -> float | None:
        """Take a tap; return the tempo in bpm, None for the first tap of a count.

        Args:
            frame: When it came.
            rate: Frames per second; another one than before begins a count.
        """
        if rate != self._rate:
            self._rate, self._frames = rate, []
        if not self._frames or frame - self._frames[-1] > _LONGEST_PAUSE_S * self._rate:
            self.begin(frame)
            return None
        if frame - self._frames[-1] >= _SHORTEST_PAUSE_S * self._rate:
            self._frames = [*self._frames, frame][-_MEMORY:]
            self._counted += 1
        if len(self._frames) < 2:
            return None
        spacing = (self._frames[-1] - self._frames[0]) / (len(self._frames) - 1)
        middle = sum(self._frames) / len(self._frames)
        last = middle + spacing * (len(self._frames) - 1) / 2
        self.downbeat = last - spacing * (self._counted - 1)
        return 60.0 * self._rate / spacing
