"""Trial: several controllers on one control, which must soon show the same value.

Two OSC faders on sockets of their own and a motor fader on MIDI, which sends back what it is
sent, are moved at random, all at once. Then they are released, and what each shows is watched.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from bridge.checkpoints.catalogue import PASSTHROUGH
from bridge.controls.controls import normalised
from bridge.controls.parameters import PARAMETERS, ROOT
from bridge.midi.event import EventKind, decode, encode
from bridge.osc import codec
from bridge.osc.codec import Message
from tools.trials.jack_probe import JackProbe
from tools.trials.options import positive_number
from tools.trials.running_bridge import NAME, running_bridge

__all__ = [
    "HELP",
    "WITHIN_S",
    "Agreement",
    "Fader",
    "MotorFader",
    "agreements",
    "configure",
    "run",
]

HELP = "two OSC faders and a motor fader on one control: they agree, and then rest"

WITHIN_S = 0.2
"""Longest time after the last move until all show the same."""
CONTROL = "gain/out"
ADDRESS = f"{ROOT}/{CONTROL}"
TAKEOVERS = ("pickup", "jump", "scale")
WATCHED_S = 0.7
_MOVING_S = 1.2
_ECHO_S = 0.015
_LOOK_S = 0.002


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures of one round of moves."""

    takeover: str
    moves: int
    settled_s: float
    """From the last move until all agreed for good; infinite if they never did."""
    restless: int
    """Changes that any of them showed later than ``WITHIN_S``."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "seconds", type=positive_number, nargs="?", default=60.0, metavar="SECONDS", help="(60)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print every round; return 1 where the faders do not agree in time, or not for good."""
    holds = True
    for each in agreements(arguments.seconds):
        never = each.settled_s == float("inf")
        settled_ms = None if never else round(1000 * each.settled_s, 1)
        if arguments.json:
            row = {"takeover": each.takeover, "moves": each.moves, "restless": each.restless}
            print(json.dumps({"settled_ms": settled_ms, **row}), flush=True)
        else:
            agreed = "never agreed" if never else f"agreed {settled_ms} ms after the last"
            print(
                f"{each.takeover:<8}{each.moves:>4} moves, {agreed}, {each.restless} changes "
                f"later than {1000 * WITHIN_S:.0f} ms",
                flush=True,
            )
        holds = holds and each.settled_s <= WITHIN_S and each.restless == 0
    return 0 if holds else 1


class Fader(asyncio.DatagramProtocol):
    """An OSC fader on a socket of its own: shows the value it received or was moved to."""

    def __init__(self) -> None:
        self.shown = 0.0
        self.changed_s = 0.0
        """Time of its last change, on the monotonic clock."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Register for every change; called by asyncio."""
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.send("/register")

    def send(self, path: str, *arguments: float) -> None:
        """Send a message below the root."""
        self._transport.sendto(codec.encode(Message(f"{ROOT}{path}", arguments)))

    def move(self, value: float) -> None:
        """Move it as a hand would."""
        self.shown, self.changed_s = value, time.monotonic()
        self.send(f"/{CONTROL}", value)

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Show a received value; called by asyncio."""
        for message in codec.decode(data):
            if message.address == ADDRESS and message.arguments != (self.shown,):
                self.shown = float(str(message.arguments[0]))
                self.changed_s = time.monotonic()

    def close(self) -> None:
        """Close the socket."""
        self._transport.close()


@dataclass
class MotorFader:
    """A motor fader, which sends its position, also the one its motor was driven to."""

    probe: JackProbe
    controller: int
    shown: int = 0
    changed_s: float = 0.0
    _echoes: list[tuple[float, int]] = field(default_factory=list)

    def move(self, value: int) -> None:
        """Move it as a hand would; positions it was driven to before are not sent any more."""
        self._echoes.clear()
        self.shown, self.changed_s = value, time.monotonic()
        self._send(value)

    def update(self) -> None:
        """Go where the motor is driven, and send that position a moment later."""
        now_s = time.monotonic()
        for frame, message in self.probe.midi():
            event = decode(message, frame)
            if event is None or event.kind is not EventKind.CC:
                continue
            if event.number == self.controller and event.value != self.shown:
                self.shown, self.changed_s = event.value, now_s
                self._echoes.append((now_s + _ECHO_S, event.value))
        while self._echoes and self._echoes[0][0] <= now_s:
            self._send(self._echoes.pop(0)[1])

    def _send(self, value: int) -> None:
        self.probe.send_midi(encode(EventKind.CC, 1, self.controller, value), 0)


def agreements(
    seconds: float, seed: int = 1, watched_s: float = WATCHED_S
) -> Iterator[Agreement]:
    """Move two OSC faders and a motor fader at random, round after round.

    Args:
        seconds: How long, at least a round of each takeover.
        seed: Of the moves.
        watched_s: How long they are watched after the last move of a round.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge does not play.
    """
    with (
        running_bridge(PASSTHROUGH, sync=True) as bridge,
        JackProbe(bridge.server, NAME) as probe,
    ):
        draw = random.Random(seed)
        round_s = _MOVING_S + watched_s
        for number in range(max(len(TAKEOVERS), round(seconds / round_s))):
            takeover = TAKEOVERS[number % len(TAKEOVERS)]
            bridge.client.do(f"{ROOT}/midi/takeover", takeover)
            one_round = _play_round(bridge.port, probe, takeover, draw, watched_s)
            yield asyncio.run(one_round)


async def _play_round(
    port: int, probe: JackProbe, takeover: str, draw: random.Random, watched_s: float
) -> Agreement:
    loop = asyncio.get_running_loop()
    faders: list[Fader] = []
    for _ in range(2):
        _, fader = await loop.create_datagram_endpoint(Fader, remote_addr=("127.0.0.1", port))
        faders.append(fader)
    row = PARAMETERS[CONTROL]
    assert row.cc is not None
    motor = MotorFader(probe, row.cc)
    probe.midi()
    await asyncio.sleep(0.05)
    moves, last_s, end_s = 0, 0.0, time.monotonic() + _MOVING_S
    while time.monotonic() < end_s:
        motor.update()
        who = draw.randrange(3)
        if who < 2:
            faders[who].move(draw.randrange(-60 * 16, 12 * 16) / 16)
        else:
            motor.move(draw.randrange(128))
        moves, last_s = moves + 1, time.monotonic()
        await asyncio.sleep(draw.choice((0.001, 0.005, 0.02, 0.06)))
    agreed_s, restless = float("inf"), 0
    seen = _shown(faders, motor)
    while time.monotonic() < last_s + watched_s:
        motor.update()
        now_s, shown = time.monotonic(), _shown(faders, motor)
        if shown != seen and now_s > last_s + WITHIN_S:
            restless += 1
        seen = shown
        place = round(127 * normalised(row, faders[0].shown))
        if faders[0].shown != faders[1].shown or place != motor.shown:
            agreed_s = float("inf")
        elif agreed_s == float("inf"):
            agreed_s = now_s - last_s
        await asyncio.sleep(_LOOK_S)
    for fader in faders:
        fader.close()
    await asyncio.sleep(0)
    return Agreement(takeover, moves, agreed_s, restless)


def _shown(faders: list[Fader], motor: MotorFader) -> tuple[float, float, int]:
    return faders[0].shown, faders[1].shown, motor.shown
