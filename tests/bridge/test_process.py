"""The engine's priority: real-time where permitted and safe, and words on how to get it."""

import os
import pickle
import subprocess
import sys

import pytest

from bridge.checkpoints.loader import model_loader
from bridge.common.realtime import ThreadPriority

GRANTED = "real-time priority"


class Machine:
    """Stands in for the operating system: what it permits, and what was asked last."""

    def __init__(self, monkeypatch, *, realtime, nice):
        self.policy, self.niceness = os.SCHED_OTHER, 0
        self._realtime, self._nice = realtime, nice
        self.now = self.busy = 0.0
        monkeypatch.setattr(os, "sched_setscheduler", self._schedule)
        monkeypatch.setattr(os, "setpriority", self._renice)

    def _schedule(self, _pid, policy, _parameter):
        if policy == os.SCHED_FIFO and not self._realtime:
            raise PermissionError
        self.policy = policy

    def _renice(self, _which, _who, value):
        if not self._nice:
            raise PermissionError
        self.niceness = value

    def priority(self, lighter=""):
        return ThreadPriority(lambda: self.busy, lambda: self.now, lighter=lighter)

    def work(self, priority, share, seconds=10):
        for _ in range(seconds):
            self.now += 1.0
            self.busy += share
            priority.keep()


def test_realtime_where_permitted(monkeypatch):
    machine = Machine(monkeypatch, realtime=True, nice=True)
    priority = machine.priority()
    priority.raise_for(0.2)
    assert machine.policy == os.SCHED_FIFO
    assert GRANTED in priority.words
    assert priority.advice == ""


def test_nice_and_the_way_to_more_where_not(monkeypatch):
    machine = Machine(monkeypatch, realtime=False, nice=True)
    priority = machine.priority()
    priority.raise_for(0.2)
    assert machine.niceness == -10
    assert "nice" in priority.words
    assert "limits.d" in priority.advice
    assert "group audio" in priority.advice


def test_nothing_permitted_is_told(monkeypatch):
    priority = Machine(monkeypatch, realtime=False, nice=False).priority()
    priority.raise_for(0.2)
    assert priority.words == "no raised priority"
    assert "rtprio" in priority.advice


def test_half_a_core_is_too_much_for_realtime(monkeypatch):
    machine = Machine(monkeypatch, realtime=True, nice=True)
    priority = machine.priority()
    priority.raise_for(0.6)
    assert (machine.policy, machine.niceness) == (os.SCHED_OTHER, -10)
    assert "play with fewer players" in priority.advice


@pytest.mark.parametrize(
    ("checkpoint", "engine", "advised"),
    [
        ("default", "torch", True),
        ("default", "onnx", False),
        ("default", "", False),
        ("streammusicgen", "torch", False),
        ("streammusicgen", "", False),
        ("passthrough", "torch", False),
    ],
)
def test_another_engine_is_advised_only_where_it_would_help(
    monkeypatch, checkpoint, engine, advised
):
    loader = pickle.loads(pickle.dumps(model_loader(checkpoint, engine)))
    priority = Machine(monkeypatch, realtime=True, nice=True).priority(loader.lighter)
    priority.raise_for(0.6)
    assert ("--engine onnx" in priority.advice) is advised


def test_the_class_follows_the_load(monkeypatch):
    machine = Machine(monkeypatch, realtime=True, nice=True)
    priority = machine.priority()
    priority.raise_for(0.2)
    machine.work(priority, 0.7)
    assert machine.policy == os.SCHED_OTHER
    machine.work(priority, 0.45)
    assert machine.policy == os.SCHED_OTHER
    machine.work(priority, 0.2)
    assert machine.policy == os.SCHED_FIFO


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells it in /proc")
def test_memory_is_held_where_permitted():
    code = """
from pathlib import Path
from bridge.common.realtime import lock_memory

unlocked = lock_memory()
locked_kb = int(Path("/proc/self/status").read_text().split("VmLck:")[1].split()[0])
print(not unlocked, locked_kb > 1000)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.split() in (["True", "True"], ["False", "False"]), answer.stderr


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_who_never_asked_is_left_alone(monkeypatch, share):
    machine = Machine(monkeypatch, realtime=True, nice=True)
    machine.work(machine.priority(), share)
    assert (machine.policy, machine.niceness) == (os.SCHED_OTHER, 0)
