"""Sound samples of the documentation: the demo's mix, and what the default checkpoint adds.

Usage: ``python -m tools.sound_samples docs/sounds``. One take a stem, hop by hop as it plays
live: the first one, of seed 0, unless that is too soft to be heard beside the mix. Nothing else
is chosen.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from model.data.stems import STEM_CLASSES
from model.evaluation.features import level_db

__all__ = ["audible_take", "laid_over", "main", "page"]

_MIX = Path(__file__).parents[1] / "bridge" / "assets" / "mix.ogg"
_CHECKPOINT = Path(__file__).parents[1] / "model" / "checkpoints" / "default"
_CEILING = 0.9
_FAINTEST_DB = -34.0
"""Level below which a take is not heard beside the mix, whose own is -16 dB."""
_MOST_TAKES = 10
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


def audible_take(play: Callable[[int], NDArray[np.float32]]) -> tuple[int, NDArray[np.float32]]:
    """Return the first take that is heard beside the mix, and its seed.

    Args:
        play: Returns the take of a seed, ``(frames, 2)``.

    Raises:
        RuntimeError: All of the first ten are too soft.
    """
    for seed in range(_MOST_TAKES):
        take = play(seed)
        if level_db(take) >= _FAINTEST_DB:
            return seed, take
    raise RuntimeError(f"none of {_MOST_TAKES} takes reaches {_FAINTEST_DB:g} dB")


def page(weights: str, seeds: Mapping[str, int]) -> str:
    """Return the text beside the samples.

    Args:
        weights: Hash of the checkpoint's.
        seeds: By stem, of the take: so many before it were too soft.
    """
    samples = "\n".join(
        f"- [{stem}]({stem}.ogg)" + (f" (take {1 + seed})" if seed else "")
        for stem, seed in seeds.items()
    )
    return (
        "# Sound samples\n\n"
        "The demo's mix (drums, piano and guitar, without bass) and one stem played to it, "
        "30 s each:\n\n"
        f"{samples}\n\n"
        "Made by `python -m tools.sound_samples docs/sounds` with the checkpoint `default` "
        f"({weights[:12]}), 0.1 s ahead. Each is the first take, or the first that is not too "
        f"soft to be heard (below {_FAINTEST_DB:g} dB); nothing else is chosen. The mix alone "
        "is `bridge/assets/mix.ogg`.\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the samples; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.sound_samples", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    mix, rate = soundfile.read(_MIX, dtype="float32", always_2d=True)
    seeds = {}
    for stem in STEM_CLASSES:
        seeds[stem], take = audible_take(partial(_render, stem))
        both = laid_over(mix, take)
        soundfile.write(folder / f"{stem}.ogg", both, rate, compression_level=_COMPRESSION)
    weights = json.loads((_CHECKPOINT / "config.json").read_text())["weights_sha256"]
    (folder / "README.md").write_text(page(weights, seeds))
    return 0


def _render(stem: str, seed: int) -> NDArray[np.float32]:
    with tempfile.TemporaryDirectory() as work:
        played = Path(work, "stem.wav")
        command = [sys.executable, "-m", "bridge", "render", _MIX, played, "--stem", stem]
        subprocess.run([*command, "--anticipation", "0.1", "--seed", str(seed)], check=True)
        take: NDArray[np.float32] = soundfile.read(played, dtype="float32", always_2d=True)[0]
    return take


if __name__ == "__main__":
    raise SystemExit(main())
