"""Trial: latency reported by a bridge and measured with bursts of noise.

Each rate and block gets a server and a bridge of its own, so that hops and blocks begin
together, as they do where nothing was changed while playing.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from bridge.audio.jack_click_loop import ClickLoop
from bridge.audio.jack_server import JackServer
from bridge.checkpoints.catalogue import PASSTHROUGH
from bridge.commands.output import print_row
from bridge.common.errors import EngineError
from bridge.controls.parameters import ROOT
from tools.trials.running_bridge import NAME, RunningBridge, running_bridge_on

__all__ = [
    "BLOCKS",
    "HELP",
    "RATES",
    "LatencyPoint",
    "configure",
    "latency_grid",
    "returned_after",
    "run",
]

HELP = (
    "latency reported and measured, at 3 rates and 8 blocks, each on a JACK server of its own"
)

RATES = (44_100, 48_000, 96_000)
BLOCKS = (64, 100, 128, 256, 512, 1024, 2048, 4096)
ANTICIPATIONS_S = (0.1, 0.0)
_TRIES = 12
_BEYOND = 4096
"""Frames beyond what is reported after which a burst is given up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LatencyPoint:
    """One rate, block and anticipation; all else in frames."""

    rate: int
    block: int
    anticipation_s: float
    reported: int
    """From the mix to the first output that can depend on it, as the bridge reports it."""
    measured: int
    """Delay of a burst of noise through ``passthrough`` in the model's place."""
    musical: int
    """By how much the output trails the timeline it was made for, as the ports report it."""
    off_by: int
    """Measured less reported."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print every point; return 1 where reported and measured latency differ."""
    holds = True
    for point in latency_grid():
        print_row(asdict(point), as_json=arguments.json)
        holds = holds and point.off_by == 0
    return 0 if holds else 1


def latency_grid(
    rates: Sequence[int] = RATES, blocks: Sequence[int] = BLOCKS
) -> Iterator[LatencyPoint]:
    """Measure point after point.

    Args:
        rates: Of the servers.
        blocks: Of the servers.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge does not play, or nothing comes back.
    """
    for rate in rates:
        for block in blocks:
            with (
                JackServer(rate=rate, block=block, sync=True) as server,
                running_bridge_on(server.name, PASSTHROUGH) as bridge,
                ClickLoop(server.name, NAME) as loop,
            ):
                for anticipation_s in ANTICIPATIONS_S:
                    bridge.client.do(f"{ROOT}/anticipation", anticipation_s)
                    yield _measured(bridge, loop, rate, block, anticipation_s)


def _measured(
    bridge: RunningBridge, loop: ClickLoop, rate: int, block: int, anticipation_s: float
) -> LatencyPoint:
    returned_after(loop, rate // 2)  # by then the stem's position has settled
    reported, musical = _reported_latency(bridge)
    measured = returned_after(loop, reported + block + _BEYOND) - block
    return LatencyPoint(
        rate=rate,
        block=block,
        anticipation_s=anticipation_s,
        reported=reported,
        measured=measured,
        musical=musical,
        off_by=measured - reported,
    )


def _reported_latency(bridge: RunningBridge) -> tuple[int, int]:
    reading = bridge.client.read(f"{ROOT}/latency")
    return int(str(reading[0])), int(str(reading[1]))


def returned_after(loop: ClickLoop, longest: int) -> int:
    """Return the frames a burst takes round a loop, the block of the loop included.

    Args:
        loop: From a bridge's output to its input.
        longest: Frames to wait for each.

    Raises:
        EngineError: No two in a row take equally long.
    """
    taken = [0]
    for _ in range(_TRIES):
        try:
            taken.append(loop.measure(longest))
        except EngineError:  # the stem is being moved
            continue
        if taken[-1] == taken[-2]:
            return taken[-1]
    raise EngineError(f"bursts came back after {taken[1:]} frames, no two of them alike")
