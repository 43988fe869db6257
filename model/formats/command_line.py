"""Parser of a command line: refuses in one sentence, and reads numbers and paths strictly."""

import argparse
import math
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

__all__ = [
    "CommandParser",
    "RealRange",
    "WholeRange",
    "finite_number",
    "given_name",
    "given_path",
    "given_text",
    "whole_number",
]

_LARGEST = 2**63 - 1


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose refusals are one sentence that names the value.

    Arguments of type ``int``, ``float`` and ``Path`` are read by the functions below, so that
    no command has to refuse what is no number, or no path, itself.
    """

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.register("type", int, whole_number)
        self.register("type", float, finite_number)
        self.register("type", Path, given_path)

    def error(self, message: str) -> NoReturn:
        """End the program with code 2.

        Raises:
            SystemExit: Always.
        """
        self.exit(2, f"{self.prog}: {message}; '{self.prog} --help' tells more\n")


def whole_number(text: str) -> int:
    """Return a whole number, for argparse.

    Raises:
        argparse.ArgumentTypeError: It is none, or does not fit into 64 bits.

    Example:
        >>> whole_number("-3")
        -3
    """
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}") from None
    if abs(value) > _LARGEST:
        raise argparse.ArgumentTypeError(f"the number is far too large: {text:.40}")
    return value


def finite_number(text: str) -> float:
    """Return a number, for argparse.

    Raises:
        argparse.ArgumentTypeError: It is none, or not finite.

    Example:
        >>> finite_number("0.1")
        0.1
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"expected a number, got {text!r}")
    return value


@dataclass(frozen=True, slots=True)
class WholeRange:
    """Type of an argument: the whole numbers from one to another.

    Example:
        >>> WholeRange(1, 8)("8")
        8
    """

    low: int
    high: int

    def __call__(self, text: str) -> int:
        """Return the number, for argparse.

        Raises:
            argparse.ArgumentTypeError: It is none, or out of the range.
        """
        value = whole_number(text)
        if not self.low <= value <= self.high:
            raise argparse.ArgumentTypeError(f"expected {self.low} to {self.high}, got {text}")
        return value


@dataclass(frozen=True, slots=True)
class RealRange:
    """Type of an argument: the numbers from one to another.

    Example:
        >>> RealRange(0, 2)("0.5")
        0.5
    """

    low: float
    high: float

    def __call__(self, text: str) -> float:
        """Return the number, for argparse.

        Raises:
            argparse.ArgumentTypeError: It is none, or out of the range.
        """
        value = finite_number(text)
        if not self.low <= value <= self.high:
            raise argparse.ArgumentTypeError(
                f"expected {self.low:g} to {self.high:g}, got {text}"
            )
        return value


def given_text(text: str) -> str:
    """Return a text that is not empty, for argparse.

    Raises:
        argparse.ArgumentTypeError: It is, or it cannot be printed on one line.

    Example:
        >>> given_text("CC0-1.0")
        'CC0-1.0'
    """
    if not text.strip() or not text.isprintable():
        raise argparse.ArgumentTypeError(f"expected a text, got {text!r}")
    return text


def given_name(text: str) -> str:
    """Return the name of something, or the path of its folder, for argparse.

    Raises:
        argparse.ArgumentTypeError: It is empty.

    Example:
        >>> given_name("default")
        'default'
    """
    if not text:
        raise argparse.ArgumentTypeError("expected a name or a folder, got ''")
    return text


def given_path(text: str) -> Path:
    """Return a path, for argparse.

    Raises:
        argparse.ArgumentTypeError: It is empty, and would be the present folder.

    Example:
        >>> given_path("mix.wav").name
        'mix.wav'
    """
    if not text:
        raise argparse.ArgumentTypeError("expected a path, got ''")
    return Path(text)
