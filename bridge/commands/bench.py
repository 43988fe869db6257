"""``liveband bench``: what each part costs on this machine."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict

from bridge.timing import StepTimes

__all__ = ["HELP", "configure", "run"]

HELP = "time each part of the bridge on this machine"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--steps", type=int, default=400, metavar="N", help="steps to time per part (400)"
    )
    parser.add_argument(
        "--checkpoint", default="default", metavar="C", help="a checkpoint's name or folder"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(arguments: argparse.Namespace) -> int:
    """Time and print part after part; return the exit code.

    Raises:
        ConfigError: There is no such checkpoint.
        EnvironmentMissing: The checkpoint is damaged.
    """
    if not arguments.json:
        print(
            f"{'part':<10}{'p50 ms':>10}{'p99 ms':>10}{'max ms':>10}{'budget':>10}{'p99/b':>8}"
        )
    for part, times in _parts(arguments.checkpoint, max(1, arguments.steps)):
        if arguments.json:
            figures = {**asdict(times), "ratio_to_budget": times.ratio_to_budget}
            print(json.dumps({"part": part, **figures}), flush=True)
        else:
            print(
                f"{part:<10}{times.p50_ms:>10.3f}{times.p99_ms:>10.3f}{times.max_ms:>10.3f}"
                f"{times.budget_ms:>10.1f}{times.ratio_to_budget:>8.3f}",
                flush=True,
            )
    return 0


def _parts(checkpoint: str, steps: int) -> Iterator[tuple[str, StepTimes]]:
    from bridge import bench
    from bridge.app import load_model, model_loader

    load = model_loader(checkpoint)
    model = load_model(checkpoint)
    yield from bench.part_times(model, steps)
    yield "hop", bench.hop_times(model, steps)
    yield "callback", bench.callback_times(10 * steps)
    yield "start", bench.start_times(load, model.stems[0])
