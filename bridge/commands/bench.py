"""``liveband bench``: time each part of the bridge on this machine."""

import argparse
import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from bridge.checkpoints.catalogue import live_folder
from bridge.commands.options import add_engine_option
from bridge.commands.output import print_row, times_printer
from bridge.common.errors import ConfigError, EnvironmentMissing
from bridge.common.timing import StepTimes
from bridge.controls.table import MAX_PLAYERS
from model.formats.command_line import WholeRange

__all__ = ["HELP", "configure", "run"]

HELP = "time each part of the bridge on this machine"

logger = logging.getLogger(__name__)

_STEPS, _STARTS = 400, 5
_RATE = 48000
_MOVED = {
    "agreement": ("bench-agreement", "trials agreement"),
    "chaos": ("chaos", "trials chaos"),
    "control": ("bench-control", "trials control"),
    "crowd": ("bench-crowd", "trials crowd"),
    "engines": ("bench", "benchmarks.engines"),
    "hours": ("bench-hours", "trials hours"),
    "latency": ("bench-latency", "trials latency"),
    "paced": ("bench-hours", "trials hours --paced"),
    "returns": ("bench-returns", "trials returns"),
    "storm": ("bench-storm", "trials storm"),
    "transitions": ("bench-transitions", "trials transitions"),
}
"""Former options that need a clone of the repository: make target, and program of ``tools``."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add(
        "--steps",
        type=WholeRange(1, 1_000_000),
        default=_STEPS,
        metavar="N",
        help=f"steps per part ({_STEPS})",
    )
    add(
        "--players",
        type=int,
        default=1,
        metavar="N",
        help=f"1 to {MAX_PLAYERS} (1)",
    )
    add("--checkpoint", default="default", metavar="C", help="a checkpoint's name or folder")
    add("--json", action="store_true", help="one JSON object per line")
    add_engine_option(parser)
    for name in _MOVED:
        add(f"--{name}", nargs="?", action=_MovedTrial, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Time and print part after part; return the exit code.

    Raises:
        ConfigError: There is no such checkpoint, it cannot play live, or a value is out of
            range.
        EnvironmentMissing: The checkpoint is damaged.
        EngineError: The engine could not start.
    """
    if not 1 <= arguments.players <= MAX_PLAYERS:
        raise ConfigError(f"--players takes 1 to {MAX_PLAYERS}, got {arguments.players}")
    live_folder(arguments.checkpoint)
    print_times = times_printer(as_json=arguments.json)
    for part, times, figures in _times(arguments):
        print_times(part, times, figures)
    for row in _latencies(arguments.checkpoint, arguments.engine):
        print_row(row, as_json=arguments.json)
    return 0


class _MovedTrial(argparse.Action):
    """Refuses a former option with the name of the program that does its work now."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Raise the error; called by argparse.

        Raises:
            ConfigError: Always.
        """
        target, program = _MOVED[self.dest]
        raise ConfigError(
            f"bench {option_string} is a long trial, not installed with the program; run it in "
            f"a clone of the repository: 'make {target}' or 'python -m tools.{program}'"
        )


def _times(
    arguments: argparse.Namespace,
) -> Iterator[tuple[str, StepTimes, Mapping[str, object]]]:
    """Time the engine that would play, the audio callback, and the machine."""
    from bridge.bench.engines import EngineVariant, engine_times
    from bridge.bench.machine import pauses
    from bridge.bench.parts import callback_times
    from bridge.checkpoints.loader import chosen_engine
    from bridge.common.latency import HOPS_PER_SECOND

    steps = arguments.steps
    engine = chosen_engine(arguments.checkpoint, arguments.engine)
    variant = EngineVariant(engine, "int8" if engine == "onnx" else "float32")
    yield from _starts(arguments, asdict(variant), min(steps, _STARTS))
    for row in engine_times(arguments.checkpoint, steps, variant, arguments.players):
        yield row.part, row.times, row.figures()
    yield "callback", callback_times(10 * steps), {}
    yield "pauses", StepTimes.of(pauses(steps), 1.0 / HOPS_PER_SECOND), {}


def _starts(
    arguments: argparse.Namespace, figures: Mapping[str, object], starts: int
) -> Iterator[tuple[str, StepTimes, Mapping[str, object]]]:
    """Time the whole program, from the command until it is ready, where JACK is installed."""
    from bridge.bench.start import START_S, start_seconds

    try:
        seconds = start_seconds(arguments.checkpoint, arguments.engine, starts)
    except EnvironmentMissing as error:
        logger.warning("the start of the program is not timed: %s", error)
    else:
        yield "start", StepTimes.of(seconds, START_S), figures


def _latencies(checkpoint: str, engine: str) -> Iterator[Mapping[str, object]]:
    """Predict the latency at the block the callback was timed with."""
    from bridge.bench.parts import BLOCK
    from bridge.checkpoints.loader import load_model
    from bridge.monitoring.checks import latency_rows

    for row in latency_rows(load_model(checkpoint, engine), _RATE):
        if row.block == BLOCK:
            yield {"part": "latency", **asdict(row)}
