"""The ``liveband`` command: finds the verb, runs it, and words what went wrong."""

import argparse
import importlib
import logging
import os
import select
import sys
from collections.abc import Sequence
from typing import NoReturn

from bridge.common.errors import (
    AudioFileError,
    BridgeError,
    ConfigError,
    EnvironmentMissing,
    ParameterError,
)

__all__ = ["main"]

_BRIDGE = (
    "demo",
    "run",
    "render",
    "beats",
    "export",
    "set",
    "get",
    "status",
    "connect",
    "learn",
    "doctor",
    "measure",
    "bench",
)
_MODEL = {
    "data": "render stems and prepare them for training",
    "train": "train the networks",
    "evaluate": "score a checkpoint",
    "page": "make the companion page",
    "card": "write the cards of checkpoints",
}
_FAILED, _USAGE, _ENVIRONMENT, _INTERRUPTED = 1, 2, 3, 130
_WRONG_USE = (ConfigError, ParameterError, AudioFileError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line.

    Args:
        arguments: Without the program's name; those of this process by default.

    Returns:
        0 done, 1 failed, 2 used wrongly, 3 something outside is missing, 130 Ctrl+C.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        return _command(given)
    except BridgeError as error:
        print(f"liveband: {error}", file=sys.stderr)
        if isinstance(error, _WRONG_USE):
            return _USAGE
        return _ENVIRONMENT if isinstance(error, EnvironmentMissing) else _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        if not _is_unread(sys.stdout.fileno()):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED


def _command(given: list[str]) -> int:
    try:
        if given and given[0] in _MODEL:
            from bridge.app.run import model_command

            return model_command(given)
        return _bridge_command(given)
    finally:
        sys.stdout.flush()


def _is_unread(pipe: int) -> bool:
    """Return whether the reader of what we print has gone, as head(1) does."""
    poll = select.poll()
    poll.register(pipe, 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _bridge_command(given: list[str]) -> int:
    """Load the one command asked for and run it."""
    if not given or given[0] not in _BRIDGE:
        _refuse_or_help(given)
    command = importlib.import_module(f"bridge.commands.{given[0]}")
    parser = argparse.ArgumentParser(
        prog=f"liveband {given[0]}", description=f"{command.HELP[0].upper()}{command.HELP[1:]}."
    )
    command.configure(parser)
    return int(command.run(parser.parse_args(given[1:])))


def _refuse_or_help(given: list[str]) -> NoReturn:
    """Let argparse answer ``--help``, ``--version``, nothing and unknown commands."""
    from importlib.metadata import version

    parser = argparse.ArgumentParser(
        prog="liveband",
        description="An AI musician: hears a live mix, plays a new stem in real time.",
        epilog="'liveband COMMAND --help' tells more.",
    )
    parser.add_argument(
        "--version", action="version", version=f"liveband {version('liveband')}"
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in _BRIDGE:
        commands.add_parser(name, help=importlib.import_module(f"bridge.commands.{name}").HELP)
    for name, help_ in _MODEL.items():
        commands.add_parser(name, help=help_)
    parser.parse_args(given or ["--help"])
    raise AssertionError("a known command came here")


if __name__ == "__main__":
    sys.exit(main())
