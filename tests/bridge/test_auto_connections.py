"""Automatic connections on a server that refuses: tried ever more rarely, told once."""

import asyncio
import threading
from dataclasses import replace

import pytest

from bridge.audio.autoconnect import AutoConnector
from bridge.audio.port_graph import PortGraph, PortSet
from bridge.common.errors import FailureCode, ParameterError, RefusedError
from bridge.live import auto_connections, connections
from bridge.live.auto_connections import AutoConnections

WIRES = [(f"daw:out {number}", "band:in_L") for number in range(3)]
GRAPH = PortGraph(
    audio=PortSet(outputs=tuple(source for source, _ in WIRES), inputs=("band:in_L",))
)


class Refusing:
    """A server that refuses every connection."""

    def __init__(self, error):
        self.error, self.tried, self.cycles = error, [], 0

    def graph(self):
        return GRAPH

    def appeared(self):
        return frozenset()

    def frame(self):
        self.cycles += 1
        return 256 * self.cycles

    async def connect(self, source, destination):
        self.tried.append((source, destination))
        raise self.error


@pytest.fixture
def looks():
    """A function that looks again and again, and returns what was tried at each look."""

    def run(server, times, remembered=WIRES):
        connector = AutoConnector(remembered=frozenset(remembered))
        automatic = AutoConnections(server, connector, lambda: True, lambda _: None)
        tried = []
        for _ in range(times):
            server.tried.clear()
            asyncio.run(automatic.look())
            tried.append(list(server.tried))
        return tried, connector

    return run


def test_a_refused_connection_is_tried_ever_more_rarely_and_told_once(looks, caplog):
    refused = ParameterError("JACK refused", code=FailureCode.JACK_REFUSED)
    tried, connector = looks(Refusing(refused), 64, WIRES[:1])
    at = [number for number, each in enumerate(tried) if each]
    assert at == [0, 1, 3, 7, 15, 31, 47, 63]
    assert len([record for record in caplog.records if "refused" in record.message]) == 1
    assert connector.remembered == {WIRES[0]}


def test_a_server_that_does_not_answer_is_asked_once_a_look(looks):
    hung = RefusedError("the audio server has not answered", FailureCode.JACK_ABSENT)
    tried, connector = looks(Refusing(hung), 1)
    assert [len(each) for each in tried] == [1]
    assert connector.remembered == frozenset(WIRES)


class Hanging(Refusing):
    """A server that does not answer until it is told to, and then tells once of a port."""

    def __init__(self):
        super().__init__(RefusedError("no"))
        self.answers, self.asked = threading.Event(), 0
        self.new = {"band:in_L"}

    def graph(self):
        self.asked += 1
        self.answers.wait(60)
        return GRAPH

    def appeared(self):
        told, self.new = frozenset(self.new), set()
        return told

    async def connect(self, source, destination):
        self.tried.append((source, destination))


def test_a_server_that_hangs_holds_up_no_look_and_loses_no_port(monkeypatch):
    monkeypatch.setattr(connections, "_PATIENCE_S", 0.05)
    server, connector = Hanging(), AutoConnector(remembered=frozenset(WIRES))
    automatic = AutoConnections(server, connector, lambda: True, lambda _: None)

    async def scene():
        for _ in range(3):
            await automatic.look()
        with pytest.raises(RefusedError, match="has not answered"):
            await automatic.commands["jack/graph"]()
        with pytest.raises(RefusedError, match="has not answered"):
            await automatic.commands["jack/restore"]()
        await automatic.observe()
        assert (server.asked, server.tried) == (6, [])
        server.answers.set()
        while not server.tried:
            await automatic.look()

    asyncio.run(asyncio.wait_for(scene(), 60))
    assert not server.new
    assert sorted(server.tried) == WIRES


class Standing(Refusing):
    """A server that makes connections, and shows them from its next cycle on."""

    def __init__(self):
        super().__init__(RefusedError("no"))
        self.now, self.stands = 0, True

    def graph(self):
        made = frozenset() if self.stands else frozenset(self.tried)
        return replace(GRAPH, connections=made)

    def frame(self):
        self.now += not self.stands
        return self.now

    async def connect(self, source, destination):
        self.tried.append((source, destination))


def test_what_is_made_on_a_server_that_stands_is_not_forgotten(monkeypatch):
    monkeypatch.setattr(auto_connections, "_STANDS_S", 0.0)
    server, connector = Standing(), AutoConnector(remembered=frozenset(WIRES))
    automatic = AutoConnections(server, connector, lambda: True, lambda _: None)

    async def looks(times):
        for _ in range(times):
            await automatic.look()

    asyncio.run(looks(5))
    assert sorted(server.tried) == WIRES
    assert connector.remembered == frozenset(WIRES)
    server.stands = False
    asyncio.run(looks(3))
    assert sorted(server.tried) == WIRES, "made once"
    assert automatic.reading.made == 3
    server.tried.clear()
    asyncio.run(looks(3))
    assert connector.remembered == frozenset(), "removed by hand"
