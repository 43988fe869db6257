"""Tests of the registry of the bridges that run."""

import asyncio
import fcntl
import json
import os
import threading
from pathlib import Path

import pytest

from bridge.osc.instances import Instance, InstanceRegistry, program_name


def instance(port, name="liveband", pid=1):
    return Instance(port=port, page_port=port + 1, name=name, pid=pid)


def test_those_that_run_are_listed_by_port_and_answered_over_osc(tmp_path):
    registry = InstanceRegistry(tmp_path / "instances")
    assert registry.instances() == ()

    async def scene():
        async with (
            registry.registered(instance(9100)),
            registry.registered(instance(30_000, "ardour", 7)),
        ):
            async with registry.registered(instance(20_000)):
                assert [each.port for each in registry.instances()] == [9100, 20_000, 30_000]
            assert await registry.list() == [
                ("instances", (9100, 9101, "liveband", 1)),
                ("instances", (30_000, 30_001, "ardour", 7)),
                ("done", ("/liveband/instances", 2)),
            ]

    asyncio.run(scene())
    assert list((tmp_path / "instances").iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[1]", "7", '{"port": 1}', '{"port": "x", "page_port": 1, "name": 3, "pid": 5}'],
)
def test_what_nobody_holds_is_removed_and_what_cannot_be_read_is_passed_over(tmp_path, damage):
    registry = InstanceRegistry(tmp_path)
    left = tmp_path / "5-9200.json"
    left.write_text(json.dumps({"port": 9200, "page_port": 1, "name": "x", "pid": 5}))

    async def scene():
        async with registry.registered(instance(9100)), registry.registered(instance(9300)):
            (held,) = tmp_path.glob("1-9100-*.json")
            held.write_text(damage)
            assert registry.instances() == (instance(9300),)

    asyncio.run(scene())
    assert not left.exists()


def test_a_file_is_locked_and_complete_before_others_see_it(tmp_path, monkeypatch):
    """At every call that the registration makes, another bridge looks."""
    registry, seen = InstanceRegistry(tmp_path), []

    def looked_at(call):
        def look(*arguments, **named):
            seen.append(registry.instances())
            return call(*arguments, **named)

        return look

    monkeypatch.setattr(json, "dump", looked_at(json.dump))
    monkeypatch.setattr(Path, "rename", looked_at(Path.rename))
    lock = fcntl.flock

    def lock_looked_at(file, operation):
        if operation & fcntl.LOCK_EX:
            seen.append(registry.instances())
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", lock_looked_at)

    async def scene():
        async with registry.registered(instance(9100)):
            assert seen == [(), (), ()]
            assert registry.instances() == (instance(9100),)

    asyncio.run(scene())


def test_who_looks_is_not_taken_for_a_bridge_that_runs(tmp_path):
    left = tmp_path / "5-9200.json"
    left.write_text(json.dumps({"port": 9200, "page_port": 1, "name": "x", "pid": 5}))
    with left.open() as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        assert InstanceRegistry(tmp_path).instances() == ()
    assert not left.exists()


def test_a_slow_disk_holds_up_no_other_work(tmp_path, monkeypatch):
    registry, threads = InstanceRegistry(tmp_path), set()

    def noted(call):
        def note(*arguments, **named):
            threads.add(threading.current_thread())
            return call(*arguments, **named)

        return note

    for name in ("open", "unlink", "glob"):
        monkeypatch.setattr(Path, name, noted(getattr(Path, name)))

    async def scene():
        async with registry.registered(instance(9100)):
            await registry.list()

    asyncio.run(scene())
    assert threads
    assert threading.current_thread() not in threads


def test_a_folder_that_cannot_be_written_is_told_and_ends_nothing(tmp_path, caplog):
    (tmp_path / "file").touch()

    async def scene():
        registry = InstanceRegistry(tmp_path / "file" / "instances")
        async with registry.registered(instance(9100)):
            assert "will not name us" in caplog.text

    asyncio.run(scene())


def test_a_program_has_a_name_while_it_runs():
    assert program_name(os.getpid())
    assert program_name(999_999_999) == "999999999"
