"""What a bridge reports of its latency, and what a burst of noise takes, at any rate and block.

Each rate and block has a server and a bridge of its own, so that hops and blocks begin
together, as they do where nothing was changed while playing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.audio.jack_click_loop import JackLoop
from bridge.audio.jack_server import JackServer
from bridge.checkpoints.catalogue import PASSTHROUGH
from bridge.common.errors import EngineError
from bridge.controls.parameters import ROOT
from tools.trials.rig import NAME, Rig, bridge_on

__all__ = ["BLOCKS", "RATES", "Point", "latency_grid", "returned_after"]

RATES = (44_100, 48_000, 96_000)
BLOCKS = (64, 100, 128, 256, 512, 1024, 2048, 4096)
ANTICIPATIONS_S = (0.1, 0.0)
_TRIES = 12
_BEYOND = 4096
"""Frames beyond what is reported after which a burst is given up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One rate, block and anticipation; all else in frames."""

    rate: int
    block: int
    anticipation_s: float
    reported: int
    """From the mix to what could depend on it, as the bridge tells it."""
    measured: int
    """What a burst of noise took through a wire in the model's place."""
    musical: int
    """By how much the output trails the timeline it was made for, as the ports report it."""
    off_by: int
    """Measured less reported."""


def latency_grid(
    rates: Sequence[int] = RATES, blocks: Sequence[int] = BLOCKS
) -> Iterator[Point]:
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
                bridge_on(server.name, PASSTHROUGH) as bridge,
                JackLoop(server.name, NAME) as loop,
            ):
                for anticipation_s in ANTICIPATIONS_S:
                    bridge.client.do(f"{ROOT}/anticipation", anticipation_s)
                    yield _measured(bridge, loop, rate, block, anticipation_s)


def _measured(
    bridge: Rig, loop: JackLoop, rate: int, block: int, anticipation_s: float
) -> Point:
    returned_after(loop, rate // 2)  # by then the stem is where it is to stay
    reported, musical = _told(bridge)
    measured = returned_after(loop, reported + block + _BEYOND) - block
    return Point(
        rate=rate,
        block=block,
        anticipation_s=anticipation_s,
        reported=reported,
        measured=measured,
        musical=musical,
        off_by=measured - reported,
    )


def _told(bridge: Rig) -> tuple[int, int]:
    reading = bridge.client.read(f"{ROOT}/latency")
    return int(str(reading[0])), int(str(reading[1]))


def returned_after(loop: JackLoop, longest: int) -> int:
    """Return what bursts take round a loop, the block of the loop included.

    Args:
        loop: Round a bridge.
        longest: Frames to wait for each.

    Raises:
        EngineError: No two in a row take the same.
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
