"""Trial: faults of every kind, injected in random order.

After each fault the bridge must play again, and its log must name the fault.
"""

import argparse
import multiprocessing
import os
import random
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from bridge.audio.jack_server import JackServer
from bridge.audio.shared.share import AudioShare
from bridge.checkpoints.catalogue import PASSTHROUGH
from bridge.commands.output import print_row
from bridge.common.errors import BridgeError, EngineError
from bridge.controls.parameters import ROOT
from tools.trials.jack_probe import JackProbe
from tools.trials.options import add_checkpoint_option, positive_number
from tools.trials.returns import SETTINGS, await_state
from tools.trials.running_bridge import NAME, RunningBridge, running_bridge_on
from tools.trials.storm import VOLLEY, malformed_packets

__all__ = ["FAULTS", "HELP", "FaultOutcome", "configure", "inject_faults", "run"]

HELP = (
    "kill and stall server and engine, change rate and block, storm, swap models and fill the "
    "disk, in random order"
)

STALL_S = 3.0
_PACKETS = 2000
_MIDI = 1500
"""MIDI messages in a burst: more than the queue to the control process holds."""
_AT_ONCE = 150
"""Messages at one frame: as many as a Python client can send within the shortest block."""
_BURSTS = 5
_BURST_S = 0.7
_AHEAD = 24_000
"""Frames before a burst: time enough to hand it over on a busy machine."""
_BLOCKS = (64, 100, 128, 256, 512, 1024)
_DISK_BYTES = 1 << 20
_PATIENCE_S = 30.0
_NAMED_S = 20.0
_PLAYING = ("running", "overloaded")


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultOutcome:
    """Figures of one fault."""

    fault: str
    what: str
    """In detail."""
    seconds: float
    """From its beginning until the bridge plays again."""
    named: bool
    """Whether the bridge's log names it; a fault that lost nothing need not be named."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "seconds",
        type=positive_number,
        nargs="?",
        default=600.0,
        metavar="SECONDS",
        help="(600)",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the order (1)")
    add_checkpoint_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every fault; return 1 where the bridge's log does not name one."""
    holds = True
    for outcome in inject_faults(arguments.seconds, arguments.seed, arguments.checkpoint):
        print_row(asdict(outcome), as_json=arguments.json)
        holds = holds and outcome.named
    return 0 if holds else 1


def inject_faults(
    seconds: float, seed: int = 1, checkpoint: str = PASSTHROUGH
) -> Iterator[FaultOutcome]:
    """Inject one fault after the other into a running bridge, each kind at least once.

    Args:
        seconds: Duration; the first round is always completed.
        seed: Of their order and details.
        checkpoint: What the bridge plays with.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge does not play again, or its log has an exception.
    """
    draw = random.Random(seed)
    end_s = time.monotonic() + seconds
    injector = _FaultInjector(draw, checkpoint)
    try:
        with running_bridge_on(injector.server.name, checkpoint) as bridge:
            rounds = 0
            while not rounds or time.monotonic() < end_s:
                for fault in draw.sample(sorted(FAULTS), len(FAULTS)):
                    if rounds and time.monotonic() > end_s:
                        break
                    yield injector.inject(bridge, fault)
                rounds += 1
            if any("Traceback" in line for line in bridge.alarms()):
                raise EngineError(f"the log has an exception: {bridge.log_text()[-2000:]}")
    finally:
        injector.server.stop()


