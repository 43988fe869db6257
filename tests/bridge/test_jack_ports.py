"""Tests of the ports of further players on a JACK server that refuses, or is gone."""

import threading
from types import SimpleNamespace

import pytest
from bridge._native import ffi

from bridge.audio import jack as jack_module
from bridge.audio.jack import JackBackend
from bridge.common.errors import FailureCode, ParameterError


class JackError(Exception):
    """What JACK-Client raises."""


class Ports:
    """Output ports of a client, of which the server gives only so many."""

    def __init__(self, most):
        self.most, self.names = most, []

    def register(self, name):
        if len(self.names) == self.most or name in self.names:
            raise JackError(f"{name!r} port registration failed")
        self.names.append(name)
        return SimpleNamespace(_ptr=ffi.NULL, unregister=lambda: self.names.remove(name))


@pytest.fixture
def native(monkeypatch):
    """Pairs of ports that native code was given."""
    given = []
    lib = SimpleNamespace(lb_jack_add_player=lambda glue, *pair: given.append(pair))
    monkeypatch.setattr(jack_module, "lib", lib)
    return given


def backend(most, *, attached=True):
    made = JackBackend.__new__(JackBackend)
    made._client = SimpleNamespace(
        outports=Ports(most), set_property=lambda *_: None, name="band"
    )
    made._jack = SimpleNamespace(
        JackError=JackError, _ffi=ffi, METADATA_PRETTY_NAME="", METADATA_ORDER="",
        METADATA_PORT_GROUP="",
    )  # fmt: skip
    made._names = SimpleNamespace(names=lambda: [])
    made._glue = ffi.cast("lb_jack *", 1) if attached else ffi.NULL
    made._closing, made._pairs, made._ports, made._share = threading.Thread(), [], [], None
    return made


def test_half_a_pair_is_given_back_so_that_the_next_try_can_do(native):
    jack = backend(most=1)
    with pytest.raises(ParameterError, match=r"ports for player 2.*registration failed"):
        jack.add_player(2)
    assert (jack._client.outports.names, native) == ([], [])
    jack._client.outports.most = 2
    jack.add_player(2)
    jack.add_player(2)
    assert (jack._client.outports.names, len(native)) == (["out2_L", "out2_R"], 1)


def test_a_client_that_was_closed_gets_no_ports(native):
    for jack in (backend(2, attached=False), backend(2)):
        if jack._glue != ffi.NULL:
            jack._closing.start()
        with pytest.raises(ParameterError, match="server is gone") as refusal:
            jack.add_player(2)
        assert refusal.value.code == FailureCode.JACK_ABSENT
        assert (jack._client.outports.names, native) == ([], [])


def test_a_client_closed_while_it_waits_for_ports_does_not_play_to_them(native):
    jack = backend(2)
    register = jack._client.outports.register

    def register_late(name):
        jack._glue = ffi.NULL
        return register(name)

    jack._client.outports.register = register_late
    with pytest.raises(ParameterError, match="server is gone"):
        jack.add_player(2)
    assert native == []
