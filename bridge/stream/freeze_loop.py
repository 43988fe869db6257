"""The music of late, kept so that it can be heard over and over."""

import numpy as np

from bridge.protocols import Audio
from bridge.stream.fades import raised_cosine
from bridge.tempo import TempoMap

__all__ = ["FreezeLoop", "loop_frames"]

_LOOP_S = 4.0
"""What a loop lasts about: longer than the context of a generator."""
_KEPT_S = 12.0
"""One bar of 4 at the slowest tempo."""
_SEAM_S = 0.01
"""Length of the crossfades: from the mix into the loop, over its seam, and back to the mix."""


class FreezeLoop:
    """Remembers the last 12 s of a mix; while held, gives them back as a loop.

    Nothing clicks: mix and loop cross over 10 ms as it is held and released, and the end of
    the loop crosses into what came before its beginning, so that it runs on into itself.

    Args:
        rate: Frames per second.
    """

    def __init__(self, rate: int) -> None:
        self._seam = max(1, round(_SEAM_S * rate))
        self._kept = np.zeros(round(_KEPT_S * rate) + self._seam, np.float32)
        self.clear()

    @property
    def heard(self) -> int:
        """Frames it can look back on."""
        return self._heard

    def clear(self) -> None:
        """Forget everything."""
        self._kept[:] = 0.0
        self._heard = 0
        self._loop: Audio = np.zeros(1, np.float32)
        self._place = 0
        self._is_held = False
        self._is_broken_off = False
        self._depth = 0
        """How far it has crossed into the loop, 0 to ``_seam`` frames."""

    def hear(self, mix: Audio) -> Audio:
        """Return what is to be heard: the mix itself, or while held the loop.

        Args:
            mix: Shape ``(frames,)``; while held it is lost.
        """
        if not self._is_held:
            mix = self._joined(mix)
            self._kept[: -len(mix)] = self._kept[len(mix) :]
            self._kept[-len(mix) :] = mix
            self._heard = min(self._heard + len(mix), len(self._kept) - self._seam)
            if self._depth == 0:
                return mix
        places = np.arange(self._place, self._place + len(mix))
        looped: Audio = self._loop.take(places, mode="wrap")
        depths = self._depth + np.arange(1, len(mix) + 1) * (1 if self._is_held else -1)
        self.skip(len(mix))
        share = raised_cosine(depths / self._seam)
        blended: Audio = share * looped + (1.0 - share) * mix
        return blended

    def break_off(self) -> None:
        """Note that what comes next does not continue what was heard last."""
        self._is_broken_off = self._heard > 0

    def _joined(self, mix: Audio) -> Audio:
        """Return the mix, crossed over to from the last frame where it had broken off."""
        if not self._is_broken_off:
            return mix
        self._is_broken_off = False
        whole = mix.copy()
        seam = min(self._seam, len(mix))
        share = raised_cosine(np.arange(1, seam + 1) / (seam + 1))
        whole[:seam] = share * mix[:seam] + (1.0 - share) * self._kept[-1]
        return whole

    def skip(self, frames: int) -> None:
        """Let frames pass unheard."""
        self._place = (self._place + frames) % len(self._loop)
        depth = self._depth + (frames if self._is_held else -frames)
        self._depth = min(max(depth, 0), self._seam)

    def hold(self, frames: int) -> None:
        """Begin to give back the last ``frames``, or as many as were heard; none is silence."""
        length = min(frames, self._heard)
        self._loop = self._looped(length) if length else np.zeros(1, np.float32)
        self._place = 0
        self._is_held = True
        if not self._heard:  # silence went before: there is nothing to cross over from
            self._depth = self._seam

    def release(self) -> None:
        """Go on with the mix."""
        self._is_held = False

    def _looped(self, length: int) -> Audio:
        """Return the last ``length`` frames, their end crossed into what led to their start."""
        loop: Audio = self._kept[-length:].copy()
        seam = min(self._seam, length)
        lead = self._kept[len(self._kept) - length - seam : len(self._kept) - length]
        share = raised_cosine(np.arange(1, seam + 1) / (seam + 1))
        loop[-seam:] = share * lead + (1.0 - share) * loop[-seam:]
        return loop


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
