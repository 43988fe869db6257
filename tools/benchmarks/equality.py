"""Play the same with torch and with ONNX Runtime in fp32, and print the difference in dB.

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

MIX = Path(__file__).parents[2] / "bridge" / "assets" / "mix.ogg"
LIMIT_DB = -80.0
PRINT_EVERY = 1000


@dataclass(slots=True)
class EnergySums:
    """Energy of what was played so far, and of the difference between both engines."""

    played: float = 0.0
    difference: float = 0.0

    def add(self, one: np.ndarray, other: np.ndarray) -> None:
        """Add a hop of both."""
        self.played += float(np.square(one, dtype=np.float64).sum())
        self.difference += float(np.square(one.astype(np.float64) - other).sum())

    @property
    def difference_db(self) -> float:
        """Energy of the difference over that of one engine, in dB."""
        return float(10 * np.log10((self.difference + 1e-30) / (self.played + 1e-30)))


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
    energies, hop = EnergySums(), bands[0].hop
    for number in range(arguments.hops):
        heard = np.take(loop, range(number * hop, (number + 1) * hop), mode="wrap")
        for band in bands:
            band.listen(heard)
        energies.add(*(band.play() for band in bands))
        if (number + 1) % PRINT_EVERY == 0:
            print(f"{number + 1} hops: {energies.difference_db:.1f} dB apart", flush=True)
    apart = f"{energies.difference_db:.1f} dB apart"
    print(f"{arguments.hops} hops, {arguments.players} players: {apart}")
    return 0 if energies.difference_db < LIMIT_DB else 1


if __name__ == "__main__":
    sys.exit(main())
