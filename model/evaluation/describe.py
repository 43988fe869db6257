"""The command ``liveband data describe``: statistics of rendered songs, a picture of one."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.data.splits import SPLITS
from model.errors import ConfigError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

__all__ = ["add_describe"]

logger = logging.getLogger(__name__)


def add_describe(commands: Commands) -> None:
    """Add the command to a parser's; ``run`` of what is parsed runs it."""
    describe = commands.add_parser(
        "describe", help="print statistics of rendered songs, draw one of them"
    )
    describe.add_argument("data", type=Path, help="folder of rendered songs")
    describe.add_argument(
        "--split", default="all", choices=(*SPLITS, "all"), help="songs to describe (all)"
    )
    describe.add_argument(
        "--songs",
        type=int,
        default=40,
        metavar="N",
        help="songs whose audio is measured, drawn at random, the same ones every time (40); "
        "the rest of the statistics is of all songs",
    )
    describe.add_argument("--json", action="store_true", help="print JSON in place of tables")
    describe.add_argument("--picture", type=Path, metavar="PNG", help="draw a song into a file")
    describe.add_argument(
        "--song", metavar="NAME", help="the song to draw (the first one with the most stems)"
    )
    describe.set_defaults(run=_describe)


def _describe(options: argparse.Namespace) -> int:
    from model.data.song_picture import choose_song, draw_song
    from model.data.statistics import describe_folder
    from model.data.statistics_tables import as_json, as_markdown

    if options.song is not None and options.picture is None:
        raise ConfigError(
            f"--song {options.song} needs --picture PNG, the file to draw it into"
        )
    if options.picture is not None:
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
    from model.evaluation.features import hear
    from model.evaluation.onsets import onset_times

    return len(onset_times(hear(audio, SAMPLE_RATE)))
