"""Trial: a bridge that plays under a storm of malformed packets, and without one.

It counts what a musician would hear: cycles missed, late hops, underruns; and what a client
would notice: how long a query waits for its answer. The storm waits for the bridge after each
volley, so that no packet is lost on the way and all of them are parsed.
"""

import argparse
import multiprocessing
import random
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection

from bridge.commands.output import print_row
from bridge.common.errors import EngineError, EnvironmentMissing
from bridge.controls.parameters import ROOT
from bridge.osc.client import BridgeClient
from bridge.osc.codec import Message, encode
from tools.trials.options import add_checkpoint_option
from tools.trials.running_bridge import RunningBridge, running_bridge

__all__ = [
    "HELP",
    "LARGEST",
    "StormPhase",
    "configure",
    "malformed_packets",
    "run",
    "storm_phases",
]

HELP = "play through a storm of malformed packets"

LARGEST = 65507
"""Bytes of the longest UDP datagram."""
VOLLEY = 64
"""Packets sent in one go; at most one has the largest size."""
BUSY_PER_S = 1000
_PING_S = 0.02
_PATIENCE_S = 20.0
_COUNTERS = {"cycles": 0, "xruns": 1, "underruns": 2, "hops": 3, "late_hops": 4}
"""Index of each in ``/status/engine``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StormPhase:
    """Figures of one phase."""

    phase: str
    seconds: float
    packets: int
    """Received by the bridge, the queries of this trial included."""
    cycles: int
    xruns: int
    underruns: int
    hops: int
    late_hops: int
    alarms: int
    """Errors and exceptions in the bridge's log."""
    answer_p99_ms: float
    answer_max_ms: float
    """Longest wait for the answer to a query; a stall would show here."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "packets", type=int, nargs="?", default=1_000_000, metavar="PACKETS", help="(a million)"
    )
    add_checkpoint_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every phase; return 1 where the bridge logged an error."""
    holds = True
    for phase in storm_phases(arguments.checkpoint, max(1, arguments.packets)):
        print_row(asdict(phase), as_json=arguments.json)
        holds = holds and phase.alarms == 0
    return 0 if holds else 1


def storm_phases(
    checkpoint: str, count: int, busy_s: float = 10.0, seed: int = 1
) -> Iterator[StormPhase]:
    """Play undisturbed, in a storm, undisturbed, and with a thousand messages a second.

    Args:
        checkpoint: What the bridge plays with.
        count: Packets of the storm.
        busy_s: Length of the other phases.
        seed: Of the storm.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge does not play, or was brought down.
    """
    phases: list[tuple[str, Callable[..., None], tuple[float, ...]]] = [
        ("peace", _send_nothing, (busy_s,)),
        ("storm", _send_storm, (count, seed)),
        ("peace again", _send_nothing, (busy_s,)),
        (f"{BUSY_PER_S} messages a second", _send_valid, (busy_s,)),
    ]
    with running_bridge(checkpoint) as bridge:
        time.sleep(1.0)  # warmed up
        for name, work, arguments in phases:
            yield _measured(bridge, name, work, arguments)


def malformed_packets(seed: int) -> Iterator[bytes]:
    """Yield packets that are random, truncated, damaged, huge, or to unknown addresses."""
    draw = random.Random(seed)
    good = [
        encode(Message(f"{ROOT}/gain/out", (-6.0,))),
        encode(Message(f"{ROOT}/stem", ("bass",))),
        encode(Message(f"{ROOT}/subscribe", (f"{ROOT}/meter/*", 50))),
    ]
    while True:
        yield _huge(draw)
        for number in range(1, VOLLEY - 1):
            whole = draw.choice(good)
            match number % 4:
                case 0:
                    yield draw.randbytes(draw.randrange(1, 64))
                case 1:
                    yield whole[: draw.randrange(1, len(whole))]
                case 2:
                    spoiled = bytearray(whole)
                    spoiled[draw.randrange(len(whole))] = draw.randrange(256)
                    yield bytes(spoiled)
                case _:
                    address = "".join(draw.choices("liveband/*?[]{},ab", k=20))
                    given = draw.choices((1, 0.5, "x"), k=draw.randrange(3))
                    yield encode(Message(f"/{address}", tuple(given)))


