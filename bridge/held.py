"""The music of late, kept so that it can be heard over and over."""

import numpy as np

from bridge.protocols import Audio
from bridge.tempo import TempoMap

__all__ = ["HeldMix", "loop_frames"]

_LOOP_S = 4.0
"""What a loop lasts about: longer than the context of a generator."""
_KEPT_S = 12.0
"""One bar of 4 at the slowest tempo."""


class HeldMix:
    """Remembers the last 12 s of a mix; while held, gives them back as a loop.

    Args:
        rate: Frames per second.
    """

    def __init__(self, rate: int) -> None:
        self._kept = np.zeros(round(_KEPT_S * rate), np.float32)
        self.clear()

    @property
    def heard(self) -> int:
        """Frames it can look back on."""
        return self._heard

    def clear(self) -> None:
        """Forget everything."""
        self._heard = 0
        self._loop: Audio | None = None
        self._place = 0

    def hear(self, mix: Audio) -> Audio:
        """Return what is to be heard: the mix itself, or while held the loop.

        Args:
            mix: Shape ``(frames,)``; while held it is lost.
        """
        if self._loop is None:
            self._kept[: -len(mix)] = self._kept[len(mix) :]
            self._kept[-len(mix) :] = mix
            self._heard = min(self._heard + len(mix), len(self._kept))
            return mix
        places = np.arange(self._place, self._place + len(mix))
        self.skip(len(mix))
        looped: Audio = self._loop.take(places, mode="wrap")
        return looped

    def skip(self, frames: int) -> None:
        """Let frames pass unheard."""
        if self._loop is not None:
            self._place = (self._place + frames) % len(self._loop)

    def hold(self, frames: int) -> None:
        """Begin to give back the last ``frames``, or as many as were heard; none is silence."""
        length = min(frames, self._heard)
        self._loop = self._kept[-length:].copy() if length else np.zeros(1, np.float32)
        self._place = 0

    def release(self) -> None:
        """Go on with the mix."""
        self._loop = None


def loop_frames(tempo: TempoMap | None, rate: int) -> int:
    """Return how long a loop should be: about 4 s, and whole bars where the beat is known.

    Args:
        tempo: Where the beat is, None if nobody knows.
        rate: Frames per second.

    Example:
        >>> tempo = TempoMap(frame=0, beat=0, tempo_bpm=100, beats_per_bar=4, rate=48000)
        >>> loop_frames(None, 48000), loop_frames(tempo, 48000)
        (192000, 230400)
    """
    if tempo is None or not tempo.rolling:
        return round(_LOOP_S * rate)
    bar = tempo.beats_per_bar * tempo.frames_per_beat
    bars = max(1, round(_LOOP_S * rate / bar))
    return round(bars * bar) if bars * bar <= _KEPT_S * rate else round(_LOOP_S * rate)
