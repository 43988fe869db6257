"""``liveband bench``: what each part costs on this machine, and what the whole stands up to."""

import argparse
import json
import logging
import math
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

from bridge.checkpoints.catalogue import live_checkpoint
from bridge.commands.options import add_engine_option
from bridge.common.errors import ConfigError, EnvironmentMissing
from bridge.common.timing import StepTimes

__all__ = ["HELP", "configure", "run"]

HELP = "time each part of the bridge on this machine, or put the whole to the test"

logger = logging.getLogger(__name__)

_STEPS, _ENGINE_STEPS, _EFFECTS, _STARTS = 400, 200, 50, 5
_RATE = 48000
_Line = tuple[str, StepTimes, Mapping[str, object]]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--steps",
        type=int,
        metavar="N",
        help=f"steps to time per part ({_STEPS}; {_ENGINE_STEPS} with --engines), or messages "
        f"of each kind ({_EFFECTS})",
    )
    parser.add_argument(
        "--checkpoint", default="default", metavar="C", help="a checkpoint's name or folder"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    add_engine_option(parser)
    whole = parser.add_mutually_exclusive_group()
    whole.add_argument(
        "--engines",
        action="store_true",
        help="every engine in turns, with 1, 2, 4 and 8 players, back to back and at the pace "
        "of the stage, alone and beside two processes that keep the memory busy (5 minutes)",
    )
    whole.add_argument(
        "--control",
        action="store_true",
        help="from an OSC or MIDI message to its effect in the sound, on a private JACK server",
    )
    whole.add_argument(
        "--agreement",
        type=_above_zero,
        nargs="?",
        const=60.0,
        metavar="SECONDS",
        help="two OSC faders and a motor fader on one control: do they agree and rest (60 s)",
    )
    whole.add_argument(
        "--storm",
        type=int,
        nargs="?",
        const=1_000_000,
        metavar="PACKETS",
        help="play through a storm of malformed packets (a million)",
    )
    whole.add_argument(
        "--chaos",
        type=_above_zero,
        nargs="?",
        const=600.0,
        metavar="SECONDS",
        help="kill and stall server and engine, change rate and block, storm, swap models and "
        "fill the disk, by the dice (600 s)",
    )
    whole.add_argument(
        "--returns",
        type=int,
        nargs="?",
        const=10,
        metavar="DEATHS",
        help="kill the JACK server again and again: how soon is all as it was (10 times)",
    )
    whole.add_argument(
        "--transitions",
        action="store_true",
        help="change everything while a tone plays: the largest step heard, and the callback's "
        "time, of each change",
    )
    whole.add_argument(
        "--latency",
        action="store_true",
        help="latency reported and measured, at 3 rates and 8 blocks, a JACK server each",
    )
    whole.add_argument(
        "--crowd",
        type=_above_zero,
        nargs="?",
        const=600.0,
        metavar="SECONDS",
        help="keep every core busy, then all but one, and the control process too: what is "
        "missed, beside empty clients (600 s each)",
    )
    whole.add_argument(
        "--hours",
        type=_above_zero,
        nargs="?",
        const=25.0,
        metavar="H",
        help="play for hours of music through freewheel: does anything grow, come late or "
        "sound otherwise than what begins afresh (25: past the wrap of JACK's count of frames)",
    )
    parser.add_argument("--paced", action="store_true", help="with --hours: by the clock")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of --chaos (1)")


def _above_zero(text: str) -> float:
    number = float(text)
    if not 0.0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"takes a number above 0, got {text}")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Time and print part after part; return the exit code.

    Returns:
        0; 1 where what was put to the test does not hold what is promised.

    Raises:
        ConfigError: There is no such checkpoint, it cannot play live, or ``--paced`` stands
            alone.
        EnvironmentMissing: The checkpoint is damaged, or there is no JACK.
        EngineError: The bridge under test does not play, or was brought down.
    """
    if arguments.paced and arguments.hours is None:
        raise ConfigError("--paced says how --hours are played: bench --hours 0.5 --paced")
    live_checkpoint(arguments.checkpoint)
    if arguments.control:
        return _control(max(1, arguments.steps or _EFFECTS), as_json=arguments.json)
    if arguments.agreement is not None:
        return _agreement(arguments.agreement, as_json=arguments.json)
    if arguments.storm is not None:
        return _storm(arguments.checkpoint, max(1, arguments.storm), as_json=arguments.json)
    if arguments.chaos is not None:
        return _chaos(arguments, as_json=arguments.json)
    if arguments.returns is not None:
        return _returns(arguments.returns, arguments.checkpoint, as_json=arguments.json)
    if arguments.transitions:
        return _transitions(as_json=arguments.json)
    if arguments.latency:
        return _latency(as_json=arguments.json)
    if arguments.crowd is not None:
        return _crowd(max(1.0, arguments.crowd), arguments.checkpoint, as_json=arguments.json)
    if arguments.hours is not None:
        return _hours(arguments)
    tell = _teller(as_json=arguments.json)
    for part, times, facts in _times(arguments):
        tell(part, times, facts)
    for row in _latencies(arguments.checkpoint, arguments.engine):
        _print_row(row, as_json=arguments.json)
    return 0


def _teller(*, as_json: bool) -> Callable[[str, StepTimes, Mapping[str, object]], None]:
    """Return what prints one line of times, the columns' names first."""
    if not as_json:
        print(
            f"{'part':<16}{'p50 ms':>10}{'p99 ms':>10}{'max ms':>10}{'budget':>10}{'p99/b':>8}"
        )

    def tell(part: str, times: StepTimes, more: Mapping[str, object]) -> None:
        if as_json:
            figures = {**asdict(times), "ratio_to_budget": times.ratio_to_budget, **more}
            print(json.dumps({"part": part, **figures}), flush=True)
        else:
            told = (f"{name} {value}" for name, value in more.items() if value is not None)
            print(
                f"{part:<16}{times.p50_ms:>10.3f}{times.p99_ms:>10.3f}{times.max_ms:>10.3f}"
                f"{times.budget_ms:>10.1f}{times.ratio_to_budget:>8.3f}  {', '.join(told)}",
                flush=True,
            )

    return tell


