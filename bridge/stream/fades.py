"""Crossfade shape and rest fade of the stream.

The audio callback has fades of its own: of mute, bypass and gains
(``bridge/native/channel_strip.c``), and over gaps in a stem (``bridge/native/gap_fades.c``).
"""

import numpy as np
from numpy.typing import NDArray

from bridge.protocols import Audio, BandAudio

__all__ = ["RestFade", "raised_cosine"]


def raised_cosine(share: NDArray[np.float64]) -> Audio:
    """Return the gain of a fade-in after a share of its length.

    The matching fade-out has the gain 1 minus this, so a sound that both sides of a crossfade
    have in common keeps its level.

    Args:
        share: Elapsed share of the fade; at 0 and below the gain is 0, at 1 and above it is 1.

    Example:
        >>> raised_cosine(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])).tolist()
        [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    gain: Audio = (0.5 - 0.5 * np.cos(np.pi * np.clip(share, 0.0, 1.0))).astype(np.float32)
    return gain


class RestFade:
    """Fades the whole band out when it is to rest and in again afterwards, a hop each way.

    Args:
        hop: Frames of a hop.
    """

    def __init__(self, hop: int) -> None:
        self._fade_in = raised_cosine(np.arange(1, hop + 1) / hop)
        self._is_silent = False

    def reset(self) -> None:
        """Start a fresh take, which sounds from its first frame on."""
        self._is_silent = False

    def step(self, audio: BandAudio, *, rests: bool) -> BandAudio:
        """Return the audible part of a hop, ``(players, hop)``.

        Args:
            audio: Output of the band, ``(players, hop)``.
            rests: Whether the band rests from this hop on.
        """
        was_silent, self._is_silent = self._is_silent, rests
        if not (was_silent or rests):
            return audio
        if was_silent and rests:
            return np.zeros_like(audio)
        faded: BandAudio = audio * (self._fade_in if was_silent else self._fade_in[::-1])
        return faded
