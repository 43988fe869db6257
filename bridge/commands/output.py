"""Printed lines of figures: as text for people, or one JSON object per line."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict

from bridge.common.timing import StepTimes

__all__ = ["print_row", "times_printer"]


def print_row(row: Mapping[str, object], *, as_json: bool) -> None:
    """Print named figures on one line."""
    text = json.dumps(row) if as_json else ", ".join(f"{key} {row[key]}" for key in row)
    print(text, flush=True)


def times_printer(*, as_json: bool) -> Callable[[str, StepTimes, Mapping[str, object]], None]:
    """Return a function that prints the times of one part; as text, print the head first.

    Returns:
        Takes the part's name, its times, and further figures by name.
    """
    if not as_json:
        print(
            f"{'part':<16}{'p50 ms':>10}{'p99 ms':>10}{'max ms':>10}{'budget':>10}{'p99/b':>8}"
        )

    def print_times(part: str, times: StepTimes, more: Mapping[str, object]) -> None:
        if as_json:
            figures = {**asdict(times), "ratio_to_budget": times.ratio_to_budget, **more}
            print(json.dumps({"part": part, **figures}), flush=True)
        else:
            further = (f"{name} {value}" for name, value in more.items() if value is not None)
            print(
                f"{part:<16}{times.p50_ms:>10.3f}{times.p99_ms:>10.3f}{times.max_ms:>10.3f}"
                f"{times.budget_ms:>10.1f}{times.ratio_to_budget:>8.3f}  {', '.join(further)}",
                flush=True,
            )

    return print_times