def _times(arguments: argparse.Namespace) -> Iterator[_Line]:
    """Time the engine that would play, or all of them, the audio callback, and the machine."""
    from bridge.bench.engines import PLAYERS, Contestant, contestants_for, engine_rows
    from bridge.bench.machine import pauses
    from bridge.bench.parts import callback_times
    from bridge.checkpoints.loader import chosen_engine
    from bridge.common.latency import HOPS_PER_SECOND

    usual = _ENGINE_STEPS if arguments.engines else _STEPS
    steps = max(1, arguments.steps or usual)
    engine = chosen_engine(arguments.checkpoint, arguments.engine)
    one = Contestant(engine, "int8" if engine == "onnx" else "float32")
    yield from _starts(arguments, asdict(one), min(steps, _STARTS))
    for row in engine_rows(
        arguments.checkpoint,
        steps,
        contestants_for(arguments.checkpoint) if arguments.engines else (one,),
        PLAYERS if arguments.engines else (1,),
        paced=arguments.engines,
    ):
        yield row.part, row.times, row.facts()
    yield "callback", callback_times(10 * steps), {}
    yield "pauses", StepTimes.of(pauses(steps), 1.0 / HOPS_PER_SECOND), {}


def _starts(
    arguments: argparse.Namespace, facts: Mapping[str, object], starts: int
) -> Iterator[_Line]:
    """Time the whole program, from the command to ready, where there is JACK to play on."""
    from bridge.bench.start import START_S, start_seconds

    try:
        seconds = start_seconds(arguments.checkpoint, arguments.engine, starts)
    except EnvironmentMissing as error:
        logger.warning("the start of the program is not timed: %s", error)
    else:
        yield "start", StepTimes.of(seconds, START_S), facts


def _latencies(checkpoint: str, engine: str) -> Iterator[Mapping[str, object]]:
    """Predict the latency at the block the callback was timed with."""
    from bridge.bench.parts import BLOCK
    from bridge.checkpoints.loader import load_model
    from bridge.monitoring.checks import latency_rows

    for row in latency_rows(load_model(checkpoint, engine), _RATE):
        if row.block == BLOCK:
            yield {"part": "latency", **asdict(row)}


