"""The shape of every crossfade that is made outside the audio callback."""

import numpy as np
from numpy.typing import NDArray

from bridge.protocols import Audio

__all__ = ["raised_cosine"]


def raised_cosine(share: NDArray[np.float64]) -> Audio:
    """Return what fades in by how much, after a share of its time: a smooth step.

    What fades out has the rest to 1, so that sound that both have alike keeps its level.

    Args:
        share: Of the fade's time; before it is 0 and less, after it 1 and more.

    Example:
        >>> rise(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])).tolist()
        [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    gain: Audio = (0.5 - 0.5 * np.cos(np.pi * np.clip(share, 0.0, 1.0))).astype(np.float32)
    return gain
