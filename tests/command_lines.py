"""Command lines of the program: one that is right for each command, and wrong values to try."""

import argparse
import contextlib
import io
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from bridge.__main__ import _MODEL, _VERBS, main, parser_of
from model.__main__ import parser_of as parser_of_model
from model.formats.command_line import RealRange, WholeRange
from model.networks.level_probe import LevelProbe

__all__ = [
    "OUTPUTS",
    "RIGHT",
    "Outcome",
    "arguments_of",
    "command_parsers",
    "given_wrongly",
    "outcome_of",
    "right_arguments",
    "wrong_values",
]

RIGHT = {
    "demo": "--out {new}",
    "run": "--checkpoint passthrough --server liveband-test-none --no-wait --osc-port 0",
    "render": "{mix} {new}.wav --checkpoint passthrough",
    "beats": "{mix}",
    "set": "stem bass --osc-port 9",
    "get": "stem --osc-port 9",
    "status": "--osc-port 9",
    "connect": "a:b c:d --osc-port 9",
    "learn": "mute --osc-port 9",
    "doctor": "--checkpoint passthrough --server liveband-test-none",
    "measure": "--osc-port 9",
    "bench": "--checkpoint passthrough",
    "export": "{checkpoint}",
    "plugins": "install --from {plugins} --lv2 {new} --clap {new}",
    "data render": "{new} --songs 1 --seconds 5",
    "data encode": "{songs} {checkpoint} {new} --preset smoke",
    "data describe": "{songs} --songs 1",
    "data recordings": "{new} {mix} --licence CC0-1.0 --package tests",
    "train codec": "{songs} {new} --preset smoke --steps 1",
    "train decoder": "{songs} {checkpoint} {new} --preset smoke --steps 1",
    "train liveband": "{latents} {checkpoint} {new} --preset smoke --steps 1",
    "train bidirectional": "{latents} {checkpoint} {new} --preset smoke --steps 1",
    "train baseline": "{latents} {checkpoint} {new} --preset smoke --steps 1",
    "train tracker": "{songs} {new} --preset smoke --steps 1",
    "evaluate": "{songs} --checkpoint {checkpoint} --quick --jobs 1 --seconds 2",
    "page": "{songs} --out {new} --checkpoint {checkpoint} --quick --seconds 2",
    "card": "{checkpoint}",
}
"""Right arguments of each command; what is in braces is made by the test."""

_WITH = {
    ("evaluate", "--out"): "{songs} --all --checkpoint {checkpoint} --quick --seconds 2",
    ("evaluate", "--seeds"): "{songs} --all --checkpoint {checkpoint} --out {new} --quick",
    ("evaluate", "--weights"): "{songs} --ear --quick --seconds 2",
    ("data describe", "--song"): "{songs} --songs 1 --picture {new}",
}
"""Right arguments beside an option that needs others."""

OUTPUTS = {"out", "run_folder", "picture", "lv2", "clap"}
"""Names of the paths that are written; all others are read, and must be there."""

_WORK = (
    "bridge.demo.performance.run_demo",
    "bridge.commands.bench._times",
    "bridge.bench.parts.hop_times",
    "model.data.render.render_song",
    "model.data.song_picture.draw_song",
    "model.data.latents._encode",
    "model.training.trainer.Trainer.train",
    "model.evaluation.codec.codec_figures",
    "model.evaluation.comparison.run_all",
    "model.evaluation.report.run_all",
    "model.evaluation.tracker_agreement.run_all",
    "model.evaluation.tracker_report.run_all",
    "model.page.site.run_all",
)
"""Where the work begins that is left out, once all arguments have been looked at."""

_ALIKE = 60
"""Letters at the beginning of messages that say the same."""
_MOST_LINES = 4
_CLASS_NAME = re.compile(r"\b\w*(?:Error|Exception|Warning)\b|Traceback|<class|Errno|errno")


class _WorkBegins(BaseException):
    pass


@dataclass(frozen=True)
class Outcome:
    """How a command line ended."""

    code: int
    said: str
    """On stderr."""
    answered: str
    """On stdout."""

    def is_like(self, other):
        """Return whether this ended as another did, whose message may end otherwise."""
        return (self.code, self.said[:_ALIKE]) == (other.code, other.said[:_ALIKE])

    def faults(self, argument, value):
        """Return what is wrong with this refusal of a value of an argument."""
        found = []
        if self.code not in (1, 2, 3):
            found.append(f"ends with {self.code}")
        if len(self.said.splitlines()) > _MOST_LINES:
            found.append(f"says {len(self.said.splitlines())} lines")
        if (name := _CLASS_NAME.search(self.said + self.answered)) is not None:
            found.append(f"says {name[0]!r}")
        names = (*_spellings(value), *argument.option_strings)
        if not any(text in self.said + self.answered for text in names):
            found.append("names neither the value nor the option")
        return found


