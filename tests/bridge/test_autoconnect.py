"""Connections come back with their ports, rules act once, removals by hand are respected."""

import pytest

from bridge.audio.autoconnect import (
    AutoConnector,
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
CONNECTION = (DAW[0], OURS[0])


def graph(*connections, outputs=DAW, inputs=OURS):
    return PortGraph(outputs=outputs, inputs=inputs, connections=frozenset(connections))


def make_keeper(*rules, remembered=()):
    return AutoConnector(
        rules=[parse_rule(rule, "liveband") for rule in rules], remembered=frozenset(remembered)
    )


@pytest.mark.parametrize(
    "text", ["", "in_L", "=>in_L", "daw:out=>", "a:b=>c:d=>e:f", "in_L=>out_L"]
)
def test_text_that_is_no_rule_is_refused(text):
    with pytest.raises(ConfigError, match="a rule"):
        parse_rule(text, "liveband")


def test_globs_reach_every_port_that_fits():
    rule = parse_rule("daw:*=>in_?", "liveband")
    assert rule == ConnectionRule("daw:*", "liveband:in_?")
    assert rule.matches(graph()) == [(out, into) for out in DAW for into in OURS]
    assert parse_rule("daw:mix/OUT 1=>in_L", "liveband").matches(graph()) == []


def test_a_rule_acts_when_its_ports_appear_and_not_again():
    keeper = make_keeper("daw:mix/out 1=>in_L")
    assert keeper.due(graph(outputs=())) == []
    assert keeper.due(graph()) == [CONNECTION]
    assert keeper.due(graph(CONNECTION)) == []
    assert keeper.due(graph()) == []  # the player took it away
    assert keeper.due(graph()) == []
    assert keeper.due(graph(outputs=())) == []
    assert keeper.due(graph()) == [CONNECTION]  # the DAW was started again


def test_a_connection_that_is_there_is_not_made_again():
    assert make_keeper("daw:mix/out 1=>in_L").due(graph(CONNECTION)) == []


def test_the_connections_of_a_crashed_peer_come_back_with_it():
    keeper = make_keeper()
    keeper.due(graph(CONNECTION))
    assert keeper.due(graph(outputs=())) == []
    assert keeper.remembered == {CONNECTION}
    assert keeper.due(graph()) == [CONNECTION]
    keeper.due(graph(CONNECTION))
    keeper.due(graph())
    assert keeper.remembered == frozenset()


def test_all_come_back_when_the_server_does():
    both = (CONNECTION, (DAW[1], OURS[1]))
    keeper = make_keeper()
    keeper.due(graph(*both))
    keeper.due(PortGraph())
    assert keeper.due(graph()) == sorted(both)


def test_connections_of_an_earlier_run_are_made_as_their_ports_are_there():
    keeper = make_keeper(remembered=[CONNECTION])
    assert keeper.due(graph(outputs=())) == []
    assert keeper.due(graph()) == [CONNECTION]
    assert keeper.missing(graph()) == [CONNECTION]
    assert keeper.missing(graph(CONNECTION)) == []


def test_a_connection_is_due_once_though_rule_and_memory_want_it():
    assert make_keeper("daw:mix/out 1=>in_L", remembered=[CONNECTION]).due(graph()) == [
        CONNECTION
    ]


def test_a_glob_that_fits_too_much_stays_bounded():
    outputs = tuple(f"daw:out {n}" for n in range(100))
    assert len(make_keeper("*:*=>in_*").due(graph(outputs=outputs))) <= 64


def test_files_are_read_back_and_wrong_ones_named():
    connections = {CONNECTION, ('a:"quoted" \\ ü', "liveband:in_R")}
    assert parse_connections(connections_toml(connections)) == connections
    assert parse_connections(connections_toml([])) == frozenset()
    assert parse_rules('rules = ["daw:*=>in_L"]', "x") == (ConnectionRule("daw:*", "x:in_L"),)
    for text in ("rules = 3", "rule = []", "rules = [1]", "rules ="):
        with pytest.raises(ConfigError):
            parse_rules(text, "x")
