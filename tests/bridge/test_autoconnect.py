"""Connections come back with their ports, rules act once, removals by hand are respected."""

import dataclasses

import pytest

from bridge.audio.autoconnect import AutoConnector
from bridge.audio.connection_rules import parse_rule
from bridge.audio.port_graph import PortGraph, PortSet

OURS = ("liveband:in_L", "liveband:in_R")
DAW = ("daw:mix/out 1", "daw:mix/out 2")
CONNECTION = (DAW[0], OURS[0])
CONTROLLER, CONTROL_IN = "a2j:nanoKONTROL2 [20] (capture): MIDI 1", "liveband:control_in"


def graph(*connections, outputs=DAW, inputs=OURS, midi=((), ())):
    return PortGraph(
        audio=PortSet(outputs=outputs, inputs=inputs),
        midi=PortSet(outputs=midi[0], inputs=midi[1]),
        connections=frozenset(connections),
    )


def make_keeper(*rules, remembered=()):
    return AutoConnector(
        rules=[parse_rule(rule, "liveband") for rule in rules], remembered=frozenset(remembered)
    )


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
    assert (keeper.remembered, keeper.away) == ({CONNECTION}, 1)
    assert keeper.due(graph()) == [CONNECTION]
    keeper.due(graph(CONNECTION))
    assert keeper.away == 0


def test_what_was_removed_by_hand_is_forgotten_once_two_graphs_lack_it():
    keeper = make_keeper()
    keeper.due(graph(CONNECTION))
    assert keeper.due(graph()) == []
    assert keeper.remembered == {CONNECTION}
    assert keeper.due(graph()) == []
    assert keeper.remembered == frozenset()


def test_a_controller_comes_back_as_a_program_does():
    wire = (CONTROLLER, CONTROL_IN)
    plugged = {"midi": ((CONTROLLER,), (CONTROL_IN,))}
    keeper = make_keeper()
    keeper.due(graph(wire, **plugged))
    assert keeper.due(graph(midi=((), (CONTROL_IN,)))) == []
    assert keeper.due(graph(**plugged)) == [wire]


def test_all_come_back_when_the_server_does():
    both = (CONNECTION, (DAW[1], OURS[1]))
    keeper = make_keeper()
    keeper.due(graph(*both))
    keeper.due(PortGraph())
    assert keeper.due(graph()) == sorted(both)


@pytest.mark.parametrize("returned", [DAW[0], OURS[0]])
@pytest.mark.parametrize("rules", [[], ["daw:mix/out 1=>in_L"]])
@pytest.mark.parametrize("delay", [-1, 0, 1])
def test_a_port_that_went_and_came_back_between_two_graphs_lost_its_connection(
    returned, rules, delay
):
    keeper, others = make_keeper(*rules), frozenset(["somebody:else"])
    keeper.due(graph(CONNECTION))
    told = {delay: frozenset([returned])}
    keeper.due(graph(CONNECTION), told.get(-1, others))
    now = keeper.due(graph(), told.get(0, others))
    later = keeper.due(graph(), told.get(1, others))
    assert later == [CONNECTION]
    assert now == ([] if delay == 1 else [CONNECTION])
    assert keeper.remembered == {CONNECTION}


def test_connections_of_an_earlier_run_are_made_as_their_ports_are_there():
    keeper = make_keeper(remembered=[CONNECTION])
    assert keeper.due(graph(outputs=())) == []
    assert keeper.due(graph()) == [CONNECTION]
    assert keeper.missing(graph()) == [CONNECTION]
    assert keeper.missing(graph(CONNECTION)) == []


@pytest.mark.parametrize("keeper", [(["daw:mix/out 1=>in_L"], []), ([], [CONNECTION])])
def test_what_could_not_be_made_yet_stays_due_and_is_not_forgotten(keeper):
    rules, remembered = keeper
    keeper = make_keeper(*rules, remembered=remembered)
    for _ in range(3):  # the DAW has its ports and is still starting
        assert keeper.due(graph()) == [CONNECTION]
    assert keeper.due(graph(CONNECTION)) == []
    assert keeper.remembered == {CONNECTION}


def test_a_connection_just_made_may_be_seen_a_graph_later():
    keeper = make_keeper(remembered=[CONNECTION])
    assert keeper.due(graph()) == [CONNECTION]
    keeper.made(CONNECTION)
    assert keeper.due(graph()) == []
    assert keeper.remembered == {CONNECTION}
    assert keeper.due(graph(CONNECTION)) == []
    assert keeper.remembered == {CONNECTION}


def test_one_made_and_at_once_taken_away_by_hand_stays_away():
    keeper = make_keeper("daw:mix/out 1=>in_L", remembered=[CONNECTION])
    assert keeper.due(graph()) == [CONNECTION]
    keeper.made(CONNECTION)
    for _ in range(3):
        assert keeper.due(graph()) == []
    assert keeper.remembered == frozenset()


def test_a_connection_is_due_once_though_rule_and_memory_want_it():
    assert make_keeper("daw:mix/out 1=>in_L", remembered=[CONNECTION]).due(graph()) == [
        CONNECTION
    ]


def test_a_rule_is_told_until_it_has_matched_once():
    rules = ("daw:mix/out 1=>in_L", "drums:out=>in_R")
    keeper = make_keeper(*rules)
    assert keeper.unmatched == ()  # nobody has looked
    keeper.due(PortGraph())
    assert keeper.unmatched == rules
    keeper.due(graph(CONNECTION))
    assert keeper.unmatched == rules[1:]
    keeper.due(PortGraph())
    assert keeper.unmatched == rules[1:]


def test_ports_of_two_kinds_are_never_one_connection():
    mixed = graph(midi=((CONTROLLER,), (CONTROL_IN,)))
    assert mixed.has_ports_of(CONNECTION)
    assert mixed.has_ports_of((CONTROLLER, CONTROL_IN))
    assert not mixed.has_ports_of((CONTROLLER, OURS[0]))
    assert not mixed.has_ports_of((DAW[0], CONTROL_IN))
    assert not mixed.has_ports_of((OURS[0], DAW[0]))
    wrong = dataclasses.replace(mixed, midi=PortSet())
    assert not wrong.has_ports_of((CONTROLLER, CONTROL_IN))
