"""Trial: a bridge on a machine with busy cores and a busy control process.

Cycles missed on a busy machine need not be the bridge's fault. So empty clients run on the same
server, and the bridge may miss about as much as they do. There are two, because the client that
joined the server first tends to miss more: one joins before the bridge, one after it.
"""

import argparse
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bridge.audio.jack_server import JackServer
from bridge.audio.shared.counters import ShareCounters
from bridge.audio.shared.share import AudioShare
from bridge.commands.output import print_row
from bridge.common.errors import EngineError
from tools.trials.busy_bridge import BEGIN
from tools.trials.bystander import IdleClient, bystander
from tools.trials.options import add_checkpoint_option, positive_number
from tools.trials.running_bridge import NAME, RATE, RunningBridge, running_bridge_on

__all__ = [
    "ALL_BUSY",
    "HELP",
    "ONE_FREE",
    "SPARE",
    "LoadScene",
    "configure",
    "load_scenes",
    "run",
]

HELP = (
    "keep every core busy, then all but one, and the control process too: cycles missed, "
    "beside empty clients"
)

ALL_BUSY, ONE_FREE = "every core busy", "one core free"
SPARE = 2
"""Cycles that the bridge may miss beyond those of the worse of both bystanders."""
_BLOCK = 128
_THREADS = 4
_SETTLE_S = 2.0
_STILL_S = 0.0005
"""Interval without a cycle of any client, in which counts are consistent; well under one."""
_TRIES = 2000
_REALTIME = (os.SCHED_FIFO, os.SCHED_RR)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadScene:
    """Load of one scene, and the figures of bridge and bystanders."""

    scene: str
    """``every core busy`` or ``one core free``."""
    seconds: float
    rate: int
    block: int
    cores: int
    busy_processes: int
    """Each is pinned to a core."""
    burning_threads: int
    """Of Python, in the control process; since only one runs at a time, they take one core."""
    realtime: bool
    """Whether the system gave all clients real-time scheduling."""
    cycles_expected: int
    """By the clock."""
    bridge_cycles: int
    bystander_cycles: tuple[int, int]
    """Of the one that joined before the bridge, and of the one that joined after it."""
    bridge_missed: int
    """Expected cycles that did not happen."""
    bystander_missed: tuple[int, int]
    bridge_unfinished: int
    """Cycles in which the server reported that the client was not done in time."""
    bystander_unfinished: tuple[int, int]
    xruns: int
    """Reported to every client, whichever is the cause."""
    hops: int
    late_hops: int
    skipped_hops: int
    underruns: int

    @property
    def holds(self) -> bool:
        """Whether no more cycles are missed than allowed; with a core free, no hop late."""
        if self.scene == ONE_FREE:
            return self.late_hops == 0 and self.skipped_hops == 0
        return self.bridge_missed <= max(self.bystander_missed) + SPARE


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "seconds",
        type=positive_number,
        nargs="?",
        default=600.0,
        metavar="SECONDS",
        help="of each scene (600)",
    )
    add_checkpoint_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print both scenes; return 1 where the bridge misses more than is promised."""
    holds = True
    for scene in load_scenes(max(1.0, arguments.seconds), arguments.checkpoint):
        print_row({**asdict(scene), "holds": scene.holds}, as_json=arguments.json)
        holds = holds and scene.holds
    return 0 if holds else 1


def load_scenes(seconds: float, checkpoint: str) -> Iterator[LoadScene]:
    """Play in one scene after the other, beside empty clients.

    The second scene needs two cores at least, of which the busy threads take one.

    Args:
        seconds: How long each lasts.
        checkpoint: What the bridge plays with.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge or the bystander does not run.
    """
    cores = sorted(os.sched_getaffinity(0))
    scenes = {ALL_BUSY: cores}
    if len(cores) > 1:
        scenes[ONE_FREE] = cores[:-2]
    program = ("tools.trials.busy_bridge", str(_THREADS))
    with (
        JackServer(rate=RATE, block=_BLOCK) as server,
        bystander(server.name, "before") as before,
        running_bridge_on(server.name, checkpoint, program=program) as bridge,
        bystander(server.name, "after") as after,
        AudioShare.attach_to(bridge.process.pid) as share,
    ):
        bridge.process.send_signal(BEGIN)
        counter = _CycleCounter(server, bridge, share, (before, after))
        for scene, taken in scenes.items():
            with _busy(taken):
                time.sleep(min(_SETTLE_S, seconds))
                yield counter.watch(scene, seconds, len(taken))


@dataclass(frozen=True, slots=True)
class _CycleCounter:
    server: JackServer
    bridge: RunningBridge
    share: AudioShare
    beside: tuple[IdleClient, IdleClient]

    def watch(self, scene: str, seconds: float, busy: int) -> LoadScene:
        """Wait, and return the figures of that time."""
        logged, first = len(self.server.output), self._moment()
        time.sleep(seconds)
        last, log = self._moment(), self.server.output[logged:]
        passed_s = last.at_s - first.at_s
        expected = round(passed_s * RATE / _BLOCK)
        ours = last.bridge.cycles - first.bridge.cycles
        before, after = (
            now - then for then, now in zip(first.beside, last.beside, strict=True)
        )
        not_done = [
            log.count(f"client = {name} was not finished")
            for name in (NAME, *(each.name for each in self.beside))
        ]
        return LoadScene(
            scene=scene,
            seconds=round(passed_s, 3),
            rate=RATE,
            block=_BLOCK,
            cores=len(os.sched_getaffinity(0)),
            busy_processes=busy,
            burning_threads=_THREADS,
            realtime=all(map(_is_realtime, self._processes())),
            cycles_expected=expected,
            bridge_cycles=ours,
            bystander_cycles=(before, after),
            bridge_missed=expected - ours,
            bystander_missed=(expected - before, expected - after),
            bridge_unfinished=not_done[0],
            bystander_unfinished=(not_done[1], not_done[2]),
            xruns=last.bridge.xruns - first.bridge.xruns,
            hops=last.bridge.hops - first.bridge.hops,
            late_hops=last.bridge.late_hops - first.bridge.late_hops,
            skipped_hops=last.bridge.skipped_hops - first.bridge.skipped_hops,
            underruns=last.bridge.underruns - first.bridge.underruns,
        )

    def _moment(self) -> "_Moment":
        """Read all counts while no client is in the middle of a cycle."""
        for _ in range(_TRIES):
            seen = self._read()
            time.sleep(_STILL_S)
            after = self._read()
            if (seen.beside, seen.bridge.cycles) == (after.beside, after.bridge.cycles):
                return after
        raise EngineError(f"no {1000 * _STILL_S:g} ms without a cycle in {_TRIES} tries")

    def _processes(self) -> list[int]:
        return [self.bridge.process.pid, *(each.pid for each in self.beside)]

    def _read(self) -> "_Moment":
        return _Moment(
            at_s=time.clock_gettime(time.CLOCK_MONOTONIC_RAW),
            beside=tuple(each.cycles for each in self.beside),
            bridge=self.share.snapshot(),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Moment:
    at_s: float
    """On JACK's clock."""
    beside: tuple[int, ...]
    """Cycles of the bystanders."""
    bridge: ShareCounters


def _is_realtime(pid: int) -> bool:
    """Return whether any thread of a process has real-time scheduling: only JACK's asks."""
    threads = (int(task.name) for task in Path(f"/proc/{pid}/task").iterdir())
    return any(os.sched_getscheduler(thread) in _REALTIME for thread in threads)


@contextmanager
def _busy(cores: list[int]) -> Iterator[None]:
    """Keep cores busy, with a process for each."""
    context = multiprocessing.get_context("spawn")
    own = os.getpid()
    everyone = [
        context.Process(target=_keep_busy, args=(core, own), daemon=True) for core in cores
    ]
    for process in everyone:
        process.start()
    try:
        yield
    finally:
        for process in everyone:
            process.terminate()
            process.join()


def _keep_busy(core: int, parent: int) -> None:
    os.sched_setaffinity(0, {core})
    while os.getppid() == parent:  # it may have been killed
        for _ in range(100_000):
            pass
