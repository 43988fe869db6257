"""``liveband measure``: measure a running bridge's latency with clicks."""

import argparse
import json
from collections import Counter

from bridge.commands.set import add_bridge_options, bridge_of
from bridge.common.errors import EngineError
from bridge.controls.parameters import ROOT
from bridge.osc.client import BridgeClient

__all__ = ["HELP", "configure", "run"]

HELP = "measure a running bridge's latency with a click"

_CLICKS = 5
_TRIES = 3
_BEYOND_FRAMES = 16384
"""Longest delay of a click beyond the reported latency."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("--server", default="", metavar="NAME", help="name of the JACK server")
    add("--jack-name", default="liveband", metavar="X", help="the bridge's name there")
    add("--json", action="store_true", help="one JSON object")
    add_bridge_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Bypass the model, send clicks, and restore the bypass.

    Returns:
        0; 1 where measured and reported latency differ.

    Raises:
        EnvironmentMissing: No bridge answers, or it is not on that JACK server.
        EngineError: The click does not come back.
    """
    with bridge_of(arguments) as bridge:
        bypass = bridge.read(f"{ROOT}/bypass")[0]
        bridge.do(f"{ROOT}/bypass", 1)
        try:
            rate, block, musical, taken = _measure(bridge, arguments)
        finally:
            bridge.do(f"{ROOT}/bypass", bypass)
    measured, times = Counter(taken).most_common(1)[0]
    if times <= _CLICKS // 2:
        raise EngineError(
            f"the clicks took {', '.join(map(str, taken))} frames, each another time; the JACK "
            "server misses cycles: raise its block, or close other programs"
        )
    facts = {
        "rate": rate,
        "block": block,
        "reported": musical,
        "loop": block,
        "measured": measured,
        "off_by": measured - musical - block,
    }
    print(json.dumps(facts) if arguments.json else _as_text(facts))
    return 0 if facts["off_by"] == 0 else 1


def _measure(
    bridge: BridgeClient, arguments: argparse.Namespace
) -> tuple[int, int, int, list[int]]:
    """Return rate, block, musical latency, and delays of clicks while those stayed the same.

    Raises:
        EngineError: They keep changing.
    """
    for _ in range(_TRIES):
        reported = _reported(bridge)
        taken = _clicks(arguments.server, arguments.jack_name, reported[2] + _BEYOND_FRAMES)
        if _reported(bridge) == reported:
            return (*reported, taken)
    raise EngineError("rate, block or latency change all the time; measure while they rest")


def _reported(bridge: BridgeClient) -> tuple[int, int, int]:
    """Return rate, block and musical latency as the bridge reports them."""
    audio, latency = bridge.read(f"{ROOT}/status/audio"), bridge.read(f"{ROOT}/latency")
    return int(str(audio[0])), int(str(audio[1])), int(str(latency[1]))


def _clicks(server: str, name: str, longest: int) -> list[int]:
    from bridge.audio.jack_click_loop import ClickLoop

    with ClickLoop(server, name) as loop:
        loop.measure(longest)  # the bypass is complete by then
        return [loop.measure(longest) for _ in range(_CLICKS)]


def _as_text(facts: dict[str, int]) -> str:
    rate = facts["rate"]
    lines = [
        f"reported on the ports  {facts['reported']:>7} frames",
        f"one block for the loop {facts['loop']:>7} frames",
        f"measured               {facts['measured']:>7} frames "
        f"({1000 * facts['measured'] / rate:.1f} ms)",
    ]
    if facts["off_by"]:
        lines.append(f"They differ by {facts['off_by']} frames; something is in the way.")
    else:
        lines.append(
            "They agree. Where your DAW records what it sends: /liveband/latency/loop 1, "
            f"or move the recording {facts['loop']} frames earlier."
        )
    return "\n".join(lines)
