"""Connections of audio and MIDI on a real server: by rule, and back with what they lead to."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys

import pytest

from bridge.audio.autoconnect import AutoConnector
from bridge.audio.connection_rules import parse_rule
from bridge.audio.jack import JackBackend
from bridge.audio.jack_opening import open_client
from bridge.audio.shared.share import AudioShare
from bridge.common.errors import ParameterError
from bridge.controls.parameters import ROOT
from bridge.live.auto_connections import AutoConnections
from bridge.osc.free_ports import free_port
from tests.live.program import FOLDERS, program

pytestmark = pytest.mark.jack


class Server:
    """A backend as a connector of ports; it may go away and come back."""

    def __init__(self, backend):
        self.backend = backend

    def graph(self):
        return self.backend.graph()

    def appeared(self):
        return self.backend.appeared_ports()

    def frame(self):
        return self.backend.frame

    async def connect(self, source, destination):
        self.backend.connect(source, destination)


class Peer:
    """Another program, with audio and MIDI outputs and inputs of given names."""

    def __init__(self, server, name="daw", outputs=("out 1", "out 2"), midi=(), active=True):
        import jack

        self.client = open_client(jack, name, server.name)
        for port in outputs:
            self.client.outports.register(port)
        for port in midi:
            self.client.midi_outports.register(port)
            self.client.midi_inports.register(f"{port} in")
        self.client.set_process_callback(
            lambda frames: None
        )  # a wired one without stalls jackd
        if active:
            self.client.activate()

    def close(self):
        self.client.deactivate()
        self.client.close()


@pytest.fixture
def automatic():
    """A factory of what looks after the connections of a client ``band``, and what it keeps."""

    def make(backend, *rules, remembered=(), wanted=lambda: True):
        connector = AutoConnector(
            [parse_rule(rule, "band") for rule in rules], frozenset(remembered)
        )
        kept = []
        return AutoConnections(Server(backend), connector, wanted, kept.append), kept

    return make


def test_rules_and_memory_on_a_real_graph(band, jackd, automatic, wait_until):
    server = jackd()
    backend, _ = band(server)
    automatic, kept = automatic(backend, "daw:out 1=>in_?")
    ruled = {("daw:out 1", "band:in_L"), ("daw:out 1", "band:in_R")}
    own = ("band:out_L", "system:playback_1")

    def sees(connections):
        wait_until(lambda: backend.graph().connections == connections)

    async def scene():
        await automatic.look()
        assert backend.graph().connections == frozenset()
        with contextlib.closing(Peer(server)):
            await automatic.look()
            sees(ruled)
            backend.connect(*own)
            backend.disconnect("daw:out 1", "band:in_R")
            sees({("daw:out 1", "band:in_L"), own})
            await automatic.look()
        sees({own})
        await automatic.look()
        assert kept[-1] == {
            ("daw:out 1", "band:in_L"),
            own,
        }
        with contextlib.closing(Peer(server)):
            await automatic.look()
            sees(ruled | {own})
            told = await automatic.commands["jack/graph"]()
            assert told[-1] == ("done", ("/liveband/jack/graph", 3))
            await automatic.look()
            backend.disconnect("daw:out 1", "band:in_L")
            sees({("daw:out 1", "band:in_R"), own})
            assert await automatic.commands["jack/restore"]() == [
                ("done", ("/liveband/jack/restore", 1))
            ]
            with pytest.raises(ParameterError, match="refused"):
                backend.connect("daw:out 1", "nobody:in")

    asyncio.run(scene())


def test_midi_connections_are_connections(band, jackd, automatic, wait_until):
    server = jackd()
    backend, _ = band(server)
    automatic, kept = automatic(backend, "pad:*=>control_in")
    knobs = ("band:control_out", "pad:MIDI 1 in")
    ruled = ("pad:MIDI 1", "band:control_in")

    def sees(*connections):
        wait_until(lambda: backend.graph().connections == set(connections))

    def plugged():
        return contextlib.closing(Peer(server, "pad", outputs=["click"], midi=["MIDI 1"]))

    async def scene():
        with plugged():
            await automatic.look()
            sees(ruled)
            backend.connect(*knobs)
            sees(ruled, knobs)
            await automatic.look()
            assert await automatic.commands["jack/graph"]() == [
                ("jack/graph", knobs),
                ("jack/graph", ruled),
                ("done", ("/liveband/jack/graph", 2)),
            ]
        sees()
        await automatic.look()
        assert kept[-1] == {ruled, knobs}
        assert (automatic.reading.made, automatic.reading.away) == (0, 2)
        with plugged():
            await automatic.look()
            sees(ruled, knobs)
            with pytest.raises(ParameterError, match="refused"):
                backend.connect("pad:click", "band:control_in")

    asyncio.run(scene())


def test_connections_that_may_not_be_made_are_kept_and_restored_on_demand(
    band, jackd, automatic, wait_until
):
    server = jackd()
    backend, _ = band(server)
    wire = ("pad:MIDI 1", "band:control_in")
    wanted = False
    automatic, kept = automatic(backend, remembered=[wire], wanted=lambda: wanted)

    async def scene():
        nonlocal wanted
        with contextlib.closing(Peer(server, "pad", midi=["MIDI 1"])):
            for _ in range(3):
                await automatic.look()
            assert backend.graph().connections == set()
            restored = [("done", ("/liveband/jack/restore", 1))]
            assert await automatic.commands["jack/restore"]() == restored
            await automatic.look()  # at once: the graph may not show it yet
            wait_until(lambda: backend.graph().connections == {wire})
            await automatic.look()
            assert await automatic.commands["jack/restore"]() == [
                ("done", ("/liveband/jack/restore", 0))
            ]
        await automatic.look()
        wanted = True
        with contextlib.closing(Peer(server, "pad", midi=["MIDI 1"])):
            await automatic.look()
            wait_until(lambda: backend.graph().connections == {wire})
        assert not kept  # nothing that was not known before

    asyncio.run(scene())


@pytest.mark.parametrize(
    "port", ["Track [1]: Drums out", "Track [", "what? *all*", "a=>b", "a => b", "Größe"]
)
def test_an_exact_name_is_the_port_of_that_name(band, jackd, automatic, wait_until, port):
    server = jackd()
    backend, _ = band(server)
    automatic, kept = automatic(backend, f"daw:{port}=>in_L", f"daw:{port}=>control_in")
    wires = {(f"daw:{port}", "band:in_L")}

    async def scene():
        await automatic.look()
        assert automatic.reading.unmatched == f"daw:{port}=>in_L; daw:{port}=>control_in"
        others = ["Track 1: Drums out", "a", "what's all", port]
        with contextlib.closing(Peer(server, outputs=others)):
            await automatic.look()
            wait_until(lambda: backend.graph().connections == wires)
            await automatic.look()
            assert automatic.reading.unmatched == f"daw:{port}=>control_in"
        await automatic.look()
        assert kept[-1] == wires
        with contextlib.closing(Peer(server, outputs=others)):
            await automatic.look()
            wait_until(lambda: backend.graph().connections == wires)

    asyncio.run(scene())


def test_a_program_that_is_still_starting_is_waited_for(
    band, jackd, automatic, wait_until, caplog
):
    server = jackd()
    backend, _ = band(server)
    ruled, known = ("daw:out 1", "band:in_L"), ("daw:out 2", "band:in_R")
    automatic, kept = automatic(backend, "daw:out 1=>in_L", remembered=[known])

    async def scene():
        with contextlib.closing(Peer(server, active=False)) as peer:
            for _ in range(4):
                await automatic.look()
            assert backend.graph().connections == set()
            peer.client.activate()
            for _ in range(4):  # tried ever more rarely
                await automatic.look()
            wait_until(lambda: backend.graph().connections == {ruled, known})
            await automatic.look()
        assert kept[-1] == {ruled, known}

    asyncio.run(scene())
    assert len([record for record in caplog.records if "refused" in record.message]) == 2


def test_what_comes_back_at_once_is_connected_again(band, jackd, automatic, wait_until):
    server = jackd()
    backend, _ = band(server)
    automatic, kept = automatic(backend)
    wires = {("pad:MIDI 1", "band:control_in"), ("pad:click", "band:in_L")}

    def plugged():
        return contextlib.closing(Peer(server, "pad", outputs=["click"], midi=["MIDI 1"]))

    async def scene():
        with plugged():
            for wire in wires:
                backend.connect(*wire)
            wait_until(lambda: backend.graph().connections == wires)
            await automatic.look()
        wait_until(lambda: backend.graph().connections == set())
        with plugged():  # nobody has looked meanwhile
            await automatic.look()
            await automatic.look()  # JACK may tell of the ports a little later
            wait_until(lambda: backend.graph().connections == wires)
            await automatic.look()
            assert kept[-1] == wires
            backend.disconnect("pad:click", "band:in_L")
            wait_until(lambda: len(backend.graph().connections) == 1)
            for _ in range(3):  # by hand, so it stays away
                await automatic.look()
            assert len(backend.graph().connections) == 1
            assert len(kept[-1]) == 1

    asyncio.run(scene())


def test_midi_comes_back_with_the_controller_the_server_and_the_program(
    jackd, tmp_path, wait_until
):
    server = jackd()
    name = "pad:MIDI [1]"
    wires = {(name, "band:control_in"), ("band:control_out", f"{name} in")}
    options = ("--checkpoint", "passthrough", "--jack-name", "band")
    rules = ("--autoconnect", f"{name}=>control_in", "--autoconnect", "pad:MIDI [3]=>in_L")

    def plugged():
        return contextlib.closing(Peer(server, "pad", midi=["MIDI [1]", "MIDI 1"]))

    def has(client, *expected):
        told = client.collect(f"{ROOT}/jack/graph")
        return {message.arguments for message in told} == set(expected)

    with program(server, tmp_path, *options, *rules, wait_until=wait_until) as (client, _):
        first = (0, 0, f"{name}=>control_in; pad:MIDI [3]=>in_L")
        wait_until(lambda: client.read(f"{ROOT}/status/connections") == first)
        with plugged():
            wait_until(lambda: has(client, (name, "band:control_in")))
            client.do(f"{ROOT}/jack/connect", "control_out", f"{name} in")
            wait_until(lambda: has(client, *wires))
            seen = (2, 0, "pad:MIDI [3]=>in_L")
            wait_until(lambda: client.read(f"{ROOT}/status/connections") == seen)
        wait_until(lambda: client.read(f"{ROOT}/status/connections")[:2] == (0, 2))
        with plugged():
            wait_until(lambda: has(client, *wires))
        server.stop()
        wait_until(lambda: client.read(f"{ROOT}/status")[0] == "offline")
        server.start()
        with plugged():
            wait_until(lambda: has(client, *wires))
    with (
        plugged(),
        program(server, tmp_path, *options, wait_until=wait_until) as (client, _),
    ):
        wait_until(lambda: has(client, *wires))
        client.do(f"{ROOT}/jack/disconnect", name, "control_in")
        wait_until(lambda: has(client, ("band:control_out", f"{name} in")))


def rules_found(server, folder, *options):
    """Return what the doctor finds about the rules of connections, and whether that is good."""
    command = [
        sys.executable, "-m", "bridge", "doctor", "--json", "--checkpoint", "passthrough",
        "--server", server.name, *options,
    ]  # fmt: skip
    environment = {**os.environ, **dict.fromkeys(FOLDERS, str(folder))}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    findings = json.loads(done.stdout)["findings"]
    return [(each["good"], each["text"]) for each in findings if each["name"] == "rules"]


def test_the_doctor_lists_rules_that_match_nothing(jackd, tmp_path, wait_until):
    server = jackd()
    free = ("--osc-port", str(free_port()))
    assert rules_found(server, tmp_path, *free) == []
    file = tmp_path / "liveband" / "autoconnect.toml"
    file.parent.mkdir()
    file.write_text('rules = ["system:capture_1=>in_L", "system:capture [2]=>in_R", "in_L"]')
    [(good, text)] = rules_found(server, tmp_path, *free)
    assert not good
    assert "no ports match 'system:capture [2]=>in_R' (is it 'system:capture_2'?);" in text
    assert "autoconnect.toml: a rule is SOURCE=>DESTINATION" in text
    file.write_text('rules = ["system:capture_1=>in_L"]')
    assert [good for good, _ in rules_found(server, tmp_path, *free)] == [True]
    asked = ("--checkpoint", "passthrough", "--autoconnect", "daw:out=>in_R")
    with program(server, tmp_path, *asked, wait_until=wait_until) as (client, _):
        seen = (1, 0, "daw:out=>in_R")
        wait_until(lambda: client.read(f"{ROOT}/status/connections") == seen)
        [(good, text)] = rules_found(server, tmp_path, "--osc-port", str(client.port))
        assert not good
        assert "no ports match 'daw:out=>in_R';" in text


def test_ports_have_names_for_people_while_they_are_there(jackd):
    import jack

    server = jackd()
    share = AudioShare.create(48000, 2400)
    try:
        backend = JackBackend("band", server.name)
        backend.start(share)
        uuids = [port.uuid for port in backend._ports]

        def told(uuid):
            pairs = jack.get_properties(uuid)
            return {key.rsplit("/", 1)[-1]: value.decode() for key, (value, _) in pairs.items()}

        first, last = told(uuids[0]), told(uuids[-1])
        assert first == {"pretty-name": "Mix in, left", "order": "0", "port-group": "Mix in"}
        assert (last["order"], last["pretty-name"]) == ("5", "Controllers out")
        backend.close()
        with pytest.raises(RuntimeError):  # it says so where there are none
            told(uuids[0])
    finally:
        share.close()