def _spellings(value):
    """Return how a message may name a value: as it is, escaped, as a number, or cut."""
    start = value[:40]
    yield from (start, ascii(start)[1:-1])
    yield start.encode(errors="surrogateescape").decode("latin-1")
    with contextlib.suppress(ValueError):
        yield f"{float(value):g}"


def command_parsers():
    """Return the parser of every command and of every step of one, by its words."""
    found = {}
    for group in _VERBS.values():
        for name in group:
            if name not in _MODEL:
                found[name] = parser_of(name)
            else:
                _add_leaves(found, "", parser_of_model([name]))
    return found


def _add_leaves(found, words, parser):
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                _add_leaves(found, f"{words} {name}".strip(), below)
            return
    found[words] = parser


def arguments_of(parser):
    """Return what takes a value and is offered."""
    return [
        action
        for action in parser._actions
        if action.nargs != 0 and action.help != argparse.SUPPRESS
    ]


def right_arguments(words, action, places):
    """Return right arguments of a command, beside one of which another is to be given.

    Args:
        words: The command's.
        action: The argument.
        places: What stands for the words in braces.
    """
    option = action.option_strings[0] if action.option_strings else ""
    return _WITH.get((words, option), RIGHT[words]).format(**places).split()


def given_wrongly(parser, right, action, value):
    """Return right arguments with one replaced by a wrong value.

    Args:
        parser: Of the command.
        right: Its right arguments, a list.
        action: The argument to replace.
        value: What to give it.
    """
    count = action.nargs if isinstance(action.nargs, int) else 1
    values = [value] * count
    if action.option_strings:
        option = action.option_strings[0]
        words = _without(right, option, count)
        if count == 1 and option.startswith("--"):
            return [*words, f"{option}={value}"]
        return [*words, option, *values]
    places = [each for each in arguments_of(parser) if not each.option_strings]
    words, number = list(right), places.index(action)
    end = next((n for n, word in enumerate(words) if word.startswith("--")), len(words))
    rest = words[number + 1 if number < end else end :]
    return [*words[: min(number, end)], *values, *rest]


def _without(words, option, count):
    if option not in words:
        return list(words)
    at = words.index(option)
    return [*words[:at], *words[at + 1 + count :]]


def _unfitted(codec, *_, **__):
    """Stand for a fit, which takes seconds and refuses nothing."""
    return LevelProbe(codec.config.latent)


def outcome_of(words):
    """Run a command line in this process, up to where its work begins."""
    said, answered = io.StringIO(), io.StringIO()
    handlers, logging.root.handlers[:] = logging.root.handlers[:], []
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stderr(said))
        stack.enter_context(contextlib.redirect_stdout(answered))
        stack.enter_context(patch("bridge.commands.run.start_engine"))
        stack.enter_context(
            patch("model.training.liveband.fit_level_probe", side_effect=_unfitted)
        )
        for place in _WORK:
            stack.enter_context(patch(place, side_effect=_WorkBegins))
        try:
            code = main(words)
        except SystemExit as ended:
            code = ended.code
        except _WorkBegins:
            code = 0
        finally:
            logging.root.handlers[:] = handlers
    return Outcome(code, said.getvalue(), answered.getvalue())


def wrong_values(action, places):
    """Return values that are wrong for an argument, by what is wrong about them.

    Args:
        action: The argument.
        places: ``text``, a file that is no sound, ``empty``, an empty folder, and ``closed``,
            a folder that nobody may look into.
    """
    long = "x" * 300
    if action.choices is not None:
        return {"none of the choices": "no-such-choice", "empty": ""}
    if action.type is int:
        return {"type": "abc", "empty": "", "below": "-99999999", "above": "9" * 17}
    if action.type is float:
        return {"type": "abc", "empty": "", "none": "nan", "below": "-1e30", "above": "1e300"}
    if isinstance(action.type, WholeRange | RealRange):
        below, above = f"{action.type.low - 1:g}", f"{2 * action.type.high + 1:.0f}"
        return {"type": "abc", "empty": "", "none": "nan", "below": below, "above": above}
    if action.type is Path and action.dest in OUTPUTS:
        return {
            "empty": "",
            "file in the way": str(places["text"] / "below.wav"),
            "closed": str(places["closed"] / "new.wav"),
            "too long": long,
            "not text": "new\udcff.wav",
        }
    if action.type is Path:
        return {
            "empty": "",
            "missing": str(places["text"].with_name("missing")),
            "closed": str(places["closed"] / "mix.wav"),
            "too long": long,
            "not text": "\udcffmissing",
            "a text": str(places["text"]),
            "an empty folder": str(places["empty"]),
        }
    return {"unknown": "no-such-thing", "empty": "", "too long": long, "not text": "\udcff"}
