"""Ports of other programs whose names are no UTF-8: the bridge plays on, and connects them."""

import os
import subprocess
import sys

import pytest

from bridge.common.errors import ParameterError
from tests.live.foreign_peer import foreign_peer

pytestmark = pytest.mark.jack

LATIN = b"Hallger\xe4t 1"
CUT = "Gehö".encode()[:-1]
AUDIO = (LATIN, "audio", "out"), (CUT, "audio", "in")
MIDI = (b"Pult \xff\x80", "midi", "out"), ("Pult ä".encode(), "midi", "in")
TEXTS = {"daw:Hallgerät 1", "daw:Geh\xc3", "daw:Pult ÿ\x80", "daw:Pult ä"}


def ask(client, address, *arguments):
    return [reply.arguments for reply in client.collect(f"/liveband/{address}", *arguments)]


def test_such_ports_are_listed_and_connected_by_their_text(band, jackd, wait_until):
    server = jackd()
    backend, _ = band(server)
    with foreign_peer(server, "daw", *AUDIO, *MIDI):
        assert set(backend.ports()) >= TEXTS
        for source, destination in (
            ("daw:Hallgerät 1", "band:in_L"),
            ("band:out_L", "daw:Geh\xc3"),
            ("daw:Pult ÿ\x80", "band:control_in"),
            ("band:control_out", "daw:Pult ä"),
        ):
            backend.connect(source, destination)
            backend.connect(source, destination)  # once more is fine
            ends = {source: [destination], destination: [source]}
            wait_until(lambda: {end: backend.connections(end) for end in ends} == ends)  # noqa: B023
            assert backend.graph().connections == {(source, destination)}
            backend.disconnect(source, destination)
            wait_until(lambda: not backend.graph().connections)


def test_a_refusal_names_what_stands_against_the_connection(band, jackd):
    server = jackd()
    backend, _ = band(server)
    with foreign_peer(server, "daw", *AUDIO, *MIDI):
        for source, destination, reason in (
            ("daw:Hallgerät 2", "band:in_L", "no port 'daw:Hallgerät 2'"),
            ("daw:Hallgerät 1", "band:in_M", "no port 'band:in_M'"),
            ("band:in_L", "daw:Geh\xc3", "'band:in_L' is no output"),
            ("daw:Hallgerät 1", "band:out_L", "'band:out_L' is no input"),
            ("daw:Hallgerät 1", "band:control_in", "carries 32 bit float mono audio, "),
        ):
            with pytest.raises(ParameterError, match=f"{reason}.*daw:Hallgerät 1"):
                backend.connect(source, destination)


def test_of_two_ports_with_one_text_the_one_in_utf8_is_meant(band, jackd, wait_until):
    server = jackd()
    backend, _ = band(server)
    twins = [(name, "audio", "out") for name in (b"\xe4", "ä".encode())]
    with foreign_peer(server, "daw", *twins) as daw:
        backend.connect("daw:ä", "band:in_L")
        wait_until(lambda: daw.get_all_connections("daw:ä"))


def test_the_program_plays_on_beside_them_and_answers(jackd, run, wait_until):
    server = jackd()
    with foreign_peer(server, "before", *AUDIO, *MIDI):
        client = run(server, "--autoconnect", "daw:Hallger*=>in_L")
        assert ("before:Hallgerät 1",) in ask(client, "jack/ports")
        client.do("/liveband/jack/connect", "before:Hallgerät 1", "band:in_R")
        with foreign_peer(server, "daw", *AUDIO, *MIDI):
            wanted = ("daw:Hallgerät 1", "band:in_L")
            wait_until(lambda: wanted in ask(client, "jack/graph"))
            assert {arguments[0] for arguments in ask(client, "jack/ports")} >= TEXTS
        wait_until(lambda: wanted not in ask(client, "jack/graph"))
        with foreign_peer(server, "daw", *AUDIO):
            wait_until(lambda: wanted in ask(client, "jack/graph"))
    assert client.read("/liveband/status")[0] == "running"


def test_the_command_line_names_them_in_their_own_bytes(jackd, run, wait_until):
    server = jackd()
    client = run(server)
    with foreign_peer(server, "daw", *AUDIO):
        port = os.fsdecode(b"daw:" + LATIN)
        command = [sys.executable, "-m", "bridge", "connect", port, "band:in_L"]
        subprocess.run([*command, "--osc-port", str(client.port)], check=True, timeout=60)
        wait_until(lambda: ("daw:Hallgerät 1", "band:in_L") in ask(client, "jack/graph"))
