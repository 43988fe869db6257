"""Choose the grooves that suit unknown music for each stem class, by measurement.

Usage: ``python -m tools.likely_grooves DATA CHECKPOINT [--songs N] [--seconds S] [--write]``.
Every groove plays at 0.1 s to excerpts of the validation songs, with the beat tracker, as on
stage (a bidirectional checkpoint as in ``render``); all grooves of one excerpt are players of
one band. Prints a table, and the choice as JSON; ``--write`` puts it into the checkpoint's
``config.json``, and ``auto`` takes one of them by the seed of a take.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from model.checkpoint import load_checkpoint
from model.commands.options import MANY
from model.evaluation.excerpts import Excerpt, load_mix, seeds_of
from model.evaluation.report import excerpts_of
from model.evaluation.scorer import ExcerptScorer
from model.evaluation.scoring import loaded
from model.evaluation.setting import Setting
from model.evaluation.systems import MAIN_S, perform_conditions, request
from model.evaluation.workers import run_all
from model.formats.checkpoint_folder import find_folder, read_config, write_config
from model.formats.command_line import RealRange

__all__ = ["GrooveScore", "likely", "main"]

FIGURES = ("rhythm", "chroma", "level_db", "silent", "onsets")
TOLERANCE = 0.06
"""How far below the best groove another one may lie to be among the likely ones.

Most grooves lie as near to one another as that, and one groove alone would make all takes of a
class alike.
"""
SOFTER_DB = 3.0
"""How much softer than the median of all grooves a likely one may be."""
MOST = 4
AT_ONCE = 8
"""Grooves played by one band."""
FEW = 8
"""Excerpts of one class whose own mean weighs as much as that of all classes."""


@dataclass(frozen=True, slots=True)
class GrooveScore:
    """Figures of one groove on one excerpt."""

    stem_class: str
    groove: str
    figures: Mapping[str, float]
    """By name; no chroma where there is no pitch."""

    @property
    def fit(self) -> float:
        """How well it goes with the mix: rhythm and chroma together."""
        return self.figures["rhythm"] + self.figures.get("chroma", 0.0)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and write if asked to.

    Raises:
        DataError: There are no validation songs, or none in which stem and mix sound.
        CheckpointError: The checkpoint cannot be read.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.likely_grooves", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of rendered songs")
    parser.add_argument("checkpoint", help="folder or shipped name")
    parser.add_argument("--songs", type=MANY, default=10, help="validation songs (10)")
    parser.add_argument(
        "--seconds", type=RealRange(1, 600), default=10.0, help="length of an excerpt (10)"
    )
    parser.add_argument("--write", action="store_true", help="keep the choice in config.json")
    options = parser.parse_args(argv)
    setting = Setting(split="valid", songs=options.songs, seconds=options.seconds)
    checkpoint = load_checkpoint(options.checkpoint)
    classes = checkpoint.generator.config.stems
    excerpts = excerpts_of(options.data, setting, classes, checkpoint.autoencoder.config)
    tasks = [partial(_play, excerpt, options.checkpoint) for excerpt in excerpts]
    scores = [s for each in run_all(tasks, len(os.sched_getaffinity(0))) for s in each]
    print(_table(scores))
    chosen = {stem: likely(scores, stem) for stem in classes}
    print(json.dumps(chosen))
    if options.write:
        folder = find_folder(options.checkpoint)
        write_config(folder, {**read_config(folder), "likely_grooves": chosen})
    return 0


def likely(scores: Sequence[GrooveScore], stem_class: str) -> list[str]:
    """Return the grooves that suit a class, the best first.

    The mean of a class is drawn to that of all classes, the more the fewer excerpts it has.

    Args:
        scores: Of all classes; every groove was played to the same excerpts.
        stem_class: One of them; with no excerpt of its own it gets what suits all.
    """
    grooves = list(dict.fromkeys(score.groove for score in scores))
    fits: dict[str, float] = {}
    levels: dict[str, float] = {}
    for groove in grooves:
        every = [score for score in scores if score.groove == groove]
        own = [score for score in every if score.stem_class == stem_class]
        weight = len(own) / (len(own) + FEW)
        for found, value in ((fits, _fit), (levels, _level)):
            general, particular = (
                float(np.mean([value(score) for score in part])) if part else 0.0
                for part in (every, own)
            )
            found[groove] = weight * particular + (1 - weight) * general
    loud = [g for g in grooves if levels[g] > np.median(list(levels.values())) - SOFTER_DB]
    ranked = sorted(loud, key=lambda groove: -fits[groove])
    return [g for g in ranked if fits[g] > fits[ranked[0]] - TOLERANCE][:MOST]


def _fit(score: GrooveScore) -> float:
    return score.fit


def _level(score: GrooveScore) -> float:
    return score.figures["level_db"]


def _play(excerpt: Excerpt, where: str) -> list[GrooveScore]:
    """Return the figures of every groove on an excerpt."""
    checkpoint = loaded(where)
    config, rate = checkpoint.generator.config, checkpoint.autoencoder.config.sample_rate
    hop_rate_hz = checkpoint.autoencoder.config.hop_rate_hz
    hops = min(config.anticipations, key=lambda each: abs(each / hop_rate_hz - MAIN_S))
    asked = request(
        checkpoint, excerpt.stem_class, seed=seeds_of(excerpt, 1)[0], anticipation=hops
    )
    scorer, mix, scores = ExcerptScorer(excerpt, rate), load_mix(excerpt), []
    with threadpool_limits(1):
        for first in range(0, len(config.grooves), AT_ONCE):
            some = config.grooves[first : first + AT_ONCE]
            conditions = [replace(asked, groove=groove) for groove in some]
            takes = perform_conditions(checkpoint, mix, conditions)
            for groove, take in zip(some, takes, strict=True):
                told = scorer.score(groove, take, described=False).figures
                figures = {name: value for name in FIGURES if (value := told[name]) is not None}
                scores.append(GrooveScore(excerpt.stem_class, groove, figures))
    return scores


def _table(scores: Sequence[GrooveScore]) -> str:
    lines = [f"{'groove':14}" + "".join(f"{name:>10}" for name in FIGURES)]
    for groove in dict.fromkeys(score.groove for score in scores):
        own = [score.figures for score in scores if score.groove == groove]
        means = (np.mean([f[name] for f in own if name in f]) for name in FIGURES)
        lines.append(f"{groove:14}" + "".join(f"{mean:10.2f}" for mean in means))
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
