"""Sound samples of the documentation: the demo's mix, and what the default checkpoint adds.

Usage: ``python -m tools.sound_samples docs/sounds``. One take a stem, of seed 0, hop by hop as
it plays live; nothing is chosen among takes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from model.data.stems import STEM_CLASSES

__all__ = ["laid_over", "main", "page"]

_MIX = Path(__file__).parents[1] / "bridge" / "assets" / "mix.ogg"
_CHECKPOINT = Path(__file__).parents[1] / "model" / "checkpoints" / "default"
_CEILING = 0.9
_COMPRESSION = 0.8
"""Of Vorbis, 0 to 1: about 0.4 MB for 30 s."""


def laid_over(mix: NDArray[np.float32], stem: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the sum of both at their own levels, as a whole made softer where it would clip.

    Args:
        mix: What was heard, shape ``(frames, 2)``.
        stem: What was played to it, of the same shape.
    """
    both = mix + stem
    return both * np.float32(min(1.0, _CEILING / max(float(np.abs(both).max()), 1e-9)))


def page(weights: str) -> str:
    """Return the text beside the samples.

    Args:
        weights: Hash of the checkpoint's.
    """
    samples = "\n".join(f"- [{stem}]({stem}.ogg)" for stem in STEM_CLASSES)
    return (
        "# Sound samples\n\n"
        "The demo's mix (drums, piano and guitar, without bass) and one stem played to it, "
        "30 s each:\n\n"
        f"{samples}\n\n"
        "Made by `python -m tools.sound_samples docs/sounds` with the checkpoint `default` "
        f"({weights[:12]}), 0.1 s ahead, first take: nothing is chosen. The mix alone is "
        "`bridge/assets/mix.ogg`.\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the samples; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.sound_samples", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    mix, rate = soundfile.read(_MIX, dtype="float32", always_2d=True)
    for stem in STEM_CLASSES:
        with tempfile.TemporaryDirectory() as work:
            played = Path(work, "stem.wav")
            command = [sys.executable, "-m", "bridge", "render", _MIX, played, "--stem", stem]
            subprocess.run([*command, "--anticipation", "0.1", "--seed", "0"], check=True)
            take, _ = soundfile.read(played, dtype="float32", always_2d=True)
        both = laid_over(mix, take)
        soundfile.write(folder / f"{stem}.ogg", both, rate, compression_level=_COMPRESSION)
    weights = json.loads((_CHECKPOINT / "config.json").read_text())["weights_sha256"]
    (folder / "README.md").write_text(page(weights))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
