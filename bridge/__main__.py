"""The ``liveband`` command: finds the verb among all commands and runs it."""

import argparse
import importlib
import io
import logging
import os
import select
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import NoReturn

from bridge.commands.exit_codes import FAILED, exit_code_of
from bridge.commands.welcome import welcome
from model.formats.command_line import CommandParser

__all__ = ["main", "parser_of", "whole_parser"]

_VERBS = {
    "play": ("demo", "run", "render", "beats"),
    "control a running bridge": ("set", "get", "status", "connect", "learn"),
    "check and prepare this machine": ("doctor", "measure", "bench", "export", "plugins"),
    "make models": ("data", "train", "evaluate", "page", "card"),
}
"""Verbs by what one wants to do; each is a module of ``bridge.commands``, or of
``model.commands`` for making models, with ``HELP``, ``configure`` and ``run``."""
_MODEL = _VERBS["make models"]


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
    if isinstance(sys.stdout, io.TextIOWrapper):  # a file's name need not be text
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return exit_code_of(lambda: _command(given))
    except BrokenPipeError:
        if not _is_unread(sys.stdout.fileno()):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _command(given: list[str]) -> int:
    """Load the one command asked for and run it."""
    if not given:
        return welcome(lambda: _command(["run", "--open"]))
    name = given[0]
    try:
        if name in _MODEL:
            return int(importlib.import_module("model.__main__").main(given))
        if not any(name in names for names in _VERBS.values()):
            _print_help_or_refuse(given)
        return int(_module_of(name).run(parser_of(name).parse_args(given[1:])))
    finally:
        sys.stdout.flush()


def parser_of(name: str) -> CommandParser:
    """Return the parser of a command of the bridge."""
    command = _module_of(name)
    sentence = f"{command.HELP[0].upper()}{command.HELP[1:]}."
    parser = CommandParser(prog=f"liveband {name}", description=sentence)
    command.configure(parser)
    return parser


def whole_parser() -> CommandParser:
    """Return a parser of all commands at once, to make a manual or completions from.

    A run uses ``parser_of``, which loads one command instead of all.
    """
    parser = CommandParser(prog="liveband", description="Plays a stem to a live mix.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in (name for names in _VERBS.values() for name in names):
        command = _module_of(name)
        sentence = f"{command.HELP[0].upper()}{command.HELP[1:]}."
        command.configure(commands.add_parser(name, help=command.HELP, description=sentence))
    return parser


def _module_of(name: str) -> ModuleType:
    package = "model" if name in _MODEL else "bridge"
    return importlib.import_module(f"{package}.commands.{name}")


def _is_unread(pipe: int) -> bool:
    """Return whether the reader of our output has gone, as head(1) does."""
    poll = select.poll()
    poll.register(pipe, 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _print_help_or_refuse(given: list[str]) -> NoReturn:
    """Let argparse answer ``--help``, ``--version`` and unknown commands."""
    import importlib.metadata  # here, since it would delay the start of the band

    parser = CommandParser(
        prog="liveband",
        usage="liveband COMMAND [options]",
        description=_overview(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    version = f"liveband {importlib.metadata.version('liveband')}"
    parser.add_argument("--help", "-h", action="help", help=argparse.SUPPRESS)
    parser.add_argument("--version", action="version", version=version, help=argparse.SUPPRESS)
    names = [name for group in _VERBS.values() for name in group]
    parser.add_argument("COMMAND", choices=names, help=argparse.SUPPRESS)
    parser.parse_args(given)
    raise AssertionError("a known command came here")


def _overview() -> str:
    """Return all commands with a line of help each, by what one wants to do."""
    lines = ["An AI musician: hears a live mix, plays a new stem in real time."]
    for group, names in _VERBS.items():
        lines += ["", f"{group}:"]
        lines += [f"  {name:<10}{_module_of(name).HELP}" for name in names]
    return "\n".join([*lines, "", "'liveband COMMAND --help' tells more; also: --version"])


if __name__ == "__main__":
    sys.exit(main())
