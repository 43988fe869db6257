"""``liveband data encode``: encode rendered songs as latents of a checkpoint's codec."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from model.commands.options import JOBS
from model.data.splits import SPLITS
from model.formats.command_line import given_name
from model.formats.output_places import check_output_folder

__all__ = ["HELP", "configure", "run"]

HELP = "encode rendered songs as latents"

logger = logging.getLogger(__name__)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("data", type=Path, help="folder of rendered songs")
    add("codec", type=given_name, help="checkpoint whose autoencoder to use")
    add("out", type=Path, help="folder for the latents")
    add("--preset", default="cpu", help="preset whose stem classes to encode (cpu)")
    add("--split", choices=SPLITS, default="train", help="which songs (train)")
    add("--jobs", type=JOBS, default=1, help="processes (1)")


def run(options: argparse.Namespace) -> int:
    """Encode the songs of a split; return the exit code.

    Raises:
        ModelConfigError: There is no such preset.
        CheckpointError: There is no such codec, or it is damaged.
        DataError: There are no songs.
        OutputError: The folder cannot be written into.
    """
    from model.data.crops import load_songs
    from model.data.latents import encode_songs
    from model.presets import load_preset

    check_output_folder(options.out)
    generator = load_preset(options.preset).generator
    written = encode_songs(
        load_songs(options.data, options.split),
        generator.stems,
        options.codec,
        options.out,
        anticipations=generator.anticipations,
        jobs=options.jobs,
    )
    logger.info("%d files written to %s", written, options.out)
    return 0
