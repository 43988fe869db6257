"""Command line of the model: ``liveband data``, ``train``, ``evaluate``, ``page``, ``card``."""

from __future__ import annotations

import importlib
import logging
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from model.errors import MissingTool, ModelConfigError, ModelError, UnknownCheckpointError
from model.formats.command_line import CommandParser
from model.formats.extras import what_is_missing
from model.formats.system_errors import sentence_of

__all__ = ["main", "parser_of"]

logger = logging.getLogger(__name__)

FAILED, WRONG_USE, MISSING = 1, 2, 3
_WRONG_USES = (ModelConfigError, UnknownCheckpointError)
_VERBS = ("data", "train", "evaluate", "page", "card")
"""Modules of ``model.commands``, each with ``HELP``, ``configure`` and ``run``."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: Without the program's name; those of this process by default.

    Returns:
        Exit code: 0 done, 1 failed, 2 usage, 3 something outside Python is missing.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    options = parser_of(words[:1]).parse_args(words)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S"
    )
    try:
        return int(options.run(options))
    except ModelError as error:
        logger.error("%s", error)
        if isinstance(error, MissingTool):
            return MISSING
        return WRONG_USE if isinstance(error, _WRONG_USES) else FAILED
    except ModuleNotFoundError as error:
        if (missing := what_is_missing(error.name, f"liveband {words[0]}")) is None:
            raise
        logger.error("%s", missing)
        return MISSING
    except BrokenPipeError:
        raise
    except (OSError, MemoryError) as error:
        logger.error("%s", sentence_of(error))
        logger.debug("where it happened", exc_info=error)
        return FAILED


def parser_of(asked: Sequence[str]) -> ArgumentParser:
    """Return a parser of the verb asked for; of all where it is none of ours."""
    parser = CommandParser(prog="liveband", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar=" | ".join(_VERBS))
    for name in [verb for verb in _VERBS if verb in asked] or _VERBS:
        command = importlib.import_module(f"model.commands.{name}")
        sentence = f"{command.HELP[0].upper()}{command.HELP[1:]}."
        options = commands.add_parser(name, help=command.HELP, description=sentence)
        command.configure(options)
        options.set_defaults(run=command.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
