"""``liveband data describe``: statistics of rendered songs, and a picture of one."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.data.splits import SPLITS
from model.errors import ModelConfigError
from model.formats.command_line import WholeRange
from model.formats.output_places import check_output_file

__all__ = ["HELP", "configure", "run"]

HELP = "print statistics of rendered songs, draw one of them"

logger = logging.getLogger(__name__)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("data", type=Path, help="folder of rendered songs")
    add("--split", default="all", choices=(*SPLITS, "all"), help="songs to describe (all)")
    add(
        "--songs",
        type=WholeRange(0, 1_000_000),
        default=40,
        metavar="N",
        help="songs whose audio is measured, drawn at random, the same ones every time (40); "
        "the rest of the statistics is of all songs",
    )
    add("--json", action="store_true", help="print JSON in place of tables")
    add("--picture", type=Path, metavar="PNG", help="draw a song into a file")
    add("--song", metavar="NAME", help="the song to draw (the first one with the most stems)")


def run(options: argparse.Namespace) -> int:
    """Print the statistics; return the exit code.

    Raises:
        ModelConfigError: ``--song`` without ``--picture``.
        DataError: There are no songs, or none of that name.
        OutputError: The picture cannot be written there.
        MissingTool: matplotlib, which draws the picture, is not installed.
    """
    from model.data.song_picture import choose_song, draw_song
    from model.data.statistics import describe_folder
    from model.data.statistics_tables import as_json, as_markdown

    if options.song is not None and options.picture is None:
        raise ModelConfigError(
            f"--song {options.song} needs --picture PNG, the file to draw it into"
        )
    if options.picture is not None:
        check_output_file(options.picture)
        song = choose_song(options.data, options.song, options.split)
        draw_song(song, options.picture)
        logger.info("picture of %s in %s", song.folder, options.picture)
    statistics = describe_folder(
        options.data, _count_onsets, split=options.split, measured=options.songs
    )
    text = as_json(statistics) if options.json else as_markdown(statistics)
    sys.stdout.write(f"{text}\n")
    return 0


def _count_onsets(audio: NDArray[np.float32]) -> int:
    from model.data.audiofile import SAMPLE_RATE
    from model.evaluation.features import normalised
    from model.evaluation.onsets import onset_times

    return len(onset_times(normalised(audio, SAMPLE_RATE)))
