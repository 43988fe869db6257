"""Spectrograms as PNG files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.evaluation.features import log_mel, normalised

__all__ = ["spectrogram", "write_png"]

BANDS, SLICE = 96, 320
"""Rows of the picture, and frames at 16 kHz between its columns: 20 ms."""
STEP = 6
"""Between two shades of 0..255: fewer shades, half the bytes, and no band to be seen."""
FLOOR, CEILING = -8.0, 1.5
"""Natural-log levels that are shown darkest and brightest."""
STOPS = (
    (0.0, (13, 13, 24)),
    (0.3, (58, 28, 92)),
    (0.55, (168, 50, 86)),
    (0.8, (240, 132, 60)),
    (1.0, (253, 236, 180)),
)
"""Colours from silence to full level."""


def spectrogram(audio: NDArray[np.float32], rate: int) -> NDArray[np.uint8]:
    """Return levels 0..255 by mel band and time, low bands at the bottom, ``(96, columns)``.

    Args:
        audio: ``(frames,)``.
        rate: Its frames per second.
    """
    mel = log_mel(normalised(audio, rate), BANDS, hop=SLICE)
    shade = ((mel - FLOOR) / (CEILING - FLOOR)).clip(0, 1) * 255
    picture: NDArray[np.uint8] = (STEP * (shade / STEP).round()).clip(0, 255).astype(np.uint8)
    picture = picture.T[::-1]
    return picture


def write_png(path: Path, shade: NDArray[np.uint8]) -> None:
    """Write levels as a picture in the page's colours.

    Args:
        path: Ends in ``.png``.
        shade: ``(rows, columns)``, 0..255.
    """
    rows, columns = shade.shape
    lines = np.concatenate([np.zeros((rows, 1), np.uint8), shade], axis=1)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    parts = [
        (b"IHDR", header),
        (b"PLTE", _palette(STOPS)),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    ]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts))


def _palette(stops: Sequence[tuple[float, tuple[int, int, int]]]) -> bytes:
    places = np.linspace(0, 1, 256)
    at = [stop for stop, _ in stops]
    channels = [np.interp(places, at, [colour[c] for _, colour in stops]) for c in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8).tobytes()


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
