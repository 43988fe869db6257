"""Constant windows, filters and frequencies of the networks, in float64."""

from __future__ import annotations

import math

import numpy as np

from model.array_types import Float64Array

__all__ = [
    "FAINT",
    "OVERLAPS",
    "PERIOD",
    "SHIFTS",
    "asymmetric_window",
    "mel_filters",
    "neighbour_turn",
    "overlap_window",
    "rotary_frequencies",
    "spectrum_window",
    "synthesis_window",
]

OVERLAPS = 4
"""Number of synthesis windows that overlap at any frame, and their length in inner steps."""
FAINT = 1e-9
"""Magnitude below which the angle of a sum of phases is undefined."""
PERIOD = 4096
"""Period of the rotary positions in steps; far beyond any window."""
SHIFTS = 6
"""Modulations per transformer block: shift, scale and gate, for attention and for the MLP."""


def asymmetric_window(length: int, fall: int) -> Float64Array:
    """Return an analysis window that rises slowly and falls over its last ``fall`` frames.

    A symmetric window hides the newest frames, which a causal analysis needs most.

    Args:
        length: Frames in the window.
        fall: Frames of the falling slope, 1..``length - 1``.

    Returns:
        Values in 0..1, ``(length,)``.
    """
    rise = (np.arange(length - fall) + 0.5) / (length - fall)
    down = (np.arange(fall) + 0.5) / fall
    return np.concatenate([np.sin(0.5 * math.pi * rise), np.cos(0.5 * math.pi * down)]) ** 2


def spectrum_window(length: int, fall: int) -> Float64Array:
    """Return :func:`asymmetric_window`, scaled so that a full-scale sine has magnitude 1."""
    window = asymmetric_window(length, fall)
    scaled: Float64Array = window / window.sum() * 2
    return scaled


def synthesis_window(hop: int) -> Float64Array:
    """Return the square root of a window that rises in one hop and falls in three.

    The fast rise keeps attacks sharp and the output early; the long fall gives tones enough
    length to have a pitch. Applied twice and added up every hop, it has unit gain only after
    division by the sum of its squares.

    Args:
        hop: Frames between windows.

    Returns:
        Values in 0..1, ``(OVERLAPS * hop,)``.
    """
    return np.sqrt(asymmetric_window(OVERLAPS * hop, (OVERLAPS - 1) * hop))


def overlap_window(hop: int) -> Float64Array:
    """Return the overlap-add window of inverse transforms.

    The synthesis window divided by the sum of its squares, scaled so that magnitudes are
    amplitudes of sines.
    """
    root = synthesis_window(hop)
    gain = np.tile((root**2).reshape(OVERLAPS, hop).sum(0), OVERLAPS)
    window: Float64Array = root / gain * root.sum() / 2
    return window


def neighbour_turn(hop: int) -> float:
    """Return the phase difference of neighbouring bins of a sine's spectrum, in radians.

    It follows from the centre of gravity of the synthesis window; computed half a bin away from
    the peak.
    """
    window = synthesis_window(hop)
    places = np.arange(len(window)) / len(window)
    return 2 * float(np.angle((window * np.exp(-1j * np.pi * places)).sum()))


def mel_filters(
    sample_rate: int, n_fft: int, bands: int, *, low_hz: float = 30.0
) -> Float64Array:
    """Return triangular mel filters of unit peak, ``(n_fft // 2 + 1, bands)``.

    Args:
        sample_rate: Frames per second.
        n_fft: Length of the transform.
        bands: Number of filters, from ``low_hz`` to half the sample rate.
        low_hz: Lower edge of the lowest filter.

    Source:
        Mel scale of O'Shaughnessy 1987: 2595 log10(1 + f / 700).
    """

    def mel(hz: float) -> float:
        return 2595 * math.log10(1 + hz / 700)

    edges = np.linspace(mel(low_hz), mel(sample_rate / 2), bands + 2)
    edges_hz = 700 * (10 ** (edges / 2595) - 1)
    bin_hz = sample_rate / n_fft
    bins_hz = np.arange(n_fft // 2 + 1)[:, None] * bin_hz
    # A band narrower than a bin could fall between two bins and be empty.
    left = np.minimum(edges_hz[:-2], edges_hz[1:-1] - bin_hz)
    right = np.maximum(edges_hz[2:], edges_hz[1:-1] + bin_hz)
    rising = (bins_hz - left) / (edges_hz[1:-1] - left)
    falling = (right - bins_hz) / (right - edges_hz[1:-1])
    filters: Float64Array = np.maximum(np.minimum(rising, falling), 0.0)
    return filters


def rotary_frequencies(head_channels: int, window: int) -> Float64Array:
    """Return the whole turns per :data:`PERIOD` of each channel pair, ``(head_channels / 2,)``.

    Whole numbers make positions periodic, so a stream can run indefinitely at full precision;
    a growing float position would lose phase within hours. They are spaced geometrically
    between one turn in eight windows and half a turn per step.

    Source:
        Rotary positions: Su et al. 2021, arXiv:2104.09864.
    """
    slowest, fastest = max(1.0, PERIOD / (8 * window)), PERIOD / 2
    spaced: Float64Array = np.geomspace(fastest, slowest, head_channels // 2)
    return spaced.round()
