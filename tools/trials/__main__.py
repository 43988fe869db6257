"""Command line of the long trials: ``python -m tools.trials NAME [options]``."""

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence

from bridge.checkpoints.catalogue import live_folder
from bridge.commands.exit_codes import exit_code_of

__all__ = ["main"]

_TRIALS = (
    "control",
    "agreement",
    "latency",
    "transitions",
    "storm",
    "chaos",
    "returns",
    "crowd",
    "hours",
)
"""Modules of this package, each with ``HELP``, ``configure`` and ``run``."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one trial.

    Args:
        arguments: Without the program's name; those of this process by default.

    Returns:
        0; 1 where a promise of the bridge does not hold; 2 and 3 as ``liveband`` has them.
    """
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s"
    )
    parser = argparse.ArgumentParser(prog="python -m tools.trials", description=__doc__)
    trials = parser.add_subparsers(metavar="NAME", required=True)
    for name in _TRIALS:
        trial = importlib.import_module(f"tools.trials.{name}")
        options = trials.add_parser(name, help=trial.HELP, description=trial.HELP)
        options.add_argument("--json", action="store_true", help="one JSON object per line")
        trial.configure(options)
        options.set_defaults(run=trial.run)
    parsed = parser.parse_args(arguments)
    return exit_code_of(lambda: _run(parsed), "tools.trials")


def _run(options: argparse.Namespace) -> int:
    if "checkpoint" in options:
        live_folder(options.checkpoint)
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
