"""Types of options that several commands share."""

import argparse

__all__ = ["positive"]


def positive(text: str) -> int:
    """Return a whole number of 1 or more, for argparse.

    Raises:
        argparse.ArgumentTypeError: It is less.
    """
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, got {value}")
    return value
