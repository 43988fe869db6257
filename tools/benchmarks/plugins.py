"""Xruns, time per cycle and losses of the LV2 plugin live in jalv, beside an empty plugin.

Usage: ``make bench-plugins``; ten minutes of the band, beside as long without:
``python -m tools.benchmarks.plugins --seconds 300 --rounds 2``. The plugin with its band and an
empty plugin of the same ports take turns in the same host on one private JACK server, while a
busy loop for every core keeps them all busy; so what the machine itself does shows among the
phases of the empty one. A probe in C stands before either plugin, plays the demo's mix into it,
and times its part of every cycle of the host's audio thread.

Prints a line of JSON a phase, in their order, appends them to
``tools/benchmarks/plugins.jsonl``, and writes ``docs/benchmarks-plugins.md``. Needs jalv,
lv2-dev and a C compiler.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from bridge.audio.jack_server import JackServer
from bridge.audio.shared.space import SHARED_FOLDER
from bridge.common.errors import EngineError, EnvironmentMissing
from bridge.controls.parameters import ROOT
from bridge.controls.readings import EngineReading
from bridge.osc.client import BridgeClient
from bridge.osc.free_ports import free_port
from tools.benchmarks.circumstances import busy_s, circumstances, utc
from tools.benchmarks.plugins_report import report
from tools.trials.bystander import IdleClient, bystander

ROOT_FOLDER = Path(__file__).parents[2]
SOURCES = ROOT_FOLDER / "tools" / "benchmarks"
LINES = SOURCES / "plugins.jsonl"
PAGE = ROOT_FOLDER / "docs" / "benchmarks-plugins.md"
PLUGINS = ("liveband", "empty")
COUNTERS = ("hops", "late_hops", "skipped_hops", "underruns", "restarts")
RATE = 48_000
NAME = "plugin-host"
"""Name of the host on the JACK server."""
SETTLE_S = 5.0
START_S = 120.0
STOP_S = 30.0
POLL_S = 0.1
BUSY = "import os; parent = os.getppid()\nwhile os.getppid() == parent: sum(range(9999))"
"""A busy loop that ends with the process that started it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginPhase:
    """Figures of one phase."""

    phase: int
    """Its place in the order of the run, from 1."""
    began: str
    """UTC time."""
    plugin: str
    """``liveband`` or ``empty``."""
    seconds: float
    cycles: int
    """Of the host's audio thread."""
    xruns: int
    """That the server reported, whoever was late."""
    host_late: int
    """Cycles that the host did not end in time, in the words of the server."""
    idle_late: int
    """Likewise those of a client that only counts: the machine's fault."""
    driver_late: int
    """Times the server itself woke too late, likewise."""
    cycle_us_p50: float
    """How long the plugin's part of a cycle took by the clock; likewise below."""
    cycle_us_p99: float
    cycle_us_max: float
    hops: int
    """Of the band, as all below; 0 for the empty plugin."""
    late_hops: int
    skipped_hops: int
    underruns: int
    """Blocks for which the band had no sound."""
    restarts: int
    machine_load: float
    """Cores that everything on the machine took together."""
    load_average: float
    """Tasks that ran or waited for a core, as the system averages them over a minute."""


class ProbeTimes:
    """Times of the host's cycles, in a file that it maps.

    Args:
        path: File to make.
        most: Cycles it has room for.
    """

    def __init__(self, path: Path, most: int) -> None:
        self._most = most
        with path.open("w+b") as file:
            os.posix_fallocate(file.fileno(), 0, 8 + 4 * most)
            self._memory = mmap.mmap(file.fileno(), 0)

    @property
    def cycles(self) -> int:
        """Cycles so far."""
        return int.from_bytes(self._memory[:8], "little")

    def between(self, first: int, last: int) -> NDArray[np.float64]:
        """Return the times of cycles ``first`` to ``last - 1``, in microseconds.

        Raises:
            EngineError: There were none, or more than there was room for.
        """
        if not first < last <= self._most:
            raise EngineError(f"no times of cycles {first} to {last}, of at most {self._most}")
        return np.frombuffer(self._memory[8 + 4 * first : 8 + 4 * last], np.uint32) / 1000


