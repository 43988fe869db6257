"""Rests of the whole band: a fade to silence, and back, of a hop each."""

import numpy as np

from bridge.protocols import BandAudio
from bridge.stream.fades import raised_cosine

__all__ = ["RestFade"]


class RestFade:
    """Fades the band out while it is to rest, and in again.

    Args:
        hop: Frames of a hop.
    """

    def __init__(self, hop: int) -> None:
        self._rising = raised_cosine(np.arange(1, hop + 1) / hop).astype(np.float32)
        self._is_silent = False

    def begin(self) -> None:
        """Begin a take, which sounds from its first frame on."""
        self._is_silent = False

    def step(self, audio: BandAudio, *, rests: bool) -> BandAudio:
        """Return what is to be heard of a hop, ``(players, hop)``.

        Args:
            audio: What the band plays.
            rests: Whether it is to rest from here on.
        """
        was_silent, self._is_silent = self._is_silent, rests
        if not (was_silent or rests):
            return audio
        if was_silent and rests:
            return np.zeros_like(audio)
        faded: BandAudio = audio * (self._rising if was_silent else self._rising[::-1])
        return faded
