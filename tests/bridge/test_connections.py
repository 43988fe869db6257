"""Tests of requests to an audio server that may hang."""

import asyncio
import threading

import pytest

from bridge.audio.jack import JackBackend
from bridge.audio.port_graph import PortGraph
from bridge.common.errors import ParameterError, RefusedError
from bridge.live import connections as connections_module
from bridge.live.connections import JackConnections, ask_server


class Away:
    offline, backend = True, None


class HangingJack(JackBackend):
    """A client of a server that answers no question until it is told to."""

    def __init__(self):
        self.answers = threading.Event()

    def ports(self):
        self.answers.wait(60)
        return ()

    def graph(self):
        self.answers.wait(60)
        return PortGraph()


def test_an_answer_comes_back():
    assert asyncio.run(ask_server(divmod, 7, 2)) == (3, 1)


def test_a_refusal_comes_back():
    def refuse():
        raise ParameterError("no such port", code=20)

    with pytest.raises(ParameterError, match="no such port"):
        asyncio.run(ask_server(refuse))


def test_a_server_that_hangs_keeps_neither_the_loop_nor_the_program(monkeypatch):
    monkeypatch.setattr(connections_module, "_PATIENCE_S", 0.05)
    awake, answered = threading.Event(), threading.Event()

    def hang():
        awake.wait(60)
        answered.set()

    async def ask():
        with pytest.raises(RefusedError, match="has not answered") as refusal:
            await ask_server(hang)
        assert refusal.value.code == 21

    asyncio.run(ask())  # which waits for every thread of the loop's own
    assert not answered.is_set()
    awake.set()
    assert answered.wait(60)


@pytest.mark.parametrize("which", ["", "own"])
def test_a_list_of_the_ports_of_a_server_that_hangs_is_refused(monkeypatch, which):
    monkeypatch.setattr(connections_module, "_PATIENCE_S", 0.05)

    class Joined:
        offline, backend = False, HangingJack()

    ports = JackConnections(Joined(), "jack").commands["jack/ports"]
    with pytest.raises(RefusedError, match="has not answered"):
        asyncio.run(ports(which))
    Joined.backend.answers.set()


@pytest.mark.parametrize(
    ("backend", "words"), [("portaudio", "no ports to wire"), ("jack", "server is gone")]
)
def test_where_there_are_no_ports_it_says_why(backend, words):
    connections = JackConnections(Away(), backend)
    assert connections.graph() == PortGraph()
    with pytest.raises(RefusedError, match=words):
        asyncio.run(connections.ports())
    with pytest.raises(RefusedError, match=words):
        asyncio.run(connections.connect("a:b", "c:d"))
