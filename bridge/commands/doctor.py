"""``liveband doctor``: check whether this machine can play live, and say what to fix."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from bridge.commands.options import add_engine_option
from bridge.commands.set import add_port_option

if TYPE_CHECKING:
    from bridge.monitoring.checks import Finding, LatencyRow

__all__ = ["HELP", "configure", "run"]

HELP = "check limits, JACK, checkpoint and speed, and predict the latency"

_STEPS = 100


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("--checkpoint", default="default", metavar="C", help="a checkpoint's name or folder")
    add("--server", default="", metavar="NAME", help="name of the JACK server")
    add("--rate", type=int, default=48000, metavar="HZ", help="for the latency table (48000)")
    add("--json", action="store_true", help="one JSON object")
    add_port_option(parser)
    add_engine_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check everything and print the findings; return 0 if all is well, else 3.

    Raises:
        ConfigError: The rate is none that can be played at.
    """
    from bridge.monitoring.checks import jack_findings, limit_findings, port_finding

    limits = [*limit_findings()]
    findings = [
        *limits,
        *jack_findings(arguments.server),
        port_finding(arguments.osc_port),
    ]
    remedy_given = not all(limit.good for limit in limits)
    model, rows = _look_at_model(
        arguments.checkpoint, arguments.engine, arguments.rate, remedy_given=remedy_given
    )
    findings += model
    if arguments.json:
        report = {
            "findings": [asdict(finding) for finding in findings],
            "latency": [asdict(row) for row in rows],
        }
        print(json.dumps(report))
    else:
        for finding in findings:
            print(f"{'ok ' if finding.good else '-- '} {finding.name:<8} {finding.text}")
        print(*_table(rows), sep="\n")
    return 0 if all(finding.good for finding in findings) else 3


def _look_at_model(
    checkpoint: str, engine: str, rate: int, *, remedy_given: bool
) -> "tuple[list[Finding], list[LatencyRow]]":
    from bridge.bench.parts import hop_times
    from bridge.checkpoints.loader import lighter_engine, load_model, load_tracker
    from bridge.common.errors import ConfigError, EnvironmentMissing
    from bridge.common.latency import hop_frames
    from bridge.monitoring.checks import Finding, latency_rows, model_finding, priority_finding

    hop_frames(rate)
    try:
        model, lighter = load_model(checkpoint, engine), lighter_engine(checkpoint, engine)
    except (ConfigError, EnvironmentMissing) as error:
        return [Finding(name="model", good=False, text=str(error))], []
    times = hop_times(model, _STEPS, rate, tracker=load_tracker())
    findings = [
        model_finding(checkpoint, times),
        priority_finding(times, remedy_given=remedy_given, lighter=lighter),
    ]
    return findings, [*latency_rows(model, rate)]


def _table(rows: "list[LatencyRow]") -> Iterator[str]:
    """Return the prediction: one line per block size, one column per anticipation."""
    anticipations = sorted({row.anticipation_s for row in rows})
    if not rows:
        return
    yield ""
    yield f"Lateness of the stem (and time from cause to effect) at {rows[0].rate} Hz:"
    yield f"{'block':>8}" + "".join(f"{f'{a:g} s ahead':>22}" for a in anticipations)
    for block in sorted({row.block for row in rows}):
        cells = []
        for row in (row for row in rows if row.block == block):
            musical_ms = 1000.0 * row.musical / row.rate
            causal_ms = 1000.0 * row.causal / row.rate
            cells.append(f"{f'{musical_ms:.1f} ms ({causal_ms:.0f})':>22}")
        yield f"{block:>8}" + "".join(cells)
