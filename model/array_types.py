"""Types of numpy arrays that many modules name."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Audio", "Float32Array", "Float64Array"]

Float32Array = NDArray[np.float32]
Float64Array = NDArray[np.float64]
Audio = Float32Array
"""Samples, full scale at 1; ``(frames,)`` unless said otherwise."""
