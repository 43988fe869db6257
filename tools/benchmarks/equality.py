"""Plays one take with torch and with ONNX Runtime in fp32, and says how far apart they are.

Usage: ``make bench-equality``; exit code 1 if the difference reaches -80 dB.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from bridge.checkpoints.loader import load_engine
from bridge.protocols import Conditions

MIX = Path(__file__).parents[1] / "bridge" / "assets" / "mix.ogg"
LEAST_DB = -80.0
TOLD_EVERY = 1000


@dataclass(slots=True)
class Powers:
    """What was played so far, and how much of it the two do not share."""

    played: float = 0.0
    apart: float = 0.0

    def add(self, one: np.ndarray, other: np.ndarray) -> None:
        """Take in a hop of both."""
        self.played += float(np.square(one, dtype=np.float64).sum())
        self.apart += float(np.square(one.astype(np.float64) - other).sum())

    @property
    def apart_db(self) -> float:
        """The difference against what was played."""
        return float(10 * np.log10((self.apart + 1e-30) / (self.played + 1e-30)))


def main() -> int:
    """Compare; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--hops", type=int, default=10_000)
    parser.add_argument("--players", type=int, default=2)
    arguments = parser.parse_args()
    bands = [load_engine(arguments.checkpoint, each, "float32") for each in ("torch", "onnx")]
    for band in bands:
        for player in range(arguments.players):
            stem = band.stems[player % len(band.stems)]
            band.condition(player + 1, Conditions(stem=stem, seed=player))
    mix, _ = soundfile.read(MIX, dtype="float32", always_2d=True)
    loop = mix.mean(axis=1)
    powers, hop = Powers(), bands[0].hop
    for number in range(arguments.hops):
        heard = np.take(loop, range(number * hop, (number + 1) * hop), mode="wrap")
        for band in bands:
            band.listen(heard)
        powers.add(*(band.play() for band in bands))
        if (number + 1) % TOLD_EVERY == 0:
            print(f"{number + 1} hops: {powers.apart_db:.1f} dB apart", flush=True)
    print(f"{arguments.hops} hops, {arguments.players} players: {powers.apart_db:.1f} dB apart")
    return 0 if powers.apart_db < LEAST_DB else 1


if __name__ == "__main__":
    sys.exit(main())
