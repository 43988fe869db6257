"""Tests of the doctor's findings: every cross names a command that mends it."""

import os
import resource
from types import SimpleNamespace

import pytest

from bridge.audio.shared.memory import SHARE_BYTES
from bridge.audio.shared.space import JACK_CLIENT_BYTES
from bridge.commands.doctor import _page
from bridge.common.errors import ServerMissing
from bridge.common.realtime import REALTIME_COMMAND
from bridge.common.timing import StepTimes
from bridge.monitoring import server_checks
from bridge.monitoring.checks import (
    Finding,
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
def test_each_limit_that_is_low_has_the_command(limits, rtprio, memlock, good):
    found = limits(rtprio, memlock)
    assert [each.good for each in found] == good
    assert [REALTIME_COMMAND in each.mend for each in found] == [not each for each in good]
    assert [("wanted" in each.text) for each in found] == [not each for each in good]


def test_the_priority_has_the_command_of_the_limits(limits):
    low = limits(0, 65536)[0]
    told = priority_finding(QUICK)
    assert not told.good
    assert told.mend == low.mend
    assert told.text.endswith("the real-time class is not permitted")


def test_what_is_too_slow_for_the_class_needs_another_remedy(limits):
    limits(95, ENOUGH)
    assert "fewer players" in priority_finding(SLOW).text
    assert "--engine" not in priority_finding(SLOW).text
    assert priority_finding(SLOW, lighter="onnx").mend == "liveband run --engine onnx"
    assert priority_finding(SLOW).mend.startswith("liveband run --players ")


@pytest.mark.parametrize(
    ("free", "size", "good", "words"),
    [
        (20, 64, True, "/dev/shm: 20 MB free, a band needs {needed}"),
        (
            10,
            64,
            False,
            "needs {needed} MB of shared memory, and /dev/shm has 10.0 MB free",
        ),
        (0, 0, True, "/dev/shm: no limit, a band needs {needed}"),
    ],
)
def test_shared_memory_is_told_beside_what_a_band_needs(monkeypatch, free, size, good, words):
    there = SimpleNamespace(f_bavail=free, f_blocks=size, f_frsize=1_000_000)
    monkeypatch.setattr(os, "statvfs", lambda _: there)
    found = shared_memory_finding()
    assert found.good == good
    needed = f"{(SHARE_BYTES + JACK_CLIENT_BYTES) / 1e6:.1f}"
    assert words.format(needed=needed) in found.text
    assert bool(found.mend) == (not good)


@pytest.fixture
def audio_server(monkeypatch):
    """A function that lays out a machine, and returns what is found on it."""

    def lay_out(libraries, *, jackd=None, pipewire=False, refusal=None):
        def describe(_):
            if refusal is not None:
                raise refusal
            return "48000 Hz"

        monkeypatch.setattr(server_checks, "installed_libraries", lambda: libraries)
        monkeypatch.setattr(server_checks, "pipewire_runs", lambda: pipewire)
        monkeypatch.setattr(server_checks.shutil, "which", lambda _: jackd)
        monkeypatch.setattr(server_checks, "_describe_server", describe)
        return {each.name: each for each in server_checks.jack_findings()}

    return lay_out


def test_a_machine_with_pipewire_alone_needs_nothing_of_jack(audio_server):
    found = audio_server(("", "/usr/lib/pipewire-0.3/jack/libjack.so.0"), pipewire=True)
    assert [each.good for each in found.values()] == [True] * 3
    assert found["jackd"].text == "PipeWire takes its place"


def test_what_is_missing_is_installed_by_the_command_that_fits(audio_server):
    jack, pipewire = "sudo apt install jackd2", "sudo apt install pipewire-jack"
    refusal = ServerMissing("no JACK server answers")
    bare = audio_server(("", ""), refusal=refusal)
    assert [each.mend for each in bare.values()] == [
        jack,
        jack,
        "liveband run --start-jack alsa",
    ]
    unheard = audio_server(("libjack.so.0", ""), pipewire=True, refusal=refusal)
    assert unheard["server"].mend == pipewire
    desktop = audio_server(("", ""), pipewire=True, refusal=refusal)
    assert desktop["libjack"].mend == pipewire


def test_the_page_ticks_and_gives_each_command_once(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    findings = [
        Finding(name="rtprio", good=False, text="0", mend="sudo this"),
        Finding(name="memlock", good=False, text="8", mend="sudo this"),
        Finding(name="model", good=True, text=" ".join(["word"] * 40)),
    ]
    lines = list(_page(findings))
    assert "\n".join(lines).count("sudo this") == 1
    assert "as for rtprio" in lines[3]
    assert lines[0][0] == lines[2][0] != lines[4][0]
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "2 to mend"
    assert list(_page(findings[2:]))[-1].startswith("all is well")
