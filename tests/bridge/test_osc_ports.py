"""Ports that nobody has."""

import socket

import pytest

from bridge.osc import free_ports as ports
from bridge.osc.free_ports import free_port


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_a_free_port_is_nobodys_and_none_of_the_others(monkeypatch, kind):
    taken = free_port()
    free = free_port(taken)
    other = free_port(taken, free)
    monkeypatch.setattr(ports, "_FREE", (taken, free, other))
    with socket.socket(socket.AF_INET, kind) as owner:
        owner.bind(("127.0.0.1", taken))
        assert {free_port(other) for _ in range(20)} == {free}
