"""Sample-rate conversion in whole hops, with a delay of whole host frames.

One hop of 50 ms is a whole number of frames at the host's rate and at the model's, so each
step takes exactly one hop and gives exactly one, and the two grids never drift. Both
directions are linear-phase windowed sincs whose delays are chosen so that a round trip, with
the model's own overlap, is late by a whole number of host frames: it can be reported, and
cancelled by anticipation, exactly.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bridge.common.latency import hop_frames
from bridge.protocols import Audio

__all__ = ["Delays", "HopResampler", "conversion_delays", "make_resamplers"]

_ZERO_CROSSINGS = 48
"""Half length of the filter, in samples of the lower rate: 1.1 ms at 44.1 kHz."""
_KAISER_BETA = 8.96
"""Stop band 90 dB down; transition 0.06 of the lower rate."""
_CUTOFF = 0.966
"""Of the lower rate's Nyquist frequency: flat to 20 kHz at 44.1 kHz."""


class HopResampler:
    """Resampler for one direction; the state of a stream is passed in.

    Args:
        in_hop: Frames taken per step.
        out_hop: Frames given per step.
        delay: Delay of the output in input frames: at least the half length of the filter,
            since the last frames of a hop need the input after them. Equal hops without a
            delay give the identity.
    """

    def __init__(self, in_hop: int, out_hop: int, delay: Fraction) -> None:
        self.in_hop = in_hop
        self.out_hop = out_hop
        self._identity = in_hop == out_hop and delay == 0
        half = 1 if self._identity else _half_length(in_hop, out_hop)
        parts = out_hop * delay.denominator  # of a frame: whole numbers, so nothing is rounded
        centres = np.arange(out_hop) * in_hop * delay.denominator - delay.numerator * out_hop
        whole, part = centres // parts, centres % parts / parts
        self._history = half - 1 - int(whole[0])
        self._first = whole - half + 1 + self._history
        self._weights = _weights(part, half, min(1.0, out_hop / in_hop))

    def init_state(self) -> Audio:
        """Return the state of a stream that was silent so far, shape ``(history,)``."""
        return np.zeros(self._history, np.float32)

    def step(self, hop: Audio, state: Audio) -> Audio:
        """Convert one hop, advancing ``state`` in place.

        Args:
            hop: Shape ``(in_hop,)``.
            state: From ``init_state``; one per stream.

        Returns:
            Shape ``(out_hop,)``; the identity returns ``hop`` itself.
        """
        if self._identity:
            return hop
        known = np.concatenate([state, hop])
        state[:] = known[-len(state) :]
        windows = sliding_window_view(known, self._weights.shape[1])[self._first]
        converted: Audio = np.einsum("ij,ij->i", windows, self._weights)
        return converted


@dataclass(frozen=True, kw_only=True, slots=True)
class Delays:
    """Delays of a round trip to a model and back, in whole host frames."""

    into: int
    """Of resampling to the model's rate."""
    back: int
    """Of resampling to the host's rate, and the fraction of a frame that ``overlap`` lacks."""
    overlap: int
    """Of the model's own output, rounded down."""

    @property
    def total(self) -> int:
        """Sum of the three."""
        return self.into + self.back + self.overlap


def conversion_delays(rate: int, model_rate: int, overlap: int = 0) -> Delays:
    """Return the delays between a host and a model.

    Args:
        rate: The host's frames per second.
        model_rate: The model's frames per second.
        overlap: Frames at the model's rate by which its output trails.

    Raises:
        ConfigError: A rate is not a multiple of 20 Hz.

    Example:
        >>> conversion_delays(48000, 48000, overlap=480)
        Delays(into=0, back=0, overlap=480)
        >>> conversion_delays(44100, 48000, overlap=480)
        Delays(into=48, back=49, overlap=441)
    """
    hop, model_hop = hop_frames(rate), hop_frames(model_rate)
    trail = Fraction(overlap * hop, model_hop)
    if rate == model_rate:
        return Delays(into=0, back=0, overlap=floor(trail))
    least = Fraction(_half_length(model_hop, hop) * hop, model_hop)
    return Delays(
        into=_half_length(hop, model_hop),
        back=ceil(trail + least) - floor(trail),
        overlap=floor(trail),
    )


def make_resamplers(
    rate: int, model_rate: int, overlap: int = 0
) -> tuple[HopResampler, HopResampler]:
    """Return the resamplers to a model and back; see ``conversion_delays``.

    Raises:
        ConfigError: A rate is not a multiple of 20 Hz.
    """
    hop, model_hop = hop_frames(rate), hop_frames(model_rate)
    delays = conversion_delays(rate, model_rate, overlap)
    back = (delays.back + delays.overlap) * Fraction(model_hop, hop) - overlap
    return (
        HopResampler(hop, model_hop, Fraction(delays.into)),
        HopResampler(model_hop, hop, back),
    )


def _half_length(in_hop: int, out_hop: int) -> int:
    """Return half the filter's length in input frames."""
    return ceil(_ZERO_CROSSINGS * max(1.0, in_hop / out_hop))


def _weights(part: NDArray[np.float64], half: int, narrow: float) -> NDArray[np.float32]:
    """Return one row of filter taps per output frame, each summing to 1.

    Args:
        part: Position of each output frame after the input frame before it, 0..1.
        half: Half the filter's length in input frames.
        narrow: Lower rate over input rate, at most 1.

    Source:
        Kaiser windowed sinc: Oppenheim and Schafer, Discrete-Time Signal Processing, 7.5.
    """
    distance = part[:, None] + (half - 1) - np.arange(2 * half)[None, :]
    inside = np.clip(1.0 - (distance / half) ** 2, 0.0, None)
    window = np.where(inside > 0.0, np.i0(_KAISER_BETA * np.sqrt(inside)), 0.0)
    taps = window * np.sinc(_CUTOFF * narrow * distance)
    weights: NDArray[np.float32] = (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
    return weights
