"""``liveband data recordings``: cut finished recordings into songs to train a codec on."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from model.data.splits import SPLITS
from model.formats.command_line import given_text
from model.formats.output_places import check_output_folder

__all__ = ["HELP", "configure", "run"]

HELP = "cut finished recordings into songs that a codec can learn from"

logger = logging.getLogger(__name__)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("out", type=Path, help="folder to write into")
    add(
        "places",
        nargs="+",
        type=Path,
        metavar="FILE_OR_FOLDER",
        help="wav, flac, ogg, opus or mp3, mono or stereo, at any rate",
    )
    add(
        "--licence",
        required=True,
        type=given_text,
        help="licence of all of them, such as CC-BY-4.0",
    )
    add(
        "--package",
        required=True,
        type=given_text,
        help="package, album or collection they come in",
    )
    add("--credit", type=given_text, help="whom to name, where the licence asks for it")
    add("--split", choices=SPLITS, help="where all of them go (dealt out by name, 8 : 1 : 1)")


def run(options: argparse.Namespace) -> int:
    """Cut the recordings; return the exit code.

    Raises:
        ModelConfigError: ``--split`` or the licence does not fit what the folder already has.
        DataError: A recording cannot be read, or there are none.
        OutputError: The folder cannot be written into.
    """
    from model.data.recordings import Origin, cut_recordings

    check_output_folder(options.out)
    origin = Origin(licence=options.licence, package=options.package, credit=options.credit)
    written = cut_recordings(options.places, options.out, origin, split=options.split)
    counts = ", ".join(f"{count} {split}" for split, count in sorted(written.items()))
    logger.info("parts in %s: %s", options.out, counts)
    return 0
