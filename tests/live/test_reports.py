"""Tests of crash reports when a part of a run dies, and of its log as lines of JSON."""

import json
import os
import signal

import pytest

from bridge.controls.parameters import ROOT
from bridge.monitoring.crash_report import CrashReporter
from tools.trials.returns import await_state
from tools.trials.running_bridge import running_bridge_on

pytestmark = [pytest.mark.jack, pytest.mark.slow]


def test_a_dead_engine_and_a_dead_bridge_leave_reports(jackd, wait_until):
    server = jackd()
    with running_bridge_on(server.name, "passthrough", "--log-json") as bridge:
        folder = bridge.home / "liveband"
        bridge.client.do(f"{ROOT}/stem", "bass")
        running = folder / f"running-{bridge.process.pid}.json"
        wait_until(running.exists)
        (engine,) = bridge.engines()
        os.kill(engine, signal.SIGKILL)
        wait_until(lambda: list(folder.glob("engine-*.json")))
        (report,) = folder.glob("engine-*.json")
        told = json.loads(report.read_text())
        assert "killed by SIGKILL" in told["cause"]
        assert told["controls"]["stem"] == "bass"
        assert (told["audio"]["rate"], told["settings"]["server"]) == (48_000, server.name)
        await_state(bridge, ("running",))
        whole, _, _ = bridge.log_text().rpartition("\n")
        lines = [json.loads(line) for line in whole.splitlines() if line[:1] == "{"]
        assert any(line.get("block") == 256 for line in lines)
        assert any("killed by SIGKILL" in line["text"] for line in lines)
        bridge.client.do(f"{ROOT}/quit")
        bridge.process.wait(30)
        assert folder.exists()
        assert not running.exists()


def test_a_bridge_that_is_killed_is_reported_by_the_next(jackd, tmp_path):
    server = jackd()
    with running_bridge_on(server.name, "passthrough") as bridge:
        folder = bridge.home / "liveband"
        name = f"running-{bridge.process.pid}.json"
        assert (
            json.loads((folder / name).read_text())["settings"]["checkpoint"] == "passthrough"
        )
        kept = (folder / name).read_text()
    dead = tmp_path / name
    dead.write_text(kept)
    with CrashReporter(tmp_path, dict):
        (report,) = tmp_path.glob("crash-*.json")
        assert json.loads(report.read_text())["cause"].startswith("it was killed")
