"""A whole run in which every task raises what nobody expected: it plays on, and tells."""

import asyncio
import json
import socket
import subprocess
import sys
import time

import pytest

from bridge.app.run import perform
from bridge.common.background import TaskErrors
from bridge.common.remembered_files import RememberedFiles
from bridge.config import OscSettings, RunSettings
from bridge.live.band import LiveBand
from bridge.live.connections import JackConnections
from bridge.live.reconnecting import ServerConnection
from bridge.live.status import OverloadWatch
from bridge.midi.device import Device
from bridge.monitoring.crash_report import CrashReporter
from bridge.osc import oscquery
from bridge.osc.bundle_schedule import BundleQueue
from bridge.osc.client import LOCAL, BridgeClient
from bridge.osc.codec import Message, encode_bundle, time_tag
from bridge.osc.free_ports import free_port
from bridge.osc.outbox import Outbox
from bridge.osc.subscription_commands import Subscriptions
from bridge.transport.sync import TransportSync
from tests.live.program import END_S, FOLDERS

pytestmark = pytest.mark.jack

FAULTS = {
    "MIDI": (Device, "tick"),
    "OSC feeds": (Subscriptions, "update_addresses"),
    "OSC heartbeat": (Outbox, "_beat"),
    "OSC schedule": (BundleQueue, "due"),
    "OSCQuery": (oscquery, "snapshot"),
    "connections": (JackConnections, "graph"),
    "crash reports": (CrashReporter, "update"),
    "transport": (TransportSync, "update"),
    "watchdog": (OverloadWatch, "look"),
    "/liveband/latency": (LiveBand, "latency"),
}
"""What is broken, by the task that it happens in."""


@pytest.fixture
def broken(monkeypatch):
    """Names of the tasks whose next step raises."""
    names = set()

    def breakable(task, function):
        def step(*arguments):
            if task in names:
                raise UnicodeDecodeError("utf-8", b"\xe4t", 0, 1, "invalid continuation byte")
            return function(*arguments)

        return step

    for task, (owner, name) in FAULTS.items():
        monkeypatch.setattr(owner, name, breakable(task, getattr(owner, name)))
    return names


@pytest.fixture
def performing(monkeypatch, tmp_path):
    """A function that runs a scene, ``scene(band, client)``, within a run on a server."""
    for name in (*FOLDERS, "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))

    async def run(server, scene):
        port, ready = free_port(), asyncio.get_running_loop().create_future()
        settings = RunSettings(
            checkpoint="passthrough",
            jack_name="band",
            server=server.name,
            osc=OscSettings(port=port, query_port=0),
        )
        running = asyncio.create_task(
            perform(settings, lambda band, _: ready.set_result(band), RememberedFiles())
        )
        try:
            band = await asyncio.wait_for(ready, END_S)
            with BridgeClient(port=port) as client:
                await scene(band, client)
            band.quit()
            await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    return lambda server, scene: asyncio.run(run(server, scene))


def test_every_task_goes_on_after_what_nobody_expected(
    jackd, performing, broken, wait_until, caplog
):
    async def scene(band, client):
        assert band.task_errors().unexpected == 0
        broken.update(FAULTS)
        soon = encode_bundle(time_tag(time.time() + 0.1), [Message("/liveband/noise", (0.25,))])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(soon, (LOCAL, client.port))
        dump = await asyncio.to_thread(client.collect, "/liveband/dump")
        assert "/liveband/latency" not in {message.address for message in dump}
        assert "/liveband/gain/out" in {message.address for message in dump}
        await asyncio.to_thread(wait_until, lambda: band.errors.counts.keys() >= FAULTS.keys())
        broken.clear()
        await asyncio.sleep(0.2)  # the longest pause of a task that raised
        counted = dict(band.errors.counts)
        await asyncio.to_thread(client.do, "/liveband/gain/out", -6.0)
        status = await asyncio.to_thread(client.read, "/liveband/status")
        assert status[0] in ("running", "overloaded")
        assert status[0] == "overloaded" or "please report the log: /liveband/lat" in status[1]
        told = await asyncio.to_thread(client.read, "/liveband/status/tasks")
        assert told[0] == sum(counted.values()) >= len(FAULTS)
        assert told[1] == ", ".join(f"{task} {counted[task]}" for task in sorted(counted))
        assert "UnicodeDecodeError" in told[2]
        shown = await asyncio.to_thread(status_of, client.port)
        assert shown["status/tasks"]["unexpected"] == told[0]
        assert {"gain/out", "latency"} <= shown.keys()
        assert await asyncio.to_thread(client.read, "/liveband/noise") == (0.25,)
        assert band.errors.counts == counted  # each works as before

    performing(jackd(), scene)
    traced = [record for record in caplog.records if record.exc_info]
    assert {record.task for record in traced} >= FAULTS.keys()
    assert len(traced) < 3 * len(FAULTS)  # once each, however often it was raised


def status_of(port):
    command = [sys.executable, "-m", "bridge", "status", "--json", "--osc-port", str(port)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def test_a_server_whose_return_fails_in_an_unexpected_way_is_tried_again(
    jackd, performing, monkeypatch, wait_until
):
    server, opened, failures = jackd(), ServerConnection._open_backend, []

    def fail_twice(self):
        if len(failures) < 2:
            failures.append(1)
            raise UnicodeDecodeError("utf-8", b"\xe4", 0, 1, "invalid continuation byte")
        return opened(self)

    async def scene(band, client):
        monkeypatch.setattr(ServerConnection, "_open_backend", fail_twice)
        band._connection.mark_lost("lost, for a test")
        await asyncio.to_thread(wait_until, lambda: band.status().state != "offline")
        assert band.errors.counts["audio server"] == len(failures) == 2

    performing(server, scene)


def test_an_engine_that_cannot_be_watched_is_replaced(
    jackd, performing, monkeypatch, wait_until
):
    async def scene(band, client):
        pid = band.supervisor.status.pid
        handle = type(band.supervisor)._handle

        def fail_once(self, reply):
            monkeypatch.setattr(type(band.supervisor), "_handle", handle)
            raise ZeroDivisionError("a reply of an engine")

        monkeypatch.setattr(type(band.supervisor), "_handle", fail_once)
        await asyncio.to_thread(client.do, "/liveband/stem", "bass")
        await asyncio.to_thread(
            wait_until,
            lambda: (
                band.supervisor.status.pid not in (None, pid)
                and band.status().state == "running"
            ),
        )
        assert band.errors.counts == {"engine watch": 1}

    performing(jackd(), scene)


def test_the_errors_of_a_run_are_those_it_was_given():
    errors = TaskErrors()
    assert LiveBand(RunSettings(), None, None, errors).errors is errors
