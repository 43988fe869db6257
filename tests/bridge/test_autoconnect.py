"""Wires come back when their ports do, rules act once, and nobody argues with the player."""

import pytest

from bridge.audio.autoconnect import (
    ConnectionKeeper,
    ConnectionRule,
    PortGraph,
    connections_toml,
    parse_connections,
    parse_rule,
    parse_rules,
)
from bridge.common.errors import ConfigError

OURS = ("liveband:in_L", "liveband:in_R")
DAW = ("daw:mix/out 1", "daw:mix/out 2")
WIRE = (DAW[0], OURS[0])


def graph(*wires, outputs=DAW, inputs=OURS):
    return PortGraph(outputs=outputs, inputs=inputs, wires=frozenset(wires))


def keeper(*rules, remembered=()):
    return ConnectionKeeper(
        rules=[parse_rule(rule, "liveband") for rule in rules], remembered=frozenset(remembered)
    )


@pytest.mark.parametrize(
    "text", ["", "in_L", "=>in_L", "daw:out=>", "a:b=>c:d=>e:f", "in_L=>out_L"]
)
def test_what_is_no_rule_is_refused(text):
    with pytest.raises(ConfigError, match="a rule"):
        parse_rule(text, "liveband")


def test_globs_reach_every_port_that_fits():
    rule = parse_rule("daw:*=>in_?", "liveband")
    assert rule == ConnectionRule("daw:*", "liveband:in_?")
    assert rule.wires(graph()) == [(out, into) for out in DAW for into in OURS]
    assert parse_rule("daw:mix/OUT 1=>in_L", "liveband").wires(graph()) == []


def test_a_rule_acts_when_its_ports_appear_and_not_again():
    keeps = keeper("daw:mix/out 1=>in_L")
    assert keeps.look(graph(outputs=())) == []
    assert keeps.look(graph()) == [WIRE]
    assert keeps.look(graph(WIRE)) == []
    assert keeps.look(graph()) == []  # the player took it away
    assert keeps.look(graph()) == []
    assert keeps.look(graph(outputs=())) == []
    assert keeps.look(graph()) == [WIRE]  # the DAW was started again


def test_a_wire_that_is_there_is_not_made_again():
    assert keeper("daw:mix/out 1=>in_L").look(graph(WIRE)) == []


def test_the_wires_of_a_crashed_peer_come_back_with_it():
    keeps = keeper()
    keeps.look(graph(WIRE))
    assert keeps.look(graph(outputs=())) == []
    assert keeps.remembered == {WIRE}
    assert keeps.look(graph()) == [WIRE]
    keeps.look(graph(WIRE))
    keeps.look(graph())
    assert keeps.remembered == frozenset()


def test_all_come_back_when_the_server_does():
    both = (WIRE, (DAW[1], OURS[1]))
    keeps = keeper()
    keeps.look(graph(*both))
    keeps.look(PortGraph())
    assert keeps.look(graph()) == sorted(both)


def test_wires_of_an_earlier_run_are_made_as_their_ports_are_there():
    keeps = keeper(remembered=[WIRE])
    assert keeps.look(graph(outputs=())) == []
    assert keeps.look(graph()) == [WIRE]
    assert keeps.restore(graph()) == [WIRE]
    assert keeps.restore(graph(WIRE)) == []


def test_a_wire_is_due_once_though_rule_and_memory_want_it():
    assert keeper("daw:mix/out 1=>in_L", remembered=[WIRE]).look(graph()) == [WIRE]


def test_a_slip_of_the_glob_stays_bounded():
    outputs = tuple(f"daw:out {n}" for n in range(100))
    assert len(keeper("*:*=>in_*").look(graph(outputs=outputs))) <= 64


def test_files_are_read_back_and_wrong_ones_named():
    wires = {WIRE, ('a:"quoted" \\ ü', "liveband:in_R")}
    assert parse_connections(connections_toml(wires)) == wires
    assert parse_connections(connections_toml([])) == frozenset()
    assert parse_rules('rules = ["daw:*=>in_L"]', "x") == (ConnectionRule("daw:*", "x:in_L"),)
    for text in ("rules = 3", "rule = []", "rules = [1]", "rules ="):
        with pytest.raises(ConfigError):
            parse_rules(text, "x")
