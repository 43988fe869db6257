"""Test bench of the native callback on a share, with a clock set by the test."""

import numpy as np

__all__ = [
    "BLOCK",
    "DECAY",
    "HOP",
    "RAMP",
    "RATE",
    "HostStage",
    "broken",
    "largest_step",
    "noise",
]

RATE, HOP, BLOCK = 48_000, 2400, 256
RAMP = 480  # 10 ms: gains, mute, bypass, listening
DECAY = 240  # 5 ms: missing and returning stem


class HostStage:
    """A share with its host, and a clock that is turned by hand."""

    def __init__(self, share, host):
        self.share, self.host = share, host

    def run(self, frames, *, left=None, right=None, block=BLOCK, freewheel=False):
        """Process ``frames`` in blocks; return both outputs, shape ``(2, frames)``."""
        left = np.zeros(frames, np.float32) if left is None else left
        right = left if right is None else right
        parts = []
        for start in range(0, frames, block):
            piece = slice(start, min(start + block, frames))
            parts.append(self.host.process(left[piece], right[piece], freewheel=freewheel))
        return np.concatenate([np.stack(part) for part in parts], axis=1)

    def play(self, position, stem):
        """Write stem of the host's generation."""
        if self.share.stem_written == 0:
            self.share.begin_generation(self.share.generation)
        self.share.write_stem(position, np.asarray(stem, np.float32))


def noise(frames, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, frames).astype(np.float32)


def broken(sound):
    """Return a copy with samples that are no numbers, and whether a sample was left alone."""
    spoilt, places = sound.copy(), (3, 700, 1500, 2000)
    spoilt[list(places)] = np.nan, np.inf, -np.inf, np.finfo(np.float32).max
    return spoilt, ~np.isin(np.arange(len(sound)), places)


def largest_step(out, before=0.0):
    return float(np.abs(np.diff(out, prepend=np.float32(before))).max())
