"""Everything that can go wrong on a stage, one thing after the other, by the dice.

After each the bridge must play again, and its log must have named what it was.
"""

import multiprocessing
import os
import random
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bridge.audio.jack_probe import Probe
from bridge.audio.jack_server import JackServer
from bridge.audio.shared.share import AudioShare
from bridge.checkpoints.catalogue import PASSTHROUGH
from bridge.common.errors import BridgeError, EngineError
from bridge.controls.parameters import ROOT
from tools.trials.returns import SETTINGS, await_state
from tools.trials.rig import NAME, Rig, bridge_on
from tools.trials.storm import VOLLEY, packets

__all__ = ["FAULTS", "Ordeal", "chaos"]

STALL_S = 3.0
_PACKETS = 2000
_MIDI = 1500
"""Messages in a gust: more than the queue to the control process holds, unless it is emptied
meanwhile."""
_AT_ONCE = 150
"""Messages at one frame: what a client in Python can send within the shortest block."""
_GUSTS = 5
_GUST_S = 0.7
_AHEAD = 24_000
"""Frames before a gust: time enough to hand it over on a busy machine."""
_BLOCKS = (64, 100, 128, 256, 512, 1024)
_DISK_BYTES = 1 << 20
_PATIENCE_S = 30.0
_NAMED_S = 20.0
_PLAYING = ("running", "overloaded")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ordeal:
    """One fault, and what became of it."""

    fault: str
    what: str
    """In detail."""
    seconds: float
    """From its beginning until the bridge plays."""
    named: bool
    """Whether the bridge's log has named it since; where nothing was lost it need not."""


def chaos(seconds: float, seed: int = 1, checkpoint: str = PASSTHROUGH) -> Iterator[Ordeal]:
    """Let one fault after the other happen to a bridge, each kind at least once.

    Args:
        seconds: How long; the round under way is not broken off before every fault was there.
        seed: Of their order and kind.
        checkpoint: What the bridge plays with.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge did not play again, or its log has an exception.
    """
    draw = random.Random(seed)
    end_s = time.monotonic() + seconds
    stage = _Stage(draw, checkpoint)
    try:
        with bridge_on(stage.server.name, checkpoint) as bridge:
            rounds = 0
            while not rounds or time.monotonic() < end_s:
                for fault in draw.sample(sorted(FAULTS), len(FAULTS)):
                    if rounds and time.monotonic() > end_s:
                        break
                    yield stage.suffer(bridge, fault)
                rounds += 1
            if any("Traceback" in line for line in bridge.alarms()):
                raise EngineError(f"the log has an exception: {bridge.words()[-2000:]}")
    finally:
        stage.server.stop()