@dataclass(frozen=True, slots=True)
class PluginHost:
    """A host that plays one plugin."""

    process: subprocess.Popen[bytes]
    times: ProbeTimes
    client: BridgeClient | None
    """Of the band; none of the empty plugin."""

    def counters(self) -> dict[str, int]:
        """Return the band's counters, all 0 for the empty plugin."""
        if self.client is None:
            return dict.fromkeys(COUNTERS, 0)
        names = [field.name for field in fields(EngineReading)]
        told = dict(zip(names, self.client.read(f"{ROOT}/status/engine"), strict=True))
        return {name: int(str(told[name])) for name in COUNTERS}


def turns(rounds: int) -> list[str]:
    """Return the plugin of each phase: liveband and the empty one in turns.

    Raises:
        ValueError: There are no two phases of a kind to tell chance by.
    """
    if rounds < 2:
        raise ValueError(f"needs two rounds; got {rounds}")
    return list(PLUGINS) * rounds


def build(folder: Path) -> None:
    """Build both plugins, and a bundle whose library is the probe, into a folder."""
    subprocess.run(
        ["make", "-s", "-C", ROOT_FOLDER / "plugins", "lv2", f"OUT={folder / 'built'}"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.copy(folder / "built" / "liveband.lv2" / "liveband.so", folder / "liveband.so")
    bundle = folder / "lv2" / "liveband.lv2"
    bundle.mkdir(parents=True)
    for file in (folder / "built" / "liveband.lv2").glob("*.ttl"):
        shutil.copy(file, bundle)
    libraries = {
        "empty_plugin.c": folder / "empty.so",
        "plugin_probe.c": bundle / "liveband.so",
    }
    flags = ["-std=c11", "-O2", "-Wall", "-Wextra", "-fPIC", "-shared"]
    for source, library in libraries.items():
        subprocess.run(["cc", *flags, SOURCES / source, "-o", library, "-ldl"], check=True)


@contextmanager
def hosted(
    server: JackServer, folder: Path, plugin: str, checkpoint: str, most_cycles: int
) -> Iterator[PluginHost]:
    """Play a plugin in jalv, and end both.

    Args:
        server: That runs.
        folder: What :func:`build` has made.
        plugin: ``liveband`` or ``empty``.
        checkpoint: Of the band.
        most_cycles: That are timed.

    Raises:
        EngineError: The plugin or its band does not play; the message ends with their words.
    """
    with ExitStack() as stack:
        shared = Path(
            stack.enter_context(tempfile.TemporaryDirectory("-plugins", dir=SHARED_FOLDER))
        )
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="liveband-plugins-"))
        log = stack.enter_context(tempfile.TemporaryFile())
        mix, _ = soundfile.read(
            ROOT_FOLDER / "bridge" / "assets" / "mix.ogg", dtype="float32", always_2d=True
        )
        (shared / "mix").write_bytes(np.ascontiguousarray(mix.T).tobytes())
        times = ProbeTimes(shared / "times", most_cycles)
        port = free_port()
        program = Path(home) / "program.sh"
        program.write_text(
            f'#!/bin/sh\nexec {sys.executable} -P -m bridge "$@" --checkpoint {checkpoint} '
            f"--osc-port {port} --osc-query-port 0\n"
        )
        program.chmod(0o755)
        environment = {
            **server.environment,
            **dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), home),
            "LIVEBAND_PROGRAM": str(program),
            "LV2_PATH": str(folder / "lv2"),
            "PROBE_MIX": str(shared / "mix"),
            "PROBE_PLUGIN": str(folder / f"{plugin}.so"),
            "PROBE_TIMES": str(shared / "times"),
        }
        process = subprocess.Popen(
            ["jalv", "-x", "-n", NAME, "urn:liveband:band"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        stack.callback(_end, process)
        client = None
        if plugin != "empty":
            client = stack.enter_context(BridgeClient(port=port, timeout_s=STOP_S))
        host = PluginHost(process, times, client)
        _wait_until_playing(host, log)
        yield host
        if process.poll() is not None:
            raise EngineError(f"jalv ended by itself; its last words: {_words(log)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    if process.stdin is not None:
        process.stdin.close()
    process.wait(STOP_S)


def _wait_until_playing(host: PluginHost, log: IO[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and host.process.poll() is None:
        try:
            state = host.client.read(f"{ROOT}/status")[0] if host.client else "running"
            if host.times.cycles and state in ("running", "overloaded"):
                return
        except EnvironmentMissing:  # its port is not open yet
            pass
        time.sleep(POLL_S)
    raise EngineError(f"{NAME} did not play within {START_S:g} s: {_words(log)}")


def _words(log: IO[bytes]) -> str:
    log.seek(0)
    return log.read().decode(errors="replace")[-800:]


@contextmanager
def busy_loops(count: int) -> Iterator[None]:
    """Run busy loops, a process each, for as long as the context lasts."""
    loops = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.terminate()
            loop.wait(STOP_S)


def measure(
    host: PluginHost, server: JackServer, idle: IdleClient, seconds: float
) -> dict[str, Any]:
    """Measure one phase; return its figures but the plugin's name and its place."""
    time.sleep(SETTLE_S)
    began, began_utc, busy = time.monotonic(), utc(), busy_s()
    first, xruns, said = host.times.cycles, idle.xruns, len(server.output)
    before = host.counters()
    time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    after = host.counters()
    last, xruns_after, words = host.times.cycles, idle.xruns, server.output[said:]
    lasted, busy = time.monotonic() - began, busy_s() - busy
    spent = host.times.between(first, last)
    p50, p99 = np.percentile(spent, (50, 99))
    return {
        "began": began_utc,
        "seconds": round(lasted, 1),
        "cycles": last - first,
        "xruns": xruns_after - xruns,
        "host_late": len(re.findall(rf"client = {NAME} was not finished", words)),
        "idle_late": len(re.findall(rf"client = {idle.name} was not finished", words)),
        "driver_late": len(re.findall("JackTimedDriver::Process XRun", words)),
        "cycle_us_p50": round(float(p50), 1),
        "cycle_us_p99": round(float(p99), 1),
        "cycle_us_max": round(float(spent.max()), 1),
        "machine_load": round(busy / lasted, 2),
        "load_average": round(os.getloadavg()[0], 1),
        **{name: after[name] - before[name] for name in COUNTERS},
    }


def main() -> int:
    """Measure; print a line of JSON a phase, keep them, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--frames", type=int, default=128, help="of a block")
    parser.add_argument("--no-load", action="store_true", help="without the busy loops")
    asked = parser.parse_args()
    order = turns(asked.rounds)
    for tool in ("jalv", "cc", "make"):
        if shutil.which(tool) is None:
            raise EnvironmentMissing(f"expected the program {tool}: make test-system")
    loops = 0 if asked.no_load else os.cpu_count() or 1
    facts = {"checkpoint": asked.checkpoint, "block": asked.frames, "busy_loops": loops}
    stamp = {**circumstances(), **facts}
    most_cycles = round((START_S + 2 * SETTLE_S + 2 * asked.seconds) * RATE / asked.frames)
    lines: list[dict[str, Any]] = []
    with (
        tempfile.TemporaryDirectory(prefix="liveband-plugins-") as folder,
        JackServer(rate=RATE, block=asked.frames) as server,
        bystander(server.name, "bystander") as idle,
        busy_loops(loops),
    ):
        build(Path(folder))
        for number, plugin in enumerate(order, 1):
            with hosted(server, Path(folder), plugin, asked.checkpoint, most_cycles) as host:
                figures = measure(host, server, idle, asked.seconds)
            phase = PluginPhase(phase=number, plugin=plugin, **figures)
            lines.append({**stamp, **asdict(phase)})
            print(json.dumps(lines[-1]), flush=True)
    with LINES.open("a") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in lines)
    PAGE.write_text(report(lines))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