def _control(samples: int, *, as_json: bool) -> int:
    from tools.trials.control import control_effects
    from tools.trials.rig import RATE

    tell, met = _teller(as_json=as_json), True
    for effect in control_effects(samples):
        apart = [abs(frames) for frames in effect.frames]
        times = StepTimes.of([frames / RATE for frames in apart], effect.bound / RATE)
        frames = {"samples": len(apart), "max_frames": max(apart), "bound_frames": effect.bound}
        tell(effect.name, times, frames)
        met = met and max(apart) <= effect.bound
    return 0 if met else 1


def _agreement(seconds: float, *, as_json: bool) -> int:
    from tools.trials.agreement import WITHIN_S, agreements

    met = True
    for each in agreements(seconds):
        never = each.settled_s == float("inf")
        settled_ms = None if never else round(1000 * each.settled_s, 1)
        if as_json:
            told = {"takeover": each.takeover, "moves": each.moves, "restless": each.restless}
            print(json.dumps({"settled_ms": settled_ms, **told}), flush=True)
        else:
            agreed = "never agreed" if never else f"agreed {settled_ms} ms after the last"
            print(
                f"{each.takeover:<8}{each.moves:>4} moves, {agreed}, {each.restless} changes "
                f"later than {1000 * WITHIN_S:.0f} ms",
                flush=True,
            )
        met = met and each.settled_s <= WITHIN_S and each.restless == 0
    return 0 if met else 1


def _storm(checkpoint: str, packets: int, *, as_json: bool) -> int:
    from tools.trials.storm import storms

    met = True
    for weather in storms(checkpoint, packets):
        _print_row(asdict(weather), as_json=as_json)
        met = met and weather.alarms == 0
    return 0 if met else 1


def _chaos(arguments: argparse.Namespace, *, as_json: bool) -> int:
    from tools.trials.chaos import chaos

    met = True
    for ordeal in chaos(arguments.chaos, arguments.seed, arguments.checkpoint):
        _print_row(asdict(ordeal), as_json=as_json)
        met = met and ordeal.named
    return 0 if met else 1


def _transitions(*, as_json: bool) -> int:
    from tools.trials.transitions import transitions

    met = True
    for each in transitions():
        _print_row(asdict(each), as_json=as_json)
        met = met and each.step <= each.bound
    return 0 if met else 1


def _latency(*, as_json: bool) -> int:
    from tools.trials.latency_grid import latency_grid

    met = True
    for point in latency_grid():
        _print_row(asdict(point), as_json=as_json)
        met = met and point.off_by == 0
    return 0 if met else 1


def _returns(deaths: int, checkpoint: str, *, as_json: bool) -> int:
    from tools.trials.returns import WITHIN_S, returns

    met = True
    by = (signal.SIGTERM, signal.SIGKILL)
    for each in returns([by[number % 2] for number in range(deaths)], checkpoint):
        _print_row(asdict(each), as_json=as_json)
        met = met and each.same_wires and each.was_offline and each.away_s < WITHIN_S
    return 0 if met else 1


def _crowd(seconds: float, checkpoint: str, *, as_json: bool) -> int:
    from tools.trials.crowd import crowds

    met = True
    for each in crowds(seconds, checkpoint):
        _print_row({**asdict(each), "holds": each.holds}, as_json=as_json)
        met = met and each.holds
    return 0 if met else 1


def _hours(arguments: argparse.Namespace) -> int:
    from bridge.checkpoints.loader import model_loader
    from tools.trials.hours import Outcome, bundled_mix, hours

    load, met = model_loader(arguments.checkpoint), True
    for each in hours(
        arguments.hours, bundled_mix(), arguments.checkpoint, load, paced=arguments.paced
    ):
        row = asdict(each)
        if isinstance(each, Outcome):
            met = each.holds
            row["holds"] = met
        _print_row(row, as_json=arguments.json)
    return 0 if met else 1


def _print_row(row: Mapping[str, object], *, as_json: bool) -> None:
    told = json.dumps(row) if as_json else ", ".join(f"{key} {row[key]}" for key in row)
    print(told, flush=True)