class _FaultInjector:
    """A JACK server, and faults for it and the bridge that plays on it."""

    def __init__(self, draw: random.Random, checkpoint: str) -> None:
        self.draw = draw
        self.checkpoint = checkpoint
        self.server = JackServer().start()
        self.harmless = False
        """Whether the last fault lost nothing, so that it need not be logged."""

    def inject(self, bridge: RunningBridge, fault: str) -> FaultOutcome:
        """Inject a fault, and wait until the bridge plays again and has logged it."""
        act, logged = FAULTS[fault]
        self.harmless = False
        before = len(bridge.log_text())
        began_s = time.monotonic()
        what = act(self, bridge)
        await_state(bridge, _PLAYING, _PATIENCE_S)
        took_s = time.monotonic() - began_s
        while not (named := self.harmless or logged in bridge.log_text()[before:]):
            if time.monotonic() > began_s + took_s + _NAMED_S:
                break
            time.sleep(0.1)
        return FaultOutcome(fault=fault, what=what, seconds=round(took_s, 2), named=named)

    def end_server(self, bridge: RunningBridge) -> str:
        """Kill the server with a signal and restart it at another rate and block."""
        death = self.draw.choice((signal.SIGTERM, signal.SIGKILL))
        rate, block = self.draw.choice(SETTINGS)
        assert self.server.pid is not None
        os.kill(self.server.pid, death)
        await_state(bridge, ("offline",), _PATIENCE_S)
        self.server.stop()
        self.server = JackServer(rate=rate, block=block, name=self.server.name).start()
        return f"{death.name}, back at {rate} Hz with blocks of {block}"

    def change_block(self, bridge: RunningBridge) -> str:
        """Change the block size while playing."""
        now = int(str(bridge.client.read(f"{ROOT}/status/audio")[1]))
        block = self.draw.choice([block for block in _BLOCKS if block != now])
        subprocess.run(
            ["jack_bufsize", str(block)],
            env=self.server.environment,
            check=True,
            capture_output=True,
        )
        return f"{now} to {block} frames"

    def kill_engine(self, bridge: RunningBridge) -> str:
        """Kill the engine process, and wait until the bridge has noticed."""
        (pid,) = self._engines(bridge)
        restarts = bridge.client.read(f"{ROOT}/status/engine")[6]
        os.kill(pid, signal.SIGKILL)
        _until(lambda: bridge.client.read(f"{ROOT}/status/engine")[6] != restarts)
        return f"process {pid}"

    def stall_engine(self, bridge: RunningBridge) -> str:
        """Pause the engine process for a while."""
        (pid,) = self._engines(bridge)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(STALL_S)
        os.kill(pid, signal.SIGCONT)
        return f"process {pid} for {STALL_S:g} s"

    def storm_osc(self, bridge: RunningBridge) -> str:
        """Send malformed packets."""
        storm = malformed_packets(self.draw.randrange(2**31))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.connect(("127.0.0.1", bridge.port))
            for number in range(_PACKETS):
                sender.send(next(storm))
                if number % VOLLEY == 0:  # wait until all were received; else some are lost
                    bridge.client.read(f"{ROOT}/mute")
        return f"{_PACKETS} packets"

    def storm_midi(self, bridge: RunningBridge) -> str:
        """Send more MIDI at once than may fit, from a process on this JACK server only."""
        context = multiprocessing.get_context("spawn")
        seed = self.draw.randrange(2**31)
        with AudioShare.attach_to(bridge.process.pid) as share:
            before = share.snapshot().midi_in_dropped
            process = context.Process(target=_storm_midi, args=(self.server.name, seed))
            process.start()
            process.join(_PATIENCE_S)
            lost = share.snapshot().midi_in_dropped - before
        self.harmless = lost == 0
        within = _MIDI // _AT_ONCE * min(_BLOCKS)
        return f"{_BURSTS} times {_MIDI} messages within {within} frames, {lost} did not fit"

    def swap_model(self, bridge: RunningBridge) -> str:
        """Load the model again, in a new engine."""
        bridge.client.do(f"{ROOT}/model", self.checkpoint)
        return self.checkpoint

    def fill_disk(self, bridge: RunningBridge) -> str:
        """Limit the size of files while recording, as a full disk would."""
        limits = resource.prlimit(bridge.process.pid, resource.RLIMIT_FSIZE)
        bridge.client.do(f"{ROOT}/record/start")
        room = (len(bridge.log_text().encode()) + _DISK_BYTES, limits[1])
        resource.prlimit(bridge.process.pid, resource.RLIMIT_FSIZE, room)
        try:
            _until(lambda: bool(bridge.client.read(f"{ROOT}/record/state")[4]))
        finally:
            resource.prlimit(bridge.process.pid, resource.RLIMIT_FSIZE, limits)
        return str(bridge.client.read(f"{ROOT}/record/state")[4])

    def _engines(self, bridge: RunningBridge) -> list[int]:
        """Return the engine's process, once there is exactly one."""
        found: list[int] = []

        def is_alone() -> bool:
            found[:] = bridge.engines()
            return len(found) == 1

        _until(is_alone)
        return found


FAULTS: dict[str, tuple[Callable[[_FaultInjector, RunningBridge], str], str]] = {
    "server dies": (_FaultInjector.end_server, "the audio server is gone"),
    "block": (_FaultInjector.change_block, "blocks of"),
    "engine killed": (_FaultInjector.kill_engine, "killed by SIGKILL"),
    "engine stalls": (_FaultInjector.stall_engine, "late or skipped"),
    "OSC storm": (_FaultInjector.storm_osc, "no OSC"),
    "MIDI storm": (_FaultInjector.storm_midi, "MIDI messages did not fit"),
    "model swap": (_FaultInjector.swap_model, "the engine is process"),
    "disk full": (_FaultInjector.fill_disk, "recording:"),
}
"""Faults by name, and the words by which the log must name each."""


def _until(holds: Callable[[], bool]) -> None:
    """Wait until a condition holds.

    Raises:
        EngineError: It does not in time.
    """
    deadline_s = time.monotonic() + _PATIENCE_S
    while not holds():
        if time.monotonic() > deadline_s:
            raise EngineError(f"nothing happened within {_PATIENCE_S:g} s")
        time.sleep(0.05)


def _storm_midi(server: str, seed: int) -> None:
    draw = random.Random(seed)
    try:
        with JackProbe(server, NAME, level=0.0) as probe:
            for _ in range(_BURSTS):
                frame = probe.now + _AHEAD
                for number in range(_MIDI):
                    status = draw.choice((0x80, 0x90, 0xA0, 0xE0)) + draw.randrange(16)
                    message = bytes((status, draw.randrange(128), draw.randrange(128)))
                    probe.send_midi(message, frame + number // _AT_ONCE * min(_BLOCKS))
                time.sleep(_BURST_S)
    except BridgeError:  # the server has gone; another fault reports that
        return
