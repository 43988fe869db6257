"""``liveband page``: make the companion page, a static site with samples."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.commands.options import JOBS
from model.formats.command_line import RealRange, given_name
from model.formats.output_places import check_output_folder

__all__ = ["HELP", "configure", "run"]

HELP = "make the companion page, a static site"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("data", type=Path, help="folder of rendered songs")
    add("--out", type=Path, required=True, help="folder of the site")
    add(
        "--checkpoint",
        type=given_name,
        action="append",
        default=[],
        metavar="C",
        help="checkpoint that plays: a folder, a shipped name or a folder of checkpoints; may "
        "be repeated (all shipped ones)",
    )
    add(
        "--table",
        type=Path,
        metavar="JSON",
        help="numbers: family.json of 'evaluate --all' (those in the checkpoints' records)",
    )
    add("--quick", action="store_true", help="three samples of each section")
    add("--seconds", type=RealRange(1, 600), default=20.0, help="length of a sample (20)")
    add("--jobs", type=JOBS, default=1, help="processes (1)")


def run(options: argparse.Namespace) -> int:
    """Write the site; return the exit code.

    Raises:
        ModelConfigError: An option is out of range, or the table is of another kind.
        CheckpointError: A checkpoint is missing or damaged.
        DataError: There are no songs to play to.
        OutputError: The folder cannot be written into.
    """
    from model.page.site import PageSetting, make_page

    check_output_folder(options.out)
    setting = PageSetting(quick=options.quick, seconds=options.seconds, jobs=options.jobs)
    make_page(options.data, options.out, options.checkpoint, setting, options.table)
    return 0
