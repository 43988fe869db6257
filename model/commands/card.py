"""``liveband card``: write the model cards of checkpoints from their records."""

from __future__ import annotations

import argparse

from model.formats.command_line import given_name

__all__ = ["HELP", "configure", "run"]

HELP = "write the README.md of checkpoints from their record"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "checkpoint",
        nargs="*",
        type=given_name,
        help="folder or shipped name (all shipped ones)",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail where a card is out of date"
    )


def run(options: argparse.Namespace) -> int:
    """Write or check the cards; return the exit code.

    Raises:
        CheckpointError: A checkpoint is missing or damaged.
    """
    from model.evaluation.comparison import find_checkpoints
    from model.page.card import write_cards

    return write_cards(find_checkpoints(options.checkpoint), check=options.check)
