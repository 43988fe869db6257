"""From a message to its audible effect, in frames of the sound itself.

The bridge plays as a wire, a steady level goes in, and the first frame that differs at its
output is the effect. What the next block may change is to be heard within a hop and a block;
what the player changes, within a hop and a block beyond the lead by which it plays ahead.
"""

import random
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bridge.audio.jack_probe import Probe
from bridge.checkpoints.catalogue import PASSTHROUGH
from bridge.common.errors import EngineError
from bridge.common.latency import hop_frames
from bridge.controls.parameters import PARAMETERS, ROOT
from bridge.osc.codec import Message, encode, encode_bundle, time_tag
from tools.trials.rig import BLOCK, NAME, RATE, Rig, rig

__all__ = ["Effect", "control_effects"]

HOP = hop_frames(RATE)
AHEAD_S = 5.0
"""How far ahead bundles are dated."""
_DIFFERENT = 1e-3
_PATIENCE_S = 12.0
_REST_S = (0.12, 0.2)
"""Between two messages: longer than any fade, and in step with nothing."""
_LOOP_S = 4.2
"""Longer than what a frozen player goes on hearing."""
_LEVELS = (0.25, 0.125)


@dataclass(frozen=True, slots=True)
class Effect:
    """How late one kind of message was heard, again and again."""

    name: str
    frames: Sequence[int]
    """From sending, or from the date of a bundle, to the first frame that differs."""
    bound: int
    """What none should exceed, in frames; for bundles to either side."""


def control_effects(samples: int, seed: int = 1) -> Iterator[Effect]:
    """Measure what OSC, MIDI and dated bundles take to be heard.

    Args:
        samples: Messages of each kind; an eighth of it of those that take seconds each.
        seed: Of the pauses between them.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge does not play, or a message had no effect.
    """
    with (
        rig(PASSTHROUGH, sync=True) as bridge,
        Probe(bridge.server, NAME) as probe,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        sender.connect(("127.0.0.1", bridge.port))
        trial = _Trial(bridge, probe, sender, random.Random(seed))
        trial.settle()
        direct = HOP + BLOCK
        yield Effect("osc gain/out", trial.repeat(samples, trial.by_osc), direct)
        yield Effect("midi mute", trial.repeat(samples, trial.by_midi), direct)
        few = max(1, samples // 8)
        yield Effect("bundle +5 s", trial.by_bundles(few), direct)
        lead = trial.lead()
        yield Effect("osc freeze", trial.repeat(few, trial.by_release), direct + lead)


class _Trial:
    def __init__(
        self, bridge: Rig, probe: Probe, sender: socket.socket, draw: random.Random
    ) -> None:
        self._bridge = bridge
        self._probe = probe
        self._draw = draw
        self._quiet = False
        self._socket = sender

    def lead(self) -> int:
        """Return the frames by which the player's work lies before it is heard."""
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
        """Do something again and again; return after how many frames each was heard."""
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
        self._bridge.client.read(f"{ROOT}/gain/out")  # what is dated ahead holds up nobody
        if time.monotonic() - begun_s > AHEAD_S / 2:
            raise EngineError("a bundle dated ahead held up a message after it")
        return [self._effect(due - HOP) - due for due in dues]

    def _turned(self) -> bool:
        """Turn a switch over and return where it is now."""
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
