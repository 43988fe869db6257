"""Trial: every change a user can make while a loud tone plays, watched for clicks and cost.

The tone goes through ``passthrough``, whose output is known to the frame, and has a whole
number of periods in a hop: however hops are moved, a step beyond the tone's own is
the bridge's fault.
"""

import argparse
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bridge.audio.jack_server import JackServer
from bridge.audio.shared.share import AudioShare
from bridge.checkpoints.catalogue import PASSTHROUGH
from bridge.commands.output import print_row
from bridge.common.errors import EngineError
from bridge.controls.parameters import ROOT
from bridge.osc.client import BridgeClient
from tools.trials.jack_probe import JackProbe
from tools.trials.running_bridge import BLOCK, NAME, RATE, RunningBridge, running_bridge_on

__all__ = ["BOUND", "HELP", "STEADY", "Transition", "configure", "run", "transitions"]

HELP = "change everything while a tone plays: the largest step heard, and the callback's time"

TONE_HZ = 200.0
LEVEL = 0.45
"""Amplitude of one player; two are heard together while a second one plays."""
STEADY = float(2.0 * LEVEL * np.sin(np.pi * TONE_HZ / RATE))
"""Largest step from one frame to the next of the tone itself."""
BOUND = STEADY + 2.0 * LEVEL / (RATE // 200)
"""Largest that is no click: the tone's own, and on top what two of the shortest fades, of 5 ms,
move together, one down and one up. While two players are heard it is twice that."""
_PRESET = "liveband-trial"
_STEADY_S = 2.0
_AFTER_S = 0.5
_PATIENCE_S = 20.0
_LOAD_S = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """Figures of one change, from just before it until it is over."""

    what: str
    step: float
    """Largest difference from one frame to the next."""
    bound: float
    """The largest that is no click; see ``BOUND``."""
    cycles: int
    """Of the audio callback, whose times follow."""
    p50_us: float
    p99_us: float
    ratio: float
    """The callback's median time for a frame, over that while nothing changes."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print every change; return 1 where one clicks."""
    holds = True
    for each in transitions():
        print_row(asdict(each), as_json=arguments.json)
        holds = holds and each.step <= each.bound
    return 0 if holds else 1


def transitions() -> Iterator[Transition]:
    """Play a tone through a bridge on a private server and make one change after the other.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge does not play, or goes silent.
    """
    with (
        JackServer(rate=RATE, block=BLOCK, sync=True) as server,
        running_bridge_on(server.name, PASSTHROUGH) as bridge,
        BridgeClient(port=bridge.port, timeout_s=_LOAD_S) as client,
        AudioShare.attach_to(bridge.process.pid) as share,
        JackProbe(server.name, NAME, LEVEL, TONE_HZ) as probe,
    ):
        watch = _ToneWatch(bridge, probe, share)
        watch.await_tone()
        yield watch.measure("nothing", lambda: time.sleep(_STEADY_S))
        for what, act in _changes(client, server, probe).items():
            yield watch.measure(what, act)


def _changes(
    client: BridgeClient, server: JackServer, probe: JackProbe
) -> Mapping[str, Callable[[], object]]:
    """Return the changes in order; each starts from the state the one before leaves."""

    def to(name: str, *values: float | int | str) -> Callable[[], object]:
        return partial(client.do, f"{ROOT}/{name}", *values)

    def block(frames: int) -> Callable[[], object]:
        command = ["jack_bufsize", str(frames)]
        return partial(
            subprocess.run, command, env=server.environment, check=True, capture_output=True
        )

    def joins() -> None:
        to("players", 2)()
        probe.listen_to(f"{NAME}:out2_L")

    to("transport/source", "none")()  # a loop of whole bars has no whole number of periods
    for prepare in (to("players", 2), to("players", 1)):  # whose ports stay, and cost time
        prepare()
    for prepare in (to("gain/out", -6.0), to("preset/save", _PRESET), to("gain/out", 0.0)):
        prepare()
    return {
        "reset": to("reset"),
        "bypass on": to("bypass", 1),
        "bypass off": to("bypass", 0),
        "stem": to("stem", "bass"),
        "model": to("model", PASSTHROUGH),
        "player joins": joins,
        "player leaves": to("players", 1),
        "preset": to("preset/load", _PRESET),
        "gain": to("gain/out", 0.0),
        "anticipation 0 s": to("anticipation", 0.0),
        f"block {4 * BLOCK}, at 0 s": block(4 * BLOCK),
        f"block {BLOCK}, at 0 s": block(BLOCK),
        "bypass on, at 0 s": to("bypass", 1),
        "bypass off, at 0 s": to("bypass", 0),
        "loop on, at 0 s": to("latency/loop", 1),
        "anticipation 1 s": to("anticipation", 1.0),
        "loop off": to("latency/loop", 0),
        "anticipation 0.1 s": to("anticipation", 0.1),
        "freeze": to("freeze", 1),
        "unfreeze": to("freeze", 0),
        f"block {16 * BLOCK}": block(16 * BLOCK),
        f"block {BLOCK}": block(BLOCK),
    }


class _ToneWatch:
    def __init__(self, bridge: RunningBridge, probe: JackProbe, share: AudioShare) -> None:
        self._bridge = bridge
        self._probe = probe
        self._share = share
        self._us_per_frame = 0.0

    def measure(self, what: str, act: Callable[[], object]) -> Transition:
        """Make one change, and return its figures once it is over."""
        begin, before = self._probe.now, self._share.snapshot()
        act()
        time.sleep(_AFTER_S)
        self.await_tone()
        after = self._share.snapshot()
        cycles = after.cycles - before.cycles
        times = 1e6 * self._share.cycle_times()[-cycles:]
        median = float(np.median(times))
        per_frame = median * cycles / (after.frames - before.frames)
        self._us_per_frame = self._us_per_frame or per_frame
        return Transition(
            what=what,
            step=round(_largest_step(self._probe.heard(begin)[1]), 5),
            bound=round(BOUND * (1 + what.startswith("player")), 5),
            cycles=cycles,
            p50_us=round(median, 2),
            p99_us=round(float(np.quantile(times, 0.99)), 2),
            ratio=round(per_frame / self._us_per_frame, 2),
        )

    def await_tone(self) -> None:
        """Wait until the tone is heard, loud and without a gap.

        Raises:
            EngineError: It is not heard in time; the message ends with the bridge's log.
        """
        deadline_s = time.monotonic() + _PATIENCE_S
        while not self._sounds():
            if time.monotonic() > deadline_s:
                raise EngineError(
                    f"no tone comes back; last words: {self._bridge.log_text()[-800:]}"
                )
            time.sleep(0.02)

    def _sounds(self) -> bool:
        hop = RATE // 20
        _, sound = self._probe.heard(self._probe.now - 3 * hop)
        if len(sound) < hop:
            return False
        peaks = [float(np.abs(part).max()) for part in np.array_split(sound, 8)]
        return min(peaks) > 0.4 * LEVEL


def _largest_step(sound: NDArray[np.float32]) -> float:
    return float(np.abs(np.diff(sound)).max())
