"""Page of figures about the LV2 plugin, from the lines of one run of ``make bench-plugins``."""

from typing import Any

from tools.markdown_table import markdown_table

__all__ = ["report"]

Line = dict[str, Any]

_COLUMNS = {
    "plugin": "plugin",
    "seconds": "s",
    "xruns": "xruns",
    "host_late": "host late",
    "idle_late": "idle client late",
    "driver_late": "server late",
    "cycle_us_p50": "µs p50",
    "cycle_us_p99": "p99",
    "cycle_us_max": "max",
    "hops": "hops",
    "late_hops": "late hops",
    "skipped_hops": "skipped hops",
    "underruns": "blocks without sound",
    "machine_load": "cores busy",
    "load_average": "load average",
}
_LOSSES = ("xruns", "host_late", "idle_late", "driver_late")


def report(lines: list[Line]) -> str:
    """Return the Markdown page of one run.

    Args:
        lines: Of its phases, in their order; some of either plugin.
    """
    rows = [[_cell(line[name]) for name in _COLUMNS] for line in lines]
    comparison = [[_COLUMNS[name], *_comparison(lines, name)] for name in _LOSSES]
    paragraphs = [
        "# What the plugin costs its host",
        _circumstances(lines[0]),
        "The phases in their order. *Xruns* are all that JACK reported; of whom it said that "
        "it was late: the *host*, an *idle client* that only counts its cycles, the *server* "
        "itself. One moment may make several of them late. *µs* is what the plugin's part of "
        "a cycle of the host took by the clock, other programs' time included; a block lasts "
        f"{1000 * lines[0]['block'] / 48:.0f} µs. *Cores busy* and *load average* (tasks that "
        "run or wait) are of everything on the machine, of which the band and the busy loops "
        "are a part.",
        markdown_table(list(_COLUMNS.values()), rows),
        "## Beside the empty plugin",
        "In a minute, on average, and, as a measure of chance, the largest difference between "
        "two phases of one kind:",
        markdown_table(["", "empty", "liveband", "between phases of one kind"], comparison),
        _band_losses(lines),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _circumstances(line: Line) -> str:
    loops = f"{line['busy_loops']} busy loops" if line["busy_loops"] else "no busy loops"
    return (
        f"Written by `make bench-plugins` on {line['time']} UTC at {line['git']}: "
        f"{line['machine']}, {loops}. Checkpoint `{line['checkpoint']}`, one player, the "
        f"demo's mix, jalv on JACK's dummy driver, blocks of {line['block']} frames at 48 kHz. "
        "The empty plugin has the same ports and passes the mix through. All figures of all "
        "runs: `tools/benchmarks/plugins.jsonl`. For ten minutes of the band, beside as long "
        "without: `python -m tools.benchmarks.plugins --seconds 300 --rounds 2`."
    )


def _cell(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _comparison(lines: list[Line], name: str) -> list[str]:
    """Return the means of a loss a minute of either plugin, and its spread."""
    kinds = [
        [60 * line[name] / line["seconds"] for line in lines if line["plugin"] == plugin]
        for plugin in ("empty", "liveband")
    ]
    means = [sum(values) / len(values) for values in kinds]
    spread = max(max(values) - min(values) for values in kinds)
    return [f"{value:.2f}" for value in (*means, spread)]


def _band_losses(lines: list[Line]) -> str:
    """Return what the band lost of its own."""
    band = [line for line in lines if line["plugin"] == "liveband"]
    total = {
        name: sum(line[name] for line in band)
        for name in ("hops", "late_hops", "skipped_hops", "underruns", "restarts", "seconds")
    }
    return (
        f"In {total['seconds'] / 60:.1f} minutes the band played {total['hops']} hops, "
        f"{total['late_hops']} of them late and {total['skipped_hops']} skipped; "
        f"{total['underruns']} blocks were without sound, and its program was started again "
        f"{total['restarts']} times."
    )
