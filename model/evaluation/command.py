"""The command ``liveband evaluate``: its options, and which evaluation they ask for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from model.errors import ConfigError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

__all__ = ["add_evaluate"]


def add_evaluate(commands: Commands) -> None:
    """Add the command to a parser's; ``run`` of what is parsed runs it."""
    evaluate = commands.add_parser(
        "evaluate", help="score a checkpoint and the beat tracker on held-out songs"
    )
    evaluate.add_argument("data", type=Path, help="folder of rendered songs")
    evaluate.add_argument(
        "--checkpoint",
        action="append",
        metavar="C",
        help="folder or shipped name; the default one if left out; with --all also a folder of "
        "checkpoints, and any number of them",
    )
    what = evaluate.add_mutually_exclusive_group()
    what.add_argument(
        "--all",
        action="store_true",
        help="every checkpoint in one table: those given, or all shipped ones",
    )
    what.add_argument(
        "--ear",
        action="store_true",
        help="score the beat tracker alone, beside aubiotrack, on the mixes; no checkpoint",
    )
    what.add_argument(
        "--recordings",
        action="store_true",
        help="score the beat tracker on a folder of recordings whose beats nobody wrote down, "
        "where its networks agree on them; no checkpoint",
    )
    what.add_argument(
        "--codec",
        action="store_true",
        help="score the autoencoder alone, on single stems, or on a folder made by 'liveband "
        "data recordings'",
    )
    evaluate.add_argument(
        "--seeds",
        type=int,
        default=1,
        metavar="N",
        help="takes of every system, with --all (1)",
    )
    evaluate.add_argument(
        "--out",
        type=Path,
        help="folder for table, plots and what was found so far, with --all (runs/family)",
    )
    evaluate.add_argument(
        "--weights",
        type=Path,
        metavar="FILE",
        help="with --ear or --recordings: compare the beat tracker with these weights, as "
        "`train tracker` makes them",
    )
    evaluate.add_argument("--split", default="test", choices=["train", "valid", "test"])
    evaluate.add_argument("--songs", type=int, help="songs to score (24; with --all 20)")
    evaluate.add_argument(
        "--seconds", type=float, help="length of an excerpt (20; with --ear 30)"
    )
    evaluate.add_argument("--excerpts", type=int, help="excerpts per song and stem class (1)")
    evaluate.add_argument(
        "--drift-seconds", type=float, help="length of the long performances; 0 for none (120)"
    )
    evaluate.add_argument(
        "--drift-songs", type=int, help="songs that have one (12; with --all 6)"
    )
    evaluate.add_argument(
        "--known-songs",
        type=int,
        help="songs of the other splits to compare with; 0: no Frechet, no copying (30)",
    )
    evaluate.add_argument(
        "--quick",
        action="store_true",
        help="a minute on two cores: 4 songs, 5 s, no drift, no Frechet; what is asked wins",
    )
    evaluate.add_argument("--jobs", type=int, help="processes (one per core)")
    evaluate.add_argument(
        "--json", action="store_true", help="one JSON object as the last line"
    )
    evaluate.add_argument(
        "--record", action="store_true", help="keep the table in the checkpoint's own record"
    )
    evaluate.set_defaults(run=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    from model.evaluation.report import evaluate
    from model.evaluation.setting import Setting

    setting = Setting.of(
        quick=options.quick,
        family=options.all,
        ear=options.ear or options.recordings,
        split=options.split,
        songs=options.songs,
        seconds=options.seconds,
        excerpts=options.excerpts,
        drift_seconds=options.drift_seconds,
        drift_songs=options.drift_songs,
        known_songs=options.known_songs,
        jobs=options.jobs,
    )
    asked = options.checkpoint or []
    alone = len(asked) < 2 and options.seeds == 1 and options.out is None
    if not options.all and not alone:
        raise ConfigError("several --checkpoint, --seeds and --out need --all")
    if options.weights is not None and not (options.ear or options.recordings):
        raise ConfigError("--weights are the beat tracker's: add --ear or --recordings")
    if options.ear:
        from model.evaluation.tracker_report import evaluate_tracker

        if asked or options.record:
            raise ConfigError("--ear scores no checkpoint: leave out --checkpoint and --record")
        return evaluate_tracker(
            options.data, setting, as_json=options.json, weights=options.weights
        )
    if options.recordings:
        from model.evaluation.tracker_agreement import evaluate_recordings

        if asked or options.record:
            raise ConfigError(
                "--recordings scores no checkpoint: leave out --checkpoint and --record"
            )
        return evaluate_recordings(
            options.data, setting, as_json=options.json, weights=options.weights
        )
    if options.codec:
        from model.evaluation.codec import evaluate_codec

        where = asked[0] if asked else None
        return evaluate_codec(options.data, where, setting, as_json=options.json)
    if options.all:
        from model.evaluation.family import evaluate_family

        out = options.out or Path("runs") / "family"
        return evaluate_family(
            options.data,
            asked,
            setting,
            out,
            seeds=options.seeds,
            as_json=options.json,
            record=options.record,
        )
    return evaluate(
        options.data,
        asked[0] if asked else None,
        setting,
        as_json=options.json,
        record=options.record,
    )
