"""The figures about the remote tell phases in their order, and chance beside effect."""

import re

import pytest

from tools.benchmarks.pages import turns
from tools.benchmarks.pages_report import report


def _line(number, pages, late, xruns, **more):
    stamp = {"git": "abc1234", "machine": "Abacus, 2 cores", "time": "2026-01-01 00:00:00"}
    run = {"checkpoint": "default", "band": "drums,bass", "block": 256, "client": "socket"}
    losses = {"late_hops": late, "skipped_hops": 0, "underruns": 0, "xruns": xruns}
    load = {"control_load": 0.05, "machine_load": 1.5, "packets_per_s": 90}
    shown = {"shown_ms_median": 20.0, "shown_ms_max": 40.0} if pages else {}
    none = {"shown_ms_median": 0.0, "shown_ms_max": 0.0}
    phase = {"phase": number, "pages": pages, "seconds": 30.0, "hops": 600}
    return {**stamp, **run, **losses, **load, **none, **shown, **phase, **more}


LINES = [_line(1, 0, 4, 50), _line(2, 5, 1, 40), _line(3, 0, 0, 53), _line(4, 5, 2, 41)]


def test_phases_take_turns_so_that_chance_shows():
    assert turns(5, 3) == [0, 5, 0, 5, 0, 5]
    for pages, rounds in ((0, 3), (5, 1)):
        with pytest.raises(ValueError, match="two rounds"):
            turns(pages, rounds)


def test_phases_are_told_in_their_order():
    rows = re.findall(r"^\| (\d) \| 30 \| 600 \| (\d+) ", report(LINES), re.MULTILINE)
    assert rows == [("0", "4"), ("5", "1"), ("0", "0"), ("5", "2")]


def test_the_difference_stands_beside_that_of_chance():
    text = report(LINES)
    assert "| late hops | 2.0 | 1.5 | 4 |" in text
    assert "| xruns | 51.5 | 40.5 | 3 |" in text
    assert "told to every page within 40 ms (medians of the phases: 20 to 20)" in text
    assert "Abacus, 2 cores. Checkpoint `default`, 2 players" in text


def test_without_reactions_nothing_is_said_of_them():
    browser = [{**line, "client": "chromium", "shown_ms_max": 0.0} for line in LINES]
    assert "told to every page" not in report(browser)
    assert "open in Chromium" in report(browser)
