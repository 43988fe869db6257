"""Tests of the doctor's findings about limits: each is named, and its remedy given once."""

import os
import resource
from types import SimpleNamespace

import pytest

from bridge.common.realtime import REALTIME_ADVICE
from bridge.common.timing import StepTimes
from bridge.monitoring.checks import (
    limit_findings,
    priority_finding,
    shared_memory_finding,
)

QUICK, SLOW = (StepTimes.of([seconds], 0.05) for seconds in (0.005, 0.04))
ENOUGH = 1 << 30


@pytest.fixture
def limits(monkeypatch):
    """A setter of the limits; the real-time class is never permitted."""

    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    monkeypatch.setattr(os, "setpriority", refuse)

    def put(rtprio, memlock):
        values = {resource.RLIMIT_RTPRIO: rtprio, resource.RLIMIT_MEMLOCK: memlock}
        monkeypatch.setattr(resource, "getrlimit", lambda which: (values[which], 0))
        return list(limit_findings())

    return put


@pytest.mark.parametrize(
    ("rtprio", "memlock", "good"),
    [
        (95, resource.RLIM_INFINITY, [True, True]),
        (resource.RLIM_INFINITY, ENOUGH, [True, True]),
        (0, ENOUGH, [False, True]),
        (95, 65536, [True, False]),
        (0, 65536, [False, False]),
    ],
)
def test_the_mend_is_said_once_by_the_last_limit_that_is_low(limits, rtprio, memlock, good):
    found = limits(rtprio, memlock)
    assert [each.good for each in found] == good
    assert sum(REALTIME_ADVICE in each.text for each in found) == (not all(good))
    assert [("wanted" in each.text) for each in found] == [not each for each in good]


def test_the_priority_refers_to_what_was_said(limits):
    limits(0, 65536)
    assert REALTIME_ADVICE in priority_finding(QUICK).text
    told = priority_finding(QUICK, remedy_given=True)
    assert not told.good
    assert told.text.endswith("the real-time class is not permitted: see the limits above")


def test_what_is_too_slow_for_the_class_needs_another_remedy(limits):
    limits(95, ENOUGH)
    assert "fewer players" in priority_finding(SLOW).text
    assert "--engine" not in priority_finding(SLOW).text
    assert "--engine onnx" in priority_finding(SLOW, lighter="onnx").text


@pytest.mark.parametrize(
    ("free", "size", "good", "words"),
    [
        (20, 64, True, "/dev/shm: 20 MB free, a band needs 10.5"),
        (10, 64, False, "a band needs 10.5 MB of shared memory, and /dev/shm has 10.0 MB free"),
        (0, 0, True, "/dev/shm: no limit, a band needs 10.5"),
    ],
)
def test_shared_memory_is_told_beside_what_a_band_needs(monkeypatch, free, size, good, words):
    there = SimpleNamespace(f_bavail=free, f_blocks=size, f_frsize=1_000_000)
    monkeypatch.setattr(os, "statvfs", lambda _: there)
    found = shared_memory_finding()
    assert found.good == good
    assert words in found.text
