"""Loop of the recent mix, heard in place of the mix while the freeze control is on."""

import numpy as np

from bridge.protocols import Audio
from bridge.stream.fades import raised_cosine
from bridge.tempo import TempoMap

__all__ = ["FreezeLoop", "loop_frames"]

_LOOP_S = 4.0
"""Approximate length of a loop: longer than the context of a generator."""
_KEPT_S = 12.0
"""One bar of 4 at the slowest tempo."""
_SEAM_S = 0.01
"""Length of the crossfades: from the mix into the loop, over its seam, and back to the mix."""


class FreezeLoop:
    """Keeps the last 12 s of a mix and, while frozen, returns the end of them as a loop.

    Mix and loop crossfade over 10 ms on freeze and release, and the end of the loop
    crossfades into the frames before its start, so that it repeats without a click.

    Args:
        rate: Frames per second.
    """

    def __init__(self, rate: int) -> None:
        self._seam = max(1, round(_SEAM_S * rate))
        self._history = np.zeros(round(_KEPT_S * rate) + self._seam, np.float32)
        self.clear()

    @property
    def heard(self) -> int:
        """Frames of the mix that are kept."""
        return self._heard

    def clear(self) -> None:
        """Start with an empty history, not frozen."""
        self._history[:] = 0.0
        self._heard = 0
        self._loop: Audio = np.zeros(1, np.float32)
        self._position = 0
        self._is_frozen = False
        self._is_discontinuous = False
        self._depth = 0
        """Progress of the crossfade into the loop, 0 to ``_seam`` frames."""

    def step(self, mix: Audio) -> Audio:
        """Return the mix itself, or the loop while frozen.

        Args:
            mix: Shape ``(frames,)``; while frozen it is dropped.
        """
        if not self._is_frozen:
            mix = self._crossfaded(mix)
            self._history[: -len(mix)] = self._history[len(mix) :]
            self._history[-len(mix) :] = mix
            self._heard = min(self._heard + len(mix), len(self._history) - self._seam)
            if self._depth == 0:
                return mix
        positions = np.arange(self._position, self._position + len(mix))
        looped: Audio = self._loop.take(positions, mode="wrap")
        depths = self._depth + np.arange(1, len(mix) + 1) * (1 if self._is_frozen else -1)
        self.skip(len(mix))
        share = raised_cosine(depths / self._seam)
        blended: Audio = share * looped + (1.0 - share) * mix
        return blended

    def mark_discontinuity(self) -> None:
        """Crossfade into the next mix, which does not continue the last one."""
        self._is_discontinuous = self._heard > 0

    def _crossfaded(self, mix: Audio) -> Audio:
        """Return the mix, crossfaded from the last frame of the history after a break."""
        if not self._is_discontinuous:
            return mix
        self._is_discontinuous = False
        whole = mix.copy()
        seam = min(self._seam, len(mix))
        share = raised_cosine(np.arange(1, seam + 1) / (seam + 1))
        whole[:seam] = share * mix[:seam] + (1.0 - share) * self._history[-1]
        return whole

    def skip(self, frames: int) -> None:
        """Advance the loop by frames that are not heard."""
        self._position = (self._position + frames) % len(self._loop)
        depth = self._depth + (frames if self._is_frozen else -frames)
        self._depth = min(max(depth, 0), self._seam)

    def freeze(self, frames: int) -> None:
        """Loop the last ``frames``, or as many as are kept; silence where none are."""
        length = min(frames, self._heard)
        self._loop = self._looped(length) if length else np.zeros(1, np.float32)
        self._position = 0
        self._is_frozen = True
        if not self._heard:  # only silence so far: there is nothing to crossfade from
            self._depth = self._seam

    def release(self) -> None:
        """Return to the mix."""
        self._is_frozen = False

    def _looped(self, length: int) -> Audio:
        """Return the last ``length`` frames, the end crossfaded to what precedes them."""
        loop: Audio = self._history[-length:].copy()
        seam = min(self._seam, length)
        lead = self._history[len(self._history) - length - seam : len(self._history) - length]
        share = raised_cosine(np.arange(1, seam + 1) / (seam + 1))
        loop[-seam:] = share * lead + (1.0 - share) * loop[-seam:]
        return loop


def loop_frames(tempo: TempoMap | None, rate: int) -> int:
    """Return the length of a loop: about 4 s, and whole bars where the beat is known.

    Args:
        tempo: Tempo map; None where there is none.
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
