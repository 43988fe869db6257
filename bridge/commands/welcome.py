"""``liveband`` alone: says in three lines what to do, and offers to begin."""

import sys
from collections.abc import Callable

__all__ = ["welcome"]

_LINES = (
    "An AI musician: it hears your mix through JACK or PipeWire and plays along.",
    "To play, with the remote in the browser: liveband run --open",
    "To check this machine: liveband doctor      All commands: liveband --help",
)
_QUESTION = "Play now? [Y/n] "
_YES = ("", "y", "yes")


def welcome(play: Callable[[], int]) -> int:
    """Print what to do; on a terminal, offer to do it.

    Args:
        play: Plays until it is ended, and returns the exit code.

    Returns:
        The exit code: of ``play`` where that was wanted, else 0.
    """
    print(*_LINES, sep="\n")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return 0
    print(_QUESTION, end="", flush=True)
    answer = sys.stdin.readline()
    if not answer:  # Ctrl+D
        print()
        return 0
    return play() if answer.strip().lower() in _YES else 0
