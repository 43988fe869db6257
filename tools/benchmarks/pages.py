"""Losses, load and reaction of a band with pages of the remote open, beside none.

Usage: ``make bench-pages``; ten minutes with pages open, twice, beside as long without:
``python -m tools.benchmarks.pages --seconds 600 --rounds 2``. Phases without and with pages
take turns on one run, while the demo's mix plays, so that what the machine itself does shows
as a spread among phases of one kind. A page is a WebSocket that follows what the remote's own
script follows; with ``--chromium`` it is the page itself, whose browser takes its share of the
cores.

Prints a line of JSON a phase, in their order, appends them to ``tools/benchmarks/pages.jsonl``,
and writes ``docs/benchmarks-remote.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import soundfile
from websockets.asyncio.client import connect

from bridge.audio.jack_player import JackPlayer
from bridge.audio.jack_server import JackServer
from bridge.controls.parameters import ROOT
from bridge.controls.readings import EngineReading
from bridge.osc.codec import Message, decode, encode
from tools.benchmarks.circumstances import busy_s, circumstances, utc
from tools.benchmarks.pages_report import report
from tools.chromium import chromium
from tools.trials.running_bridge import BLOCK, RATE, RunningBridge, running_bridge_on

ROOT_FOLDER = Path(__file__).parents[2]
PACKAGE = ROOT_FOLDER / "bridge"
LINES = ROOT_FOLDER / "tools" / "benchmarks" / "pages.jsonl"
PAGE = ROOT_FOLDER / "docs" / "benchmarks-remote.md"
BAND = "drums,bass"
COUNTERS = ("hops", "late_hops", "skipped_hops", "underruns", "xruns")
MOVES = 40
SETTLE_S = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PagePhase:
    """Figures of one phase."""

    phase: int
    """Its place in the order of the run, from 1."""
    began: str
    """UTC time."""
    pages: int
    seconds: float
    hops: int
    late_hops: int
    skipped_hops: int
    underruns: int
    xruns: int
    control_load: float
    """Cores that the control process took."""
    machine_load: float
    """Cores that everything on the machine took together."""
    packets_per_s: float
    """That each page was sent."""
    shown_ms_median: float
    """From a change by another client until a page was told; 0 without pages."""
    shown_ms_max: float


def followed() -> list[tuple[str, int]]:
    """Return the patterns that the remote's script follows, and their periods in ms."""
    script = (PACKAGE / "remote" / "page" / "link.js").read_text()
    return [(name, int(ms)) for name, ms in re.findall(r'\["([^"]+)", (\d+)\]', script)]


class PageClients:
    """WebSockets that follow what pages follow, on a thread.

    Args:
        port: Of the bridge's HTTP server.
        count: How many.
    """

    def __init__(self, port: int, count: int) -> None:
        self.packets = 0
        self.told: list[tuple[float, float]] = []
        """Values of ``noise`` and when a page was told them, in steady seconds."""
        self._port = port
        self._count = count
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=lambda: self._loop.run_until_complete(self._run()))
        self._ending = asyncio.Event()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Keep them open for as long as the context lasts."""
        self._thread.start()
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join()
            self._loop.close()

    async def _run(self) -> None:
        pages = [asyncio.create_task(self._page()) for _ in range(self._count)]
        await self._ending.wait()
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)

    async def _page(self) -> None:
        async with connect(f"ws://127.0.0.1:{self._port}/") as web:
            await web.send(encode(Message(f"{ROOT}/register")))
            await web.send(encode(Message(f"{ROOT}/dump")))
            for name, period in followed():
                request = Message(f"{ROOT}/subscribe", (f"{ROOT}/{name}", period))
                await web.send(encode(request))
            async for packet in web:
                self.packets += 1
                if isinstance(packet, bytes):
                    for message in decode(packet):
                        if message.address == f"{ROOT}/noise":
                            value = float(str(message.arguments[0]))
                            self.told.append((value, time.monotonic()))


def cpu_s(pid: int) -> float:
    """Return the processor time that a process has taken so far."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def counters(bridge: RunningBridge) -> dict[str, int]:
    """Return the bridge's counters."""
    names = [field.name for field in fields(EngineReading)]
    values = bridge.client.read(f"{ROOT}/status/engine")
    told = dict(zip(names, values, strict=True))
    return {name: int(str(told[name])) for name in COUNTERS}


