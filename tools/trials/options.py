"""Options that several trials share."""

import argparse
import math

__all__ = ["add_checkpoint_option", "positive_number"]


def positive_number(text: str) -> float:
    """Return a finite number above 0, for argparse.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    number = float(text)
    if not 0.0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"takes a number above 0, got {text}")
    return number


def add_checkpoint_option(parser: argparse.ArgumentParser) -> None:
    """Declare ``--checkpoint``, with which the bridge under test plays."""
    parser.add_argument(
        "--checkpoint", default="default", metavar="C", help="a checkpoint's name or folder"
    )
