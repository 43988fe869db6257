"""``liveband doctor``: check whether this machine can play live, and say what to fix."""

import argparse
import json
import shutil
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from bridge.commands.options import add_engine_option
from bridge.commands.set import add_port_option
from bridge.common.errors import EnvironmentMissing, RefusedError
from bridge.controls.parameters import ROOT
from bridge.osc.client import BridgeClient
from bridge.osc.free_ports import holder

if TYPE_CHECKING:
    from bridge.monitoring.checks import Finding, LatencyRow

__all__ = ["HELP", "configure", "run"]

HELP = "check limits, JACK, checkpoint and speed, and predict the latency"

_STEPS = 100
_INDENT, _NARROWEST = 11, 40
"""Columns before the text of a finding, and least columns for it."""
_ANSWER_S = 2.0
"""Longest wait for a bridge that holds the port."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("--checkpoint", default="default", metavar="C", help="a checkpoint's name or folder")
    add("--server", default="", metavar="NAME", help="name of the JACK server")
    add("--rate", type=int, default=48000, metavar="HZ", help="for the latency table (48000)")
    add("--json", action="store_true", help="one JSON object")
    add(
        "--quick",
        action="store_true",
        help="leave out the speed and the latency of the checkpoint, which load the processor",
    )
    add(
        "--no-jack",
        action="store_true",
        help="leave out JACK, for a band that plays through PortAudio or in a plugin",
    )
    add_port_option(parser)
    add_engine_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check everything and print the findings; return 0 if all is well, else 3.

    Raises:
        ConfigError: The rate is none that can be played at.
    """
    from bridge.monitoring.checks import limit_findings, port_finding, shared_memory_finding
    from bridge.monitoring.server_checks import jack_findings

    findings = [*limit_findings(), shared_memory_finding()]
    if not arguments.no_jack:
        findings += jack_findings(arguments.server)
    findings.append(port_finding(arguments.osc_port))
    if not arguments.no_jack:
        findings += _rules_findings(arguments.server, arguments.osc_port)
    rows: list[LatencyRow] = []
    if not arguments.quick:
        model, rows = _look_at_model(arguments.checkpoint, arguments.engine, arguments.rate)
        findings += model
    if arguments.json:
        report = {
            "findings": [asdict(finding) for finding in findings],
            "latency": [asdict(row) for row in rows],
        }
        print(json.dumps(report))
    else:
        print(*_page(findings), *_table(rows), sep="\n")
    return 0 if all(finding.good for finding in findings) else 3


def _rules_findings(server: str, osc_port: int) -> "Iterator[Finding]":
    """Check the rules of the bridge that runs, or else those that one would have."""
    from bridge.config import RunSettings
    from bridge.live.connection_files import check_rules
    from bridge.monitoring.connection_checks import (
        rules_finding,
        server_ports,
        unmatched_rules,
    )

    rules, mistakes = check_rules(RunSettings().jack_name)
    unmatched = _unmatched_by_bridge(osc_port)
    if not (rules or mistakes or unmatched):
        return
    ports = server_ports(server)
    if unmatched is None:
        unmatched = unmatched_rules(rules, ports)
    yield rules_finding(unmatched, ports, mistakes)


def _unmatched_by_bridge(osc_port: int) -> list[str] | None:
    """Return the rules that have matched nothing in a bridge; None where none runs."""
    if holder(osc_port) is None:
        return None
    try:
        with BridgeClient(port=osc_port, timeout_s=_ANSWER_S) as bridge:
            text = str(bridge.read(f"{ROOT}/status/connections")[2])
    except (EnvironmentMissing, RefusedError):
        return None
    return text.split("; ") if text else []


def _look_at_model(
    checkpoint: str, engine: str, rate: int
) -> "tuple[list[Finding], list[LatencyRow]]":
    from bridge.bench.parts import hop_times
    from bridge.checkpoints.loader import lighter_engine, load_model, load_tracker
    from bridge.common.errors import ConfigError
    from bridge.common.latency import hop_frames
    from bridge.monitoring.checks import Finding, latency_rows, model_finding, priority_finding

    hop_frames(rate)
    try:
        model, lighter = load_model(checkpoint, engine), lighter_engine(checkpoint, engine)
    except (ConfigError, EnvironmentMissing) as error:
        mend = "liveband doctor --checkpoint default"
        return [Finding(name="model", good=False, text=str(error), mend=mend)], []
    times = hop_times(model, _STEPS, rate, tracker=load_tracker())
    findings = [
        model_finding(checkpoint, times),
        priority_finding(times, lighter=lighter),
    ]
    return findings, [*latency_rows(model, rate)]


def _page(findings: "list[Finding]") -> Iterator[str]:
    """Return a tick or a cross for each finding, and after a cross the command that mends it.

    A command that mends several is given once.
    """
    tick, cross, mending = _signs()
    width = shutil.get_terminal_size().columns - _INDENT
    given: dict[str, str] = {}
    for finding in findings:
        first, *rest = _wrapped(finding.text, max(width, _NARROWEST)) or [""]
        yield f"{tick if finding.good else cross} {finding.name:<{_INDENT - 3}} {first}"
        yield from (" " * _INDENT + line for line in rest)
        if finding.mend:
            before = given.setdefault(finding.mend, finding.name)
            mend = finding.mend if before == finding.name else f"as for {before}"
            yield f"{' ' * (_INDENT - 2)}{mending} {mend}"
    crosses = sum(not finding.good for finding in findings)
    yield f"{crosses} to mend" if crosses else "all is well: liveband run --open"


def _wrapped(text: str, width: int) -> list[str]:
    """Return lines of a text, whose paths and options are not broken."""
    return textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False)


def _signs() -> tuple[str, str, str]:
    """Return the signs for good, bad and mending that the terminal can show."""
    try:
        "✓✗→".encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return "+", "x", ">"
    return "✓", "✗", "→"


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
