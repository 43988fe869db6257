"""Tests of the registry of the bridges that run."""

import asyncio
import json

from bridge.osc.instances import Instance, InstanceRegistry, program_name


def instance(port, name="liveband", pid=1):
    return Instance(port=port, page_port=port + 1, name=name, pid=pid)


def test_those_that_run_are_listed_by_port_and_answered_over_osc(tmp_path):
    registry = InstanceRegistry(tmp_path / "instances")
    assert registry.instances() == ()
    with (
        registry.registered(instance(9100)),
        registry.registered(instance(30_000, "ardour", 7)),
    ):
        with registry.registered(instance(20_000)):
            assert [each.port for each in registry.instances()] == [9100, 20_000, 30_000]
        assert asyncio.run(registry.list()) == [
            ("instances", (9100, 9101, "liveband", 1)),
            ("instances", (30_000, 30_001, "ardour", 7)),
            ("done", ("/liveband/instances", 2)),
        ]
    assert list((tmp_path / "instances").iterdir()) == []


def test_what_nobody_holds_is_removed_and_what_cannot_be_read_is_passed_over(tmp_path):
    registry = InstanceRegistry(tmp_path)
    left = tmp_path / "5-9200.json"
    left.write_text(json.dumps({"port": 9200, "page_port": 1, "name": "x", "pid": 5}))
    with registry.registered(instance(9100)):
        (tmp_path / "1-9100.json").write_text("{")
        assert registry.instances() == ()
    assert not left.exists()


def test_a_folder_that_cannot_be_written_is_told_and_ends_nothing(tmp_path, caplog):
    (tmp_path / "file").touch()
    with InstanceRegistry(tmp_path / "file" / "instances").registered(instance(9100)):
        assert "will not name us" in caplog.text


def test_a_program_has_a_name_while_it_runs():
    assert program_name(1)
    assert program_name(999_999_999) == "999999999"
