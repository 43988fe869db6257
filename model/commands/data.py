"""``liveband data``: make, describe and encode the music that networks learn from."""

from __future__ import annotations

import argparse

from model.commands import data_describe, data_encode, data_recordings, data_render

__all__ = ["HELP", "configure", "run"]

HELP = "render songs, cut recordings, describe and encode them, to train on"

_STEPS = {
    "render": data_render,
    "encode": data_encode,
    "describe": data_describe,
    "recordings": data_recordings,
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the steps and their arguments."""
    steps = parser.add_subparsers(required=True, metavar="STEP")
    for name, step in _STEPS.items():
        sentence = f"{step.HELP[0].upper()}{step.HELP[1:]}."
        options = steps.add_parser(name, help=step.HELP, description=sentence)
        step.configure(options)
        options.set_defaults(step=step.run)


def run(options: argparse.Namespace) -> int:
    """Run the step; return the exit code.

    Raises:
        ModelError: As the step says.
    """
    return int(options.step(options))
