"""``liveband evaluate``: score checkpoints, codecs and the beat tracker on held-out songs."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.commands.options import JOBS, MANY
from model.errors import ModelConfigError
from model.formats.command_line import RealRange, WholeRange, given_name
from model.formats.output_places import check_output_folder

__all__ = ["HELP", "configure", "run"]

_AMOUNTS = (
    *("split", "songs", "seconds", "excerpts", "drift_seconds", "drift_songs"),
    *("known_songs", "jobs"),
)
"""Options that say how much is evaluated, as settings name them."""

HELP = "score a checkpoint and the beat tracker on held-out songs"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("data", type=Path, help="folder of rendered songs")
    add(
        "--checkpoint",
        type=given_name,
        action="append",
        metavar="C",
        help="folder or shipped name; the default one if left out; with --all also a folder of "
        "checkpoints, and any number of them",
    )
    what = parser.add_mutually_exclusive_group()
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
    add(
        "--seeds",
        type=WholeRange(1, 1000),
        default=1,
        metavar="N",
        help="takes of every system, with --all (1)",
    )
    add(
        "--out",
        type=Path,
        help="folder for table, plots and what was found so far, with --all (runs/family)",
    )
    add(
        "--weights",
        type=Path,
        metavar="FILE",
        help="with --ear or --recordings: compare the beat tracker with these weights, as "
        "`train tracker` makes them",
    )
    add("--split", default="test", choices=["train", "valid", "test"])
    add("--songs", type=MANY, help="songs to score (24; with --all 20)")
    add("--seconds", type=RealRange(1, 600), help="length of an excerpt (20; with --ear 30)")
    add("--excerpts", type=MANY, help="excerpts per song and stem class (1)")
    add("--drift-seconds", type=float, help="length of the long performances; 0 for none (120)")
    add("--drift-songs", type=MANY, help="songs that have one (12; with --all 6)")
    add(
        "--known-songs",
        type=WholeRange(0, MANY.high),
        help="songs of the other splits to compare with; 0: no Frechet, no copying (30)",
    )
    add(
        "--quick",
        action="store_true",
        help="a minute on two cores: 4 songs, 5 s, no drift, no Frechet; what is asked wins",
    )
    add("--jobs", type=JOBS, help="processes (one per core)")
    add("--json", action="store_true", help="one JSON object as the last line")
    add("--record", action="store_true", help="keep the table in the checkpoint's own record")


def run(options: argparse.Namespace) -> int:
    """Run the evaluation that the options ask for; return the exit code.

    Raises:
        ModelConfigError: Options contradict each other, or one is out of range.
        CheckpointError: A checkpoint is missing or damaged.
        DataError: There are no songs, or they are malformed.
        OutputError: The folder of ``--out`` cannot be written into.
        MissingTool: aubiotrack is not installed.
    """
    from model.evaluation.report import evaluate
    from model.evaluation.setting import Setting

    setting = Setting.of(
        quick=options.quick,
        family=options.all,
        ear=options.ear or options.recordings,
        **{name: getattr(options, name) for name in _AMOUNTS},
    )
    asked = options.checkpoint or []
    alone = len(asked) < 2 and options.seeds == 1 and options.out is None
    if not options.all and not alone:
        raise ModelConfigError("several --checkpoint, --seeds and --out need --all")
    if options.weights is not None and not (options.ear or options.recordings):
        raise ModelConfigError("--weights are the beat tracker's: add --ear or --recordings")
    if options.ear or options.recordings:
        if asked or options.record:
            raise ModelConfigError(
                f"{'--ear' if options.ear else '--recordings'} scores no checkpoint: leave out "
                "--checkpoint and --record"
            )
        from model.beat_tracker.weights import load_weights
        from model.evaluation.tracker_agreement import evaluate_recordings
        from model.evaluation.tracker_report import evaluate_tracker

        if options.weights is not None:
            load_weights(options.weights)  # before the work, and again in every process
        score = evaluate_tracker if options.ear else evaluate_recordings
        return score(options.data, setting, as_json=options.json, weights=options.weights)
    if options.codec:
        from model.evaluation.codec import evaluate_codec

        where = asked[0] if asked else None
        return evaluate_codec(options.data, where, setting, as_json=options.json)
    if options.all:
        from model.evaluation.comparison import compare_checkpoints

        out = options.out or Path("runs") / "family"
        check_output_folder(out)
        return compare_checkpoints(
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
