"""Compare all engines on this machine, store the figures, and write ``docs/benchmarks.md``.

Every run appends its lines to ``tools/benchmarks/engines.jsonl``, keyed by git sha and machine;
``docs/benchmarks.md`` and its picture show the newest run. Usage: ``make bench``.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bridge.bench.engines import EngineVariant
from bridge.bench.machine import pauses
from bridge.bench.start import START_S, start_seconds
from bridge.common.latency import HOPS_PER_SECOND
from bridge.common.timing import StepTimes
from model.formats.drawing import keep_matplotlib_files
from tools.benchmarks.circumstances import circumstances
from tools.benchmarks.engine_comparison import (
    PACED_PLAYERS,
    PACED_STEPS,
    PLAYERS,
    VARIANTS,
    comparison_times,
    variants_for,
)
from tools.markdown_table import markdown_table

ROOT = Path(__file__).parents[2]
LINES = ROOT / "tools" / "benchmarks" / "engines.jsonl"
PAGE = ROOT / "docs" / "benchmarks.md"
PICTURE = ROOT / "docs" / "pictures" / "engines.svg"
NAMES = {
    ("torch-eager", "float32"): "torch, eager",
    ("torch", "float32"): "torch, inference mode",
    ("onnx", "float32"): "ONNX Runtime, fp32",
    ("onnx", "int8"): "ONNX Runtime, 8-bit blocks",
}

STARTED = (EngineVariant("torch", "float32"), EngineVariant("onnx", "int8"))
"""Engines of which the start of the whole program is timed."""
STARTS = 5
NATIVE = """\
A fused step in native code is worth its upkeep only if the whole hop gains 1.5 times or more.
It was tried: the generator's seven blocks at their real size (192 channels, 3 heads, rings of
64 steps), all in one call in C, matrices in 8 bits multiplied by AVX-512 VNNI, keys and values
in bfloat16; timed in turns with the engine that plays, on two Zen 4 cores that other programs
kept busy, three runs of 150 hops. p50 in ms, lowest and highest of the runs:

| players | whole hop | its generator | native | whole hop gains | if native took no time |
| --- | --- | --- | --- | --- | --- |
| 1 | 6.2 to 7.6 | 2.1 to 2.6 | 0.4 | 1.37 to 1.42 | 1.49 to 1.53 |
| 4 | 8.1 to 10.0 | 2.5 to 3.1 | 1.3 to 1.7, one by one | 1.16 to 1.17 | 1.44 to 1.47 |

**Dropped.** Alone, the step is five to seven times faster. But two thirds of a hop are the
codec, which stays in ONNX Runtime: with the native step the hop gains less than 1.5 times, and
even a step that took no time would only just get there with one player, and not with four. If
the four were batched and cost no more than one, they would gain 1.35 to 1.39 times. Without
AVX-512 it would be less. Whoever looks for more finds it in the codec, where spectra and
vocoder, in numpy, take about a third of the time."""

Line = dict[str, Any]


def measure(checkpoint: str, steps: int) -> list[Line]:
    """Return this run's lines; prints them as they come."""
    stamp = {**circumstances(), "checkpoint": checkpoint, "steps": steps}
    lines: list[Line] = []

    def note(part: str, times: StepTimes, facts: Line) -> None:
        figures = {**asdict(times), "ratio_to_budget": times.ratio_to_budget}
        lines.append({**stamp, "part": part, **figures, **facts})
        print(json.dumps(lines[-1]), flush=True)

    variants = variants_for(checkpoint)
    for each in (each for each in STARTED if each in variants):
        seconds = start_seconds(checkpoint, each.engine, min(steps, STARTS))
        note("start", StepTimes.of(seconds, START_S), {"players": 1, **asdict(each)})
    for row in comparison_times(checkpoint, steps, variants):
        note(row.part, row.times, row.figures())
    note("pauses", StepTimes.of(pauses(steps), 1.0 / HOPS_PER_SECOND), {})
    return lines


