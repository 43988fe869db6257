"""The figures about the plugin tell phases in their order, and chance beside effect."""

import re
import struct

import numpy as np
import pytest

from bridge.common.errors import EngineError
from tools.benchmarks.plugins import COUNTERS, ProbeTimes, turns
from tools.benchmarks.plugins_report import report


def _line(number, plugin, xruns, hops, **more):
    stamp = {"git": "abc1234", "machine": "Abacus, 2 cores", "time": "2026-01-01 00:00:00"}
    run = {"checkpoint": "default", "block": 128, "busy_loops": 2}
    late = {"xruns": xruns, "host_late": 0, "idle_late": xruns, "driver_late": 0}
    times = {"cycle_us_p50": 5.5, "cycle_us_p99": 9.0, "cycle_us_max": 70.1}
    load = {"machine_load": 2.0, "load_average": 4.5}
    phase = {"phase": number, "plugin": plugin, "seconds": 30.0}
    counters = {**dict.fromkeys(COUNTERS, 0), "hops": hops}
    return {**stamp, **run, **phase, **late, **times, **load, **counters, **more}


LINES = [
    _line(1, "liveband", 2, 600, late_hops=1, underruns=3),
    _line(2, "empty", 4, 0),
    _line(3, "liveband", 1, 601),
    _line(4, "empty", 5, 0),
]


def test_plugins_take_turns_so_that_chance_shows():
    assert turns(2) == ["liveband", "empty", "liveband", "empty"]
    with pytest.raises(ValueError, match="two rounds"):
        turns(1)


def test_phases_are_told_in_their_order():
    rows = re.findall(r"^\| (liveband|empty) \| 30 \| (\d+) ", report(LINES), re.MULTILINE)
    assert rows == [("liveband", "2"), ("empty", "4"), ("liveband", "1"), ("empty", "5")]


def test_the_difference_stands_beside_that_of_chance():
    text = report(LINES)
    assert "| xruns | 9.00 | 3.00 | 2.00 |" in text
    assert "| host late | 0.00 | 0.00 | 0.00 |" in text
    assert "a block lasts 2667 µs" in text
    assert "Abacus, 2 cores, 2 busy loops" in text


def test_losses_of_the_band_are_those_of_all_its_phases():
    text = report(LINES)
    assert "In 1.0 minutes the band played 1201 hops, 1 of them late and 0 skipped" in text
    assert "3 blocks were without sound" in text
    assert "no busy loops" in report([{**line, "busy_loops": 0} for line in LINES])


def test_times_are_those_of_the_cycles_asked_for(tmp_path):
    times = ProbeTimes(tmp_path / "times", 4)
    with (tmp_path / "times").open("r+b") as file:
        file.write(struct.pack("<Q4I", 3, 1000, 2500, 4000, 0))
    assert times.cycles == 3
    np.testing.assert_array_equal(times.between(1, 3), [2.5, 4.0])
    for first, last in ((2, 2), (3, 5)):
        with pytest.raises(EngineError, match="no times"):
            times.between(first, last)
