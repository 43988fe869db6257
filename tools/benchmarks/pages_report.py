"""Page of figures about the remote, from the lines of one run of ``make bench-pages``."""

from typing import Any

from tools.markdown_table import markdown_table

__all__ = ["report"]

Line = dict[str, Any]

_LOSSES = {
    "late_hops": "late hops",
    "skipped_hops": "skipped hops",
    "underruns": "blocks without sound",
    "xruns": "xruns",
}
_CLIENTS = {
    "socket": "A page is a WebSocket that follows what the remote's script follows.",
    "chromium": "The pages are open in Chromium on the same machine, which takes its share.",
}


def report(lines: list[Line]) -> str:
    """Return the Markdown page of one run.

    Args:
        lines: Of its phases, in their order; some with pages open and some with none.
    """
    pages = max(line["pages"] for line in lines)
    paragraphs = [
        "# What open pages of the remote cost",
        _circumstances(lines[0]),
        "The phases in their order; phases of one kind differ by what else the machine did. "
        "*Control* is what the bridge's control process took, *machine* what everything took, "
        "both in cores.",
        markdown_table(
            ["pages", "s", "hops", *_LOSSES.values(), "control", "machine"],
            [_row(line) for line in lines],
        ),
        "## Open beside none",
        "What one phase lost on average, and, as a measure of chance, the largest difference "
        "between two phases of one kind:",
        markdown_table(
            ["loss", "no page", f"{pages} pages", "between phases of one kind"],
            [[text, *_comparison(lines, name)] for name, text in _LOSSES.items()],
        ),
        *_shown(lines),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _circumstances(line: Line) -> str:
    players = len(line["band"].split(","))
    return (
        f"Written by `make bench-pages` on {line['time']} UTC at {line['git']}: "
        f"{line['machine']}. Checkpoint `{line['checkpoint']}`, {players} players, JACK on its "
        f"dummy driver, blocks of {line['block']} frames. {_CLIENTS[line['client']]} All "
        "figures of all runs: `tools/benchmarks/pages.jsonl`. For ten minutes of open pages, "
        "twice, beside as long without: "
        "`python -m tools.benchmarks.pages --seconds 600 --rounds 2`."
    )


def _row(line: Line) -> list[str]:
    counts = [str(line[name]) for name in ("hops", *_LOSSES)]
    loads = [f"{line['control_load']:.3f}", f"{line['machine_load']:.2f}"]
    return [str(line["pages"]), f"{line['seconds']:.0f}", *counts, *loads]


def _comparison(lines: list[Line], name: str) -> list[str]:
    """Return the means of one figure without and with pages, and its spread."""
    kinds = _kinds(lines, name)
    means = [sum(values) / len(values) for values in kinds]
    spread = max(max(values) - min(values) for values in kinds)
    return [*(f"{mean:.1f}" for mean in means), str(spread)]


def _kinds(lines: list[Line], name: str) -> tuple[list[Any], list[Any]]:
    """Return one figure of all phases without pages, and of all with some."""
    without = [line[name] for line in lines if not line["pages"]]
    return without, [line[name] for line in lines if line["pages"]]


def _shown(lines: list[Line]) -> list[str]:
    """Return what is known of how soon pages show a change, where that was measured."""
    most = max(_kinds(lines, "shown_ms_max")[1])
    if not most:
        return []
    medians = _kinds(lines, "shown_ms_median")[1]
    packets = _kinds(lines, "packets_per_s")[1]
    return [
        f"What another client changed was told to every page within {most:.0f} ms (medians of "
        f"the phases: {min(medians):.0f} to {max(medians):.0f}). Each page was sent "
        f"{min(packets)} to {max(packets)} packets a second."
    ]
