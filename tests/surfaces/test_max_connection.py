"""Tests of ``liveband.osc`` by a model of Max: states, ports, and what it never sends."""

import json
from pathlib import Path

import pytest

from tools.surfaces.max_osc import STATE, STATES

from .max_machine import Machine

FILE = Path(__file__).parents[2] / "max_patches" / "patchers" / "liveband.osc.maxpat"


@pytest.fixture
def osc():
    machine = Machine(json.loads(FILE.read_text())["patcher"])
    machine.open()
    return machine


def state(machine):
    return [message[1] for message in machine.sent if message[0] == STATE][-1]


def own_packets_arrive(machine):
    """Deliver what the patch sent to the port it listens on."""
    for port, message in machine.packets:
        if port == machine.listens_at():
            machine.receive(*message)
    machine.packets.clear()


def second(machine, *news, mine=True):
    """Let a second pass: what the patch sends itself arrives, and so does the bridge's news."""
    if mine:
        own_packets_arrive(machine)
    machine.packets.clear()
    for message in news:
        machine.receive(*message)
    machine.tick()


HEARTBEAT = ("/liveband/heartbeat", 1)


def test_without_a_bridge_it_is_offline_and_keeps_asking(osc):
    for _ in range(3):
        second(osc)
        assert state(osc) == "offline"
        assert (9100, ["/liveband/register", 9001]) in osc.packets
    assert osc.listens_at() == 9001


def test_a_busy_port_is_told_and_the_next_one_taken(osc):
    second(osc)
    second(osc, mine=False)
    assert state(osc) == "port busy"
    assert osc.listens_at() == 9002
    assert (9100, ["/liveband/register", 9002]) in osc.packets
    second(osc)
    assert state(osc) == "offline"
    assert osc.listens_at() == 9002


def test_arguments_choose_host_and_ports():
    machine = Machine(json.loads(FILE.read_text())["patcher"])
    machine.open("192.168.0.7", 9200, 9050)
    second(machine)
    assert (9200, ["/liveband/register", 9050]) in machine.packets
    assert machine.listens_at() == 9050


def test_a_heartbeat_connects_asks_for_everything_and_then_lets_moves_out(osc):
    second(osc)
    osc.feed("/liveband/mute", 1)
    assert not [each for each in osc.packets if each[1][0] == "/liveband/mute"]
    second(osc, HEARTBEAT)
    asked = [message[0] for port, message in osc.packets if port == 9100]
    assert asked[:2] == ["/liveband/stems", "/liveband/dump"]
    second(osc, HEARTBEAT)
    osc.feed("/liveband/mute", 1)
    assert (9100, ["/liveband/mute", 1]) in osc.packets


def test_it_stays_registered_and_asks_for_nothing_twice(osc):
    asked = []
    for _ in range(12):
        second(osc, HEARTBEAT)
        asked += [message[0] for port, message in osc.packets if port == 9100]
    assert asked.count("/liveband/dump") == 1
    assert asked.count("/liveband/ping") >= 2
    assert "/liveband/register" not in asked[2:]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("starting", "starting"),
        ("warming", "starting"),
        ("idle", "ready"),
        ("running", "running"),
        ("overloaded", "overloaded"),
        ("offline", "offline"),
    ],
)
def test_the_bridges_state_is_told_in_one_of_six_words(osc, said, shown):
    second(osc, HEARTBEAT)
    osc.receive("/liveband/status", said, "")
    assert state(osc) == shown
    assert shown in STATES


def test_silence_or_goodbye_end_it_and_the_next_bridge_begins_afresh(osc):
    second(osc, HEARTBEAT)
    osc.receive("/liveband/status", "running", "")
    second(osc, ("/liveband/bye", "the program ends"))
    assert state(osc) == "offline"
    osc.feed("/liveband/mute", 1)
    assert not [each for each in osc.packets if each[1][0] == "/liveband/mute"]
    second(osc, HEARTBEAT)
    assert (9100, ["/liveband/dump"]) in osc.packets
    for _ in range(5):
        second(osc)
    assert state(osc) == "offline"


def test_what_the_bridge_says_comes_out(osc):
    osc.receive("/liveband/gain/out", -6.0)
    assert ["/liveband/gain/out", -6.0] in osc.sent
    assert not [each for each in osc.packets if "gain" in each[1][0]]


def test_closing_ends_the_registration(osc):
    osc.close()
    assert osc.packets[-1] == (9100, ["/liveband/unregister", 9001])