def _huge(draw: random.Random) -> bytes:
    """Return a datagram of the largest size, of noise or with a valid beginning."""
    beginning = draw.choice((b"#bundle\0" + bytes(7) + b"\1", b"/liveband/", b"/a\0\0,", b""))
    filler = draw.choice((b"\0", b"/", b"\xff", b"\0\0\0\x10", draw.randbytes(64)))
    return (beginning + filler * LARGEST)[:LARGEST]


# -- a phase --------------------------------------------------------------------------------


def _measured(
    bridge: RunningBridge,
    phase: str,
    work: Callable[..., None],
    arguments: tuple[float, ...],
) -> StormPhase:
    """Run one phase in another process while the bridge is queried.

    Raises:
        EngineError: The bridge does not answer, or the phase ended early.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(bridge.port, theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    answers = []
    try:
        ours.recv()  # it is ready
        before, received, alarms = _counters(bridge), _received(bridge), len(bridge.alarms())
        begun_s = time.monotonic()
        ours.send("go")
        with BridgeClient(port=bridge.port, timeout_s=_PATIENCE_S) as asker:
            while not ours.poll(_PING_S):
                asked_s = time.monotonic()
                asker.read(f"{ROOT}/mute")
                answers.append(1000.0 * (time.monotonic() - asked_s))
        ours.recv()
    except (EOFError, EnvironmentMissing) as error:
        raise EngineError(f"{phase}: the bridge does not answer any more ({error})") from error
    finally:
        process.join(_PATIENCE_S)
        ours.close()
    seconds, after = time.monotonic() - begun_s, _counters(bridge)
    answers.sort()
    return StormPhase(
        phase=phase,
        seconds=round(seconds, 2),
        packets=_received(bridge) - received,
        alarms=len(bridge.alarms()) - alarms,
        answer_p99_ms=round(answers[int(0.99 * (len(answers) - 1))], 2),
        answer_max_ms=round(answers[-1], 2),
        **{name: after[name] - before[name] for name in _COUNTERS},
    )


def _counters(bridge: RunningBridge) -> dict[str, int]:
    reading = bridge.client.read(f"{ROOT}/status/engine")
    return {name: int(str(reading[place])) for name, place in _COUNTERS.items()}


def _received(bridge: RunningBridge) -> int:
    return int(str(bridge.client.read(f"{ROOT}/status/osc")[1]))


# -- phases, each in a process of its own -----------------------------------------------


def _send_nothing(port: int, pipe: Connection, seconds: float) -> None:
    pipe.send("ready")
    pipe.recv()
    time.sleep(seconds)
    pipe.send("done")


def _send_valid(port: int, pipe: Connection, seconds: float) -> None:
    """Send valid messages at an even rate, at most a volley more than were received."""
    with _socket(port) as sender, _socket(port) as asker:
        pipe.send("ready")
        pipe.recv()
        begun_s = time.monotonic()
        for number in range(round(seconds * BUSY_PER_S)):
            wait_s = begun_s + number / BUSY_PER_S - time.monotonic()
            if wait_s > 0.0:
                time.sleep(wait_s)
            path = ("gain/out", "noise", "n/gain/in", "fade")[number % 4]
            sender.send(encode(Message(f"{ROOT}/{path}", (number % 97 / 96,))))
            if number % VOLLEY == 0:
                _await_answer(asker, number)
    pipe.send("done")


def _send_storm(port: int, pipe: Connection, count: int, seed: int) -> None:
    """Send a storm, volley by volley, each as soon as the one before was received."""
    storm = malformed_packets(seed)
    with _socket(port) as sender, _socket(port) as asker:
        pipe.send("ready")
        pipe.recv()
        for number in range(-(-count // (VOLLEY - 1))):
            for _ in range(VOLLEY - 1):
                sender.send(next(storm))
            _await_answer(asker, number)
    pipe.send("done")


def _await_answer(asker: socket.socket, number: int) -> None:
    """Return once the bridge has received all that was sent before."""
    asker.send(encode(Message(f"{ROOT}/ping", (number,))))
    asker.recv(LARGEST)


def _socket(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.settimeout(_PATIENCE_S)
    made.connect(("127.0.0.1", port))
    return made
