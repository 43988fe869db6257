"""Frames a second of the remote's page in Chromium, as on a desktop and on slower processors.

Usage: ``make bench-page-frames``; needs JACK and Chromium. A band plays to the demo's mix, and
one page is open. Chromium draws without a graphics processor, and its script thread is slowed
down by the given factors: 4 is what browsers' own tools take for a middling phone, 6 for a
slow one.

Prints a line of JSON for each width and factor.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile

from bridge.audio.jack_player import JackPlayer
from bridge.audio.jack_server import JackServer
from tools.benchmarks.circumstances import machine
from tools.chromium import Browser, chromium
from tools.trials.running_bridge import BLOCK, RATE, running_bridge_on

MIX = Path(__file__).parents[2] / "bridge" / "assets" / "mix.ogg"
WIDTHS = (1280, 360)
SETTLE_S = 4.0
SWAP = "Display::DrawAndSwap"
"""Trace event of a picture that comes to the screen, of category viz."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frames:
    """Figures of one page."""

    width: int
    slowdown: float
    frames_per_s: float
    """Pictures that came to the screen."""
    interval_ms_p50: float
    """From one to the next."""
    interval_ms_p99: float
    interval_ms_max: float
    script_thread_load: float
    """Share of a core that its main thread takes unslowed: script, style, layout and paint."""


def load_of(tab: Browser, seconds: float) -> float:
    """Return the share of a core that the main thread of a page takes."""

    def busy_s() -> float:
        metrics = tab.ask("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))

    tab.ask("Performance.enable", timeDomain="threadTicks")
    before, began = busy_s(), time.monotonic()
    time.sleep(seconds)
    return (busy_s() - before) / (time.monotonic() - began)


def measure(tab: Browser, link: str, width: int, slowdown: float, seconds: float) -> Frames:
    """Open a page and measure it.

    Args:
        tab: To open it in.
        link: Of the page.
        width: In pixels.
        slowdown: Factor by which its main thread is slowed down; 1 is not at all.
        seconds: How long.
    """
    tab.ask("Emulation.setCPUThrottlingRate", rate=1)
    tab.visit(link, width=width)
    time.sleep(SETTLE_S)
    load = load_of(tab, seconds)
    tab.ask("Emulation.setCPUThrottlingRate", rate=slowdown)
    shown = [each["ts"] for each in tab.trace("viz", seconds) if each["name"] == SWAP]
    intervals = sorted(np.diff(sorted(shown)) / 1000)
    return Frames(
        width=width,
        slowdown=slowdown,
        frames_per_s=round(1000 * len(intervals) / sum(intervals), 1),
        interval_ms_p50=round(intervals[len(intervals) // 2], 1),
        interval_ms_p99=round(intervals[len(intervals) * 99 // 100], 1),
        interval_ms_max=round(intervals[-1], 1),
        script_thread_load=round(load, 3),
    )


def main() -> int:
    """Measure, and print a line of JSON for each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--slowdowns", type=float, nargs="+", default=[1.0, 4.0, 6.0])
    asked = parser.parse_args()
    mix, _ = soundfile.read(MIX, dtype="float32", always_2d=True)
    with (
        JackServer(rate=RATE, block=BLOCK) as server,
        running_bridge_on(server.name, asked.checkpoint, "--players", "drums,bass") as bridge,
        JackPlayer(server.name, mix, rounds=10_000) as player,
        chromium() as program,
        program.tab() as tab,
    ):
        player.connect("liveband")
        player.roll()
        link = f"http://127.0.0.1:{bridge.query_port}/remote/"
        for width in WIDTHS:
            for slowdown in asked.slowdowns:
                frames = measure(tab, link, width, slowdown, asked.seconds)
                print(json.dumps({"machine": machine(), **asdict(frames)}), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
