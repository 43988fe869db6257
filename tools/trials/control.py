"""Trial: time from a control message to its audible effect, in frames of the output.

The bridge plays ``passthrough``, a steady level goes in, and the first frame that differs at
its output is the effect. A change made in the audio callback must be heard within a hop and a
block; a change made in the model, within a hop and a block beyond the time it plays ahead.
"""

import argparse
import random
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bridge.checkpoints.catalogue import PASSTHROUGH
from bridge.commands.output import times_printer
from bridge.common.errors import EngineError
from bridge.common.latency import hop_frames
from bridge.common.timing import StepTimes
from bridge.controls.parameters import PARAMETERS, ROOT
from bridge.osc.codec import Message, encode, encode_bundle, time_tag
from tools.trials.jack_probe import JackProbe
from tools.trials.running_bridge import BLOCK, NAME, RATE, RunningBridge, running_bridge

__all__ = ["HELP", "Effect", "configure", "control_effects", "run"]

HELP = "from an OSC or MIDI message to its effect in the sound"

HOP = hop_frames(RATE)
AHEAD_S = 5.0
"""How far ahead bundles are dated."""
_DIFFERENT = 1e-3
_PATIENCE_S = 12.0
_REST_S = (0.12, 0.2)
"""Pause between two messages: longer than any fade, and random."""
_LOOP_S = 4.2
"""Longer than the loop that a frozen player hears."""
_LEVELS = (0.25, 0.125)


@dataclass(frozen=True, slots=True)
class Effect:
    """Delays of one kind of message."""

    name: str
    frames: Sequence[int]
    """From sending, or from the date of a bundle, to the first frame that differs."""
    bound: int
    """Largest delay allowed, in frames; for bundles to either side."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--steps", type=int, default=50, metavar="N", help="messages of each kind (50)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the times of every kind of message; return 1 where one exceeds its bound."""
    print_times, holds = times_printer(as_json=arguments.json), True
    for effect in control_effects(max(1, arguments.steps)):
        apart = [abs(frames) for frames in effect.frames]
        times = StepTimes.of([frames / RATE for frames in apart], effect.bound / RATE)
        frames = {"samples": len(apart), "max_frames": max(apart), "bound_frames": effect.bound}
        print_times(effect.name, times, frames)
        holds = holds and max(apart) <= effect.bound
    return 0 if holds else 1


def control_effects(samples: int, seed: int = 1) -> Iterator[Effect]:
    """Measure the delays of OSC, MIDI and dated bundles.

    Args:
        samples: Messages of each kind; an eighth of that for kinds that take seconds each.
        seed: Of the pauses between them.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge does not play, or a message had no effect.
    """
    with (
        running_bridge(PASSTHROUGH, sync=True) as bridge,
        JackProbe(bridge.server, NAME) as probe,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        sender.connect(("127.0.0.1", bridge.port))
        timer = _EffectTimer(bridge, probe, sender, random.Random(seed))
        timer.settle()
        direct = HOP + BLOCK
        yield Effect("osc gain/out", timer.repeat(samples, timer.by_osc), direct)
        yield Effect("midi mute", timer.repeat(samples, timer.by_midi), direct)
        few = max(1, samples // 8)
        yield Effect("bundle +5 s", timer.by_bundles(few), direct)
        lead = timer.lead()
        yield Effect("osc freeze", timer.repeat(few, timer.by_release), direct + lead)


class _EffectTimer:
    def __init__(
        self,
        bridge: RunningBridge,
        probe: JackProbe,
        sender: socket.socket,
        draw: random.Random,
    ) -> None:
        self._bridge = bridge
        self._probe = probe
        self._draw = draw
        self._quiet = False
        self._socket = sender

    def lead(self) -> int:
        """Return by how many frames the model plays ahead of what is heard."""
        reading = self._bridge.client.read(f"{ROOT}/latency")
        musical, anticipation_s = int(str(reading[1])), float(str(reading[6]))
        return musical + round(anticipation_s * RATE)

    def settle(self) -> None:
        """Wait until the level that goes in has come through."""
        deadline_s = time.monotonic() + _PATIENCE_S
        while True:
            time.sleep(0.4)
            _, sound = self._probe.heard(self._probe.now - 4 * HOP)
            if len(sound) > HOP and float(np.ptp(sound)) < _DIFFERENT < float(sound.min()):
                return
            if time.monotonic() > deadline_s:
                raise EngineError("the bridge does not pass on what goes in; see its log")

    def repeat(self, samples: int, act: Callable[[], int]) -> list[int]:
        """Repeat an action; return after how many frames each one was heard."""
        times = []
        for _ in range(samples):
            time.sleep(self._draw.uniform(*_REST_S))
            begin = act()
            times.append(self._effect(begin) - begin)
        return times

    def by_osc(self) -> int:
        """Turn the output down, or up again; return the frame at which that was sent."""
        packet = encode(Message(f"{ROOT}/gain/out", (-6.0 if self._turned() else 0.0,)))
        begin = self._probe.now
        self._socket.send(packet)
        return begin

    def by_midi(self) -> int:
        """Mute, or unmute, by the default controller."""
        controller = PARAMETERS["mute"].cc
        assert controller is not None
        begin = self._probe.now + 2 * BLOCK
        self._probe.send_midi(bytes((0xB0, controller, 127 * self._turned())), begin)
        return begin

    def by_release(self) -> int:
        """Let a frozen player hear again; meanwhile the level has become another."""
        time.sleep(_LOOP_S)
        self._bridge.client.do(f"{ROOT}/freeze", 1)
        self._probe.level = _LEVELS[self._probe.level == _LEVELS[0]]
        self.settle()
        time.sleep(self._draw.uniform(*_REST_S))
        begin = self._probe.now
        self._socket.send(encode(Message(f"{ROOT}/freeze", (0,))))
        return begin

    def by_bundles(self, count: int) -> list[int]:
        """Return by how many frames bundles landed beside the frame they were dated for."""
        dues = []
        for _ in range(count):
            time.sleep(self._draw.uniform(*_REST_S))
            level = Message(f"{ROOT}/gain/out", (-6.0 if self._turned() else 0.0,))
            now_s, frame = time.time(), self._probe.now
            self._socket.send(encode_bundle(time_tag(now_s + AHEAD_S), [level]))
            dues.append(frame + round(AHEAD_S * RATE))
        begun_s = time.monotonic()
        self._bridge.client.read(
            f"{ROOT}/gain/out"
        )  # a bundle dated ahead must not delay other messages
        if time.monotonic() - begun_s > AHEAD_S / 2:
            raise EngineError("a bundle dated ahead held up a message after it")
        return [self._effect(due - HOP) - due for due in dues]

    def _turned(self) -> bool:
        """Toggle a switch and return its new position."""
        self._quiet = not self._quiet
        return self._quiet

    def _effect(self, begin: int) -> int:
        """Return the first frame from ``begin`` on that differs from the one there.

        Raises:
            EngineError: There is none within twelve seconds.
        """
        deadline_s = time.monotonic() + _PATIENCE_S + max(0, begin - self._probe.now) / RATE
        while time.monotonic() < deadline_s:
            first, sound = self._probe.heard(begin)
            apart = np.flatnonzero(np.abs(sound - sound[:1]) > _DIFFERENT)
            if first <= begin and len(apart):
                return first + int(apart[0])
            time.sleep(0.01)
        raise EngineError(f"a message had no effect within {_PATIENCE_S:g} s")