def page(lines: list[Line]) -> str:
    """Return the Markdown page of one run."""
    first = lines[0]
    speeds = [line["memory_gb_s"] for line in lines if line["part"] == "hop"]
    (held,) = (line for line in lines if line["part"] == "pauses")
    return "\n\n".join(
        [
            "# What the engines cost",
            f"Written by `make bench` on {first['time']} UTC at {first['git']}: "
            f"{first['machine']}; one thread reads memory at {min(speeds)} to {max(speeds)} "
            f"GB/s. Checkpoint `{first['checkpoint']}`, {first['steps']} hops for every figure "
            f"({min(first['steps'], PACED_STEPS)} where they are paced), the engines in turns "
            "of a second. A hop lasts 50 ms. All figures of all runs: "
            "`tools/benchmarks/engines.jsonl`.",
            "How punctual the machine itself was: a loop that did nothing else was held up for "
            f"{held['p50_ms']:.2f} / {held['p99_ms']:.1f} / {held['max_ms']:.1f} ms "
            "(p50 / p99 / most of the longest pause within each 50 ms). What a hop takes "
            "beyond its p50 is to be read against that.",
            "![time per hop and players](pictures/engines.svg)",
            "## A whole hop, back to back",
            "Encode the mix, step the generator, decode every player's stem: p50 / p99 in ms, "
            "and how many times p50 is the **limit**, which is what reading all weights and "
            "rings once takes at the measured bandwidth. Below 1 some lies in a cache.",
            markdown_table(
                ["players", *NAMES.values()],
                [[str(n), *(_hop(lines, n, key) for key in NAMES)] for n in PLAYERS],
            ),
            "## Its parts, one player",
            markdown_table(
                ["part", *NAMES.values()],
                [
                    [part, *(_spread(lines, part, 1, key) for key in NAMES)]
                    for part in ("encode", "generate", "decode", "track")
                ],
            ),
            "## At the pace of the stage",
            "One hop every 50 ms in the real-time class, which was permitted or not as the "
            "machine has it; from when the hop was due until it was done: p50 / p99 / most "
            "in ms, and hops that came late.",
            markdown_table(
                ["beside it", "players", *NAMES.values()],
                [
                    [beside, str(n), *(_paced(lines, part, n, key) for key in NAMES)]
                    for part, beside in (
                        ("paced", "nothing"),
                        ("paced beside two", "two processes copying memory"),
                    )
                    for n in PACED_PLAYERS
                ],
            ),
            "## Start and memory",
            "The program, as a user starts it: from the command `liveband run` on a running "
            "JACK server until it is ready, its files in memory, p50 / most. The engine alone: "
            "from spawning its process until it has rehearsed, and what that then holds.",
            markdown_table(
                ["", *NAMES.values()],
                [
                    ["the program, ms", *(_start(lines, key) for key in NAMES)],
                    [
                        "the engine alone, ms",
                        *(f"{_of(lines, 'engine start', 1, k)['p50_ms']:.0f}" for k in NAMES),
                    ],
                    [
                        "the engine's memory, MB",
                        *(str(_of(lines, "engine start", 1, k)["rss_mb"]) for k in NAMES),
                    ],
                ],
            ),
            "## A native step?",
            NATIVE,
        ]
    )


def draw(lines: list[Line], file: Path) -> None:
    """Draw the time of a hop over the players, one line per engine, and the limits."""
    keep_matplotlib_files()
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "liveband"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    for key, name in NAMES.items():
        rows = [_of(lines, "hop", players, key) for players in PLAYERS]
        (line,) = axes.plot(PLAYERS, [row["p50_ms"] for row in rows], "o-", label=name)
        axes.plot(PLAYERS, [row["p99_ms"] for row in rows], "_", color=line.get_color())
        limits = [row["limit_ms"] for row in rows]
        axes.plot(PLAYERS, limits, ":", color=line.get_color(), linewidth=1)
    axes.axhline(50, color="black", linewidth=0.8)
    axes.set(xscale="log", yscale="log", xlabel="players", ylabel="ms per hop of 50 ms")
    axes.set_xticks(PLAYERS, [str(players) for players in PLAYERS])
    axes.minorticks_off()
    axes.legend(title="p50 (dashes: p99, dotted: limit)", fontsize="small")
    file.parent.mkdir(exist_ok=True)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)


def _of(lines: list[Line], part: str, players: int, key: tuple[str, str]) -> Line:
    return next(
        line
        for line in lines
        if tuple(map(line.get, ("part", "players", "engine", "dtype"))) == (part, players, *key)
    )


def _hop(lines: list[Line], players: int, key: tuple[str, str]) -> str:
    line = _of(lines, "hop", players, key)
    return f"{_spread(lines, 'hop', players, key)} ({line['ratio_to_limit']} x)"


def _spread(lines: list[Line], part: str, players: int, key: tuple[str, str]) -> str:
    try:
        line = _of(lines, part, players, key)
    except StopIteration:
        return ""
    return f"{line['p50_ms']:.1f} / {line['p99_ms']:.1f}"


def _start(lines: list[Line], key: tuple[str, str]) -> str:
    try:
        line = _of(lines, "start", 1, key)
    except StopIteration:
        return ""
    return f"{line['p50_ms']:.0f} / {line['max_ms']:.0f}"


def _paced(lines: list[Line], part: str, players: int, key: tuple[str, str]) -> str:
    line = _of(lines, part, players, key)
    return f"{_spread(lines, part, players, key)} / {line['max_ms']:.1f}, {line['late']} late"


def main() -> None:
    """Measure and store the figures; write the page if all engines play the checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--steps", type=int, default=200, help="hops for every figure")
    arguments = parser.parse_args()
    assert set(NAMES) == {(each.engine, each.dtype) for each in VARIANTS}
    lines = measure(arguments.checkpoint, arguments.steps)
    with LINES.open("a") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in lines)
    if variants_for(arguments.checkpoint) == VARIANTS:
        PAGE.write_text(page(lines) + "\n")
        draw(lines, PICTURE)


if __name__ == "__main__":
    main()
