"""``liveband data recordings``: finished recordings as material for a codec."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from model.data.splits import SPLITS

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

__all__ = ["add_recordings"]

logger = logging.getLogger(__name__)


def add_recordings(commands: Commands) -> None:
    """Add the command to a parser's; ``run`` of what is parsed runs it."""
    recordings = commands.add_parser(
        "recordings", help="cut finished recordings into songs that a codec can learn from"
    )
    recordings.add_argument("out", type=Path, help="folder to write into")
    recordings.add_argument(
        "places",
        nargs="+",
        type=Path,
        metavar="FILE_OR_FOLDER",
        help="wav, flac, ogg, opus or mp3, mono or stereo, at any rate",
    )
    recordings.add_argument(
        "--licence", required=True, help="licence of all of them, such as CC-BY-4.0"
    )
    recordings.add_argument(
        "--package", required=True, help="package, album or collection they come in"
    )
    recordings.add_argument("--credit", help="whom to name, where the licence asks for it")
    recordings.add_argument(
        "--split", choices=SPLITS, help="where all of them go (dealt out by name, 8 : 1 : 1)"
    )
    recordings.set_defaults(run=_recordings)


def _recordings(options: argparse.Namespace) -> int:
    from model.data.recordings import Origin, cut_recordings

    origin = Origin(licence=options.licence, package=options.package, credit=options.credit)
    written = cut_recordings(options.places, options.out, origin, split=options.split)
    counts = ", ".join(f"{count} {split}" for split, count in sorted(written.items()))
    logger.info("parts in %s: %s", options.out, counts)
    return 0
