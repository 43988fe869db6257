"""Times every engine on this machine, keeps the figures, and writes the page that shows them.

Every run appends its lines to ``benchmarks/engines.jsonl``, keyed by git sha and machine;
``docs/benchmarks.md`` and its picture show the newest run. Usage: ``make bench``.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bridge.bench.engines import CONTESTANTS, PACED_PLAYERS, PLAYERS, engine_rows, memory_gb_s

ROOT = Path(__file__).parents[1]
LINES = ROOT / "benchmarks" / "engines.jsonl"
PAGE = ROOT / "docs" / "benchmarks.md"
PICTURE = ROOT / "docs" / "pictures" / "engines.svg"
NAMES = {
    ("torch-eager", "float32"): "torch, eager",
    ("torch", "float32"): "torch, inference mode",
    ("onnx", "float32"): "ONNX Runtime, fp32",
    ("onnx", "int8"): "ONNX Runtime, 8-bit blocks",
}

Line = dict[str, Any]


def machine() -> str:
    """Return what this machine's processor is called, and how many cores it has."""
    told = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    models = [line.split(":")[1].strip() for line in told.splitlines() if "model name" in line]
    cores = f"{len(models)} cores" if models else "cores unknown"
    return f"{models[0] if models else platform.processor()}, {cores}"


def measure(checkpoint: str, steps: int) -> list[Line]:
    """Return this run's lines; prints them as they come."""
    sha = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    stamp = {
        "git": sha,
        "machine": machine(),
        "time": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
        "memory_gb_s": round(memory_gb_s(), 1),
        "checkpoint": checkpoint,
        "steps": steps,
    }
    lines = []
    for row in engine_rows(checkpoint, steps):
        figures = {**asdict(row.times), "ratio_to_budget": row.times.ratio_to_budget}
        lines.append({**stamp, "part": row.part, **figures, **row.facts()})
        print(json.dumps(lines[-1]), flush=True)
    return lines


def page(lines: list[Line]) -> str:
    """Return the Markdown page of one run."""
    first = lines[0]
    return "\n\n".join(
        [
            "# What the engines cost",
            f"Written by `make bench` on {first['time']} UTC at {first['git']}: "
            f"{first['machine']}; memory read at {first['memory_gb_s']} GB/s by one thread. "
            f"Checkpoint `{first['checkpoint']}`, {first['steps']} hops for every figure, the "
            "engines in turns of a second. A hop lasts 50 ms. All figures of all runs: "
            "`benchmarks/engines.jsonl`.",
            "![time per hop and players](pictures/engines.svg)",
            "## A whole hop, back to back",
            "Encode the mix, step the generator, decode every player's stem: p50 / p99 in ms, "
            "and how many times p50 is the **limit**, which is what reading all weights and "
            "rings once takes at the measured bandwidth. Below 1 some lies in a cache.",
            _table(
                ["players", *NAMES.values()],
                [[str(n), *(_hop(lines, n, key) for key in NAMES)] for n in PLAYERS],
            ),
            "## Its parts, one player",
            _table(
                ["part", *NAMES.values()],
                [
                    [part, *(_spread(lines, part, 1, key) for key in NAMES)]
                    for part in ("encode", "generate", "decode")
                ],
            ),
            "## At the pace of the stage",
            "One hop every 50 ms in the real-time class, which was permitted or not as the "
            "machine has it; from when the hop was due until it was done: p50 / p99 / most "
            "in ms, and hops that came late.",
            _table(
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
            "From spawning the process until it has rehearsed, and what it then holds.",
            _table(
                ["", *NAMES.values()],
                [
                    [
                        "start, ms",
                        *(f"{_of(lines, 'start', 1, k)['p50_ms']:.0f}" for k in NAMES),
                    ],
                    [
                        "resident, MB",
                        *(str(_of(lines, "start", 1, k)["rss_mb"]) for k in NAMES),
                    ],
                ],
            ),
        ]
    )


def draw(lines: list[Line], file: Path) -> None:
    """Draw the time of a hop over the players, one line per engine, and the limits."""
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
        if (line["part"], line["players"], line["engine"], line["dtype"])
        == (part, players, *key)
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


def _paced(lines: list[Line], part: str, players: int, key: tuple[str, str]) -> str:
    line = _of(lines, part, players, key)
    return f"{_spread(lines, part, players, key)} / {line['max_ms']:.1f}, {line['late']} late"


def _table(head: list[str], rows: list[list[str]]) -> str:
    ruled = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in ruled)


def main() -> None:
    """Measure, keep, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--steps", type=int, default=400)
    arguments = parser.parse_args()
    assert set(NAMES) == {(each.engine, each.dtype) for each in CONTESTANTS}
    lines = measure(arguments.checkpoint, arguments.steps)
    with LINES.open("a") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in lines)
    PAGE.write_text(page(lines) + "\n")
    draw(lines, PICTURE)


if __name__ == "__main__":
    main()