class _Stage:
    """A server under a bridge, and what can happen to both."""

    def __init__(self, draw: random.Random, checkpoint: str) -> None:
        self.draw = draw
        self.checkpoint = checkpoint
        self.server = JackServer().start()
        self.harmless = False
        """Whether the bridge took the last fault in whole."""

    def suffer(self, bridge: Rig, fault: str) -> Ordeal:
        """Let a fault happen, and wait until the bridge plays again and has named it."""
        act, sign = FAULTS[fault]
        self.harmless = False
        before = len(bridge.words())
        began_s = time.monotonic()
        what = act(self, bridge)
        await_state(bridge, _PLAYING, _PATIENCE_S)
        took_s = time.monotonic() - began_s
        while not (named := self.harmless or sign in bridge.words()[before:]):
            if time.monotonic() > began_s + took_s + _NAMED_S:
                break
            time.sleep(0.1)
        return Ordeal(fault=fault, what=what, seconds=round(took_s, 2), named=named)

    def end_server(self, bridge: Rig) -> str:
        """Let the server die of a signal and come back at another rate and block."""
        death = self.draw.choice((signal.SIGTERM, signal.SIGKILL))
        rate, block = self.draw.choice(SETTINGS)
        assert self.server.pid is not None
        os.kill(self.server.pid, death)
        await_state(bridge, ("offline",), _PATIENCE_S)
        self.server.stop()
        self.server = JackServer(rate=rate, block=block, name=self.server.name).start()
        return f"{death.name}, back at {rate} Hz with blocks of {block}"

    def change_block(self, bridge: Rig) -> str:
        """Have other blocks while playing."""
        now = int(str(bridge.client.read(f"{ROOT}/status/audio")[1]))
        block = self.draw.choice([block for block in _BLOCKS if block != now])
        subprocess.run(
            ["jack_bufsize", str(block)],
            env=self.server.environment,
            check=True,
            capture_output=True,
        )
        return f"{now} to {block} frames"

    def kill_engine(self, bridge: Rig) -> str:
        """Kill the engine process, and wait until the bridge has noticed."""
        (pid,) = self._engines(bridge)
        restarts = bridge.client.read(f"{ROOT}/status/engine")[6]
        os.kill(pid, signal.SIGKILL)
        _until(lambda: bridge.client.read(f"{ROOT}/status/engine")[6] != restarts)
        return f"process {pid}"

    def stall_engine(self, bridge: Rig) -> str:
        """Stop the engine process for a while."""
        (pid,) = self._engines(bridge)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(STALL_S)
        os.kill(pid, signal.SIGCONT)
        return f"process {pid} for {STALL_S:g} s"

    def storm_osc(self, bridge: Rig) -> str:
        """Send what no well-meant program sends."""
        storm = packets(self.draw.randrange(2**31))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.connect(("127.0.0.1", bridge.port))
            for number in range(_PACKETS):
                sender.send(next(storm))
                if number % VOLLEY == 0:  # what was sent was taken in, or it would be lost
                    bridge.client.read(f"{ROOT}/mute")
        return f"{_PACKETS} packets"

    def storm_midi(self, bridge: Rig) -> str:
        """Send more at once than may fit in; from a process that may be on this server only."""
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
        return f"{_GUSTS} times {_MIDI} messages within {within} frames, {lost} did not fit"

    def swap_model(self, bridge: Rig) -> str:
        """Have another engine take over."""
        bridge.client.do(f"{ROOT}/model", self.checkpoint)
        return self.checkpoint

    def fill_disk(self, bridge: Rig) -> str:
        """Leave no room for a file beyond a size while recording."""
        limits = resource.prlimit(bridge.process.pid, resource.RLIMIT_FSIZE)
        bridge.client.do(f"{ROOT}/record/start")
        room = (len(bridge.words().encode()) + _DISK_BYTES, limits[1])
        resource.prlimit(bridge.process.pid, resource.RLIMIT_FSIZE, room)
        try:
            _until(lambda: bool(bridge.client.read(f"{ROOT}/record/state")[4]))
        finally:
            resource.prlimit(bridge.process.pid, resource.RLIMIT_FSIZE, limits)
        return str(bridge.client.read(f"{ROOT}/record/state")[4])

    def _engines(self, bridge: Rig) -> list[int]:
        """Return the engine's process, once there is just one."""
        found: list[int] = []

        def is_alone() -> bool:
            found[:] = bridge.engines()
            return len(found) == 1

        _until(is_alone)
        return found


FAULTS: dict[str, tuple[Callable[[_Stage, Rig], str], str]] = {
    "server dies": (_Stage.end_server, "the audio server is gone"),
    "block": (_Stage.change_block, "blocks of"),
    "engine killed": (_Stage.kill_engine, "killed by SIGKILL"),
    "engine stalls": (_Stage.stall_engine, "late or skipped"),
    "OSC storm": (_Stage.storm_osc, "no OSC"),
    "MIDI storm": (_Stage.storm_midi, "MIDI messages did not fit"),
    "model swap": (_Stage.swap_model, "the engine is process"),
    "disk full": (_Stage.fill_disk, "recording:"),
}
"""What can happen, and what the log must say of it."""


def _until(holds: Callable[[], bool]) -> None:
    """Wait for something to be so.

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
        with Probe(server, NAME, level=0.0) as probe:
            for _ in range(_GUSTS):
                frame = probe.now + _AHEAD
                for number in range(_MIDI):
                    status = draw.choice((0x80, 0x90, 0xA0, 0xE0)) + draw.randrange(16)
                    message = bytes((status, draw.randrange(128), draw.randrange(128)))
                    probe.send_midi(message, frame + number // _AT_ONCE * min(_BLOCKS))
                time.sleep(_GUST_S)
    except BridgeError:  # the server went away; what happened to it is told elsewhere
        return
