"""Fit the network that tells the metrical level to the beat tracker.

Usage: ``python -m tools.level_weights DATA [--draws N] [--jobs N] [--write]``, DATA a folder of
rendered songs. Prints how well it tells the level in songs of the valid and test splits, which
it did not learn from, as JSON; ``--write`` makes it the shipped one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from model.beat_tracker.level_classifier import LEVEL_WEIGHTS, LevelClassifier
from model.commands.options import JOBS, MANY
from model.data.beat_mixes import songs_with_beats
from model.data.index import load_songs
from model.formats.atomic_files import write_atomically
from model.training.metrical_level import (
    LevelMoments,
    area_under_curve,
    draw_moments,
    fit_level,
)

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Draw, fit, judge, and write if asked to.

    Raises:
        DataError: There are no songs with beats in one of the splits.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.level_weights", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of rendered songs")
    parser.add_argument("--draws", type=MANY, default=1, help="sequences of each song (1)")
    parser.add_argument("--jobs", type=JOBS, default=1, help="processes (1)")
    parser.add_argument("--write", action="store_true", help="make it the shipped one")
    options = parser.parse_args(argv)

    def drawn(*splits: str) -> LevelMoments:
        songs = [song for split in splits for song in load_songs(options.data, split)]
        return draw_moments(songs_with_beats(songs), draws=options.draws, jobs=options.jobs)

    learnt, held_out = drawn("train"), drawn("valid", "test")
    weights = fit_level(learnt)
    score = np.array([LevelClassifier(weights).log_odds(each) for each in held_out.inputs])
    figures = {
        "sequences": int(learnt.sequence[-1]) + 1,
        "moments": len(learnt.slower),
        "held_out_sequences": int(held_out.sequence[-1]) + 1,
        "held_out_moments": len(held_out.slower),
        "slower": round(float(held_out.slower.mean()), 3),
        "area_under_curve": round(area_under_curve(score, held_out.slower), 3),
        "right": round(float(((score > 0) == held_out.slower).mean()), 3),
    }
    print(json.dumps(figures, indent=1))
    if options.write:
        about = {"format": "liveband metrical level 1", "figures": json.dumps(figures)}
        write_atomically(LEVEL_WEIGHTS, save(weights, metadata=about))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