def reactions_ms(bridge: RunningBridge, clients: PageClients, pages: int) -> list[float]:
    """Return how long after each change every page had been told, in milliseconds."""
    found = []
    for move in range(MOVES):
        value = float(np.float32(0.5 + move / 100))
        clients.told.clear()
        began = time.monotonic()
        bridge.client.do(f"{ROOT}/noise", value)
        deadline = began + 5.0
        while time.monotonic() < deadline:
            arrived = [at for told, at in list(clients.told) if abs(told - value) < 1e-6]
            if len(arrived) >= pages:
                found.append(1000 * (max(arrived) - began))
                break
            time.sleep(0.002)
        time.sleep(0.05)
    if len(found) < MOVES:
        raise TimeoutError(f"only {len(found)} of {MOVES} changes reached all pages")
    return found


def measure(
    bridge: RunningBridge, number: int, pages: int, seconds: float, *, browser: bool
) -> PagePhase:
    """Measure one phase.

    Args:
        bridge: That plays.
        number: The phase's place in the order of the run.
        pages: How many are open.
        seconds: How long.
        browser: Whether they are open in Chromium.
    """
    clients = PageClients(bridge.query_port, 0 if browser else pages)
    with ExitStack() as stack:
        if browser and pages:
            program = stack.enter_context(chromium())
            for _ in range(pages):
                tab = stack.enter_context(program.tab())
                tab.visit(f"http://127.0.0.1:{bridge.query_port}/remote/", width=1280)
        stack.enter_context(clients.open())
        time.sleep(SETTLE_S)
        before, used, packets = counters(bridge), cpu_s(bridge.process.pid), clients.packets
        began, began_utc, busy = time.monotonic(), utc(), busy_s()
        reactions = reactions_ms(bridge, clients, pages) if pages and not browser else [0.0]
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
        lasted = time.monotonic() - began
        after = counters(bridge)
        return PagePhase(
            phase=number,
            began=began_utc,
            pages=pages,
            seconds=round(lasted, 1),
            control_load=round((cpu_s(bridge.process.pid) - used) / lasted, 3),
            machine_load=round((busy_s() - busy) / lasted, 2),
            packets_per_s=round((clients.packets - packets) / lasted / max(1, pages)),
            shown_ms_median=round(float(np.median(reactions)), 1),
            shown_ms_max=round(max(reactions), 1),
            **{name: after[name] - before[name] for name in COUNTERS},
        )


def turns(pages: int, rounds: int) -> list[int]:
    """Return how many pages each phase has: none and some in turns.

    Raises:
        ValueError: There are no pages, or no two phases of a kind to tell chance by.
    """
    if pages < 1 or rounds < 2:
        raise ValueError(f"needs a page and two rounds; got {pages} and {rounds}")
    return [0, pages] * rounds


def main() -> int:
    """Measure; print a line of JSON a phase, keep them, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--chromium", action="store_true")
    asked = parser.parse_args()
    order = turns(asked.pages, asked.rounds)
    facts = {"checkpoint": asked.checkpoint, "band": BAND, "block": BLOCK}
    stamp = {**circumstances(), **facts}
    stamp["client"] = "chromium" if asked.chromium else "socket"
    mix, _ = soundfile.read(PACKAGE / "assets" / "mix.ogg", dtype="float32", always_2d=True)
    lines: list[dict[str, Any]] = []
    with (
        JackServer(rate=RATE, block=BLOCK) as server,
        running_bridge_on(server.name, asked.checkpoint, "--players", BAND) as bridge,
        JackPlayer(server.name, mix, rounds=10_000) as player,
    ):
        player.connect("liveband")
        player.roll()
        for number, pages in enumerate(order, 1):
            figures = measure(bridge, number, pages, asked.seconds, browser=asked.chromium)
            lines.append({**stamp, **asdict(figures)})
            print(json.dumps(lines[-1]), flush=True)
    with LINES.open("a") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in lines)
    PAGE.write_text(report(lines))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
