"""Wires on a real server: by rule, back with a peer that crashed, back with the server."""

import asyncio
import contextlib

import pytest

from bridge.audio.autoconnect import AutoConnector, parse_connections, parse_rule
from bridge.audio.jack import JackBackend
from bridge.audio.shared.share import AudioShare
from bridge.common.errors import ParameterError
from bridge.live.connections import AutoConnections

pytestmark = pytest.mark.jack


class Server:
    """A backend as a connector of ports; it may go away and come back."""

    def __init__(self, backend):
        self.backend = backend

    def graph(self):
        return self.backend.graph()

    async def connect(self, source, destination):
        self.backend.connect(source, destination)


class Peer:
    """Another program; it has two outputs."""

    def __init__(self, server):
        import jack

        self.client = jack.Client("daw", servername=server.name, no_start_server=True)
        for name in ("out 1", "out 2"):
            self.client.outports.register(name)
        self.client.set_process_callback(
            lambda frames: None
        )  # a wired one without stalls jackd
        self.client.activate()

    def close(self):
        self.client.deactivate()
        self.client.close()


def test_rules_and_memory_on_a_real_graph(band, jackd, tmp_path, wait_until):
    server = jackd()
    backend, _ = band(server)
    file = tmp_path / "wires" / "band.toml"
    connector = AutoConnector([parse_rule("daw:out 1=>in_?", "band")])
    automatic = AutoConnections(Server(backend), connector, lambda: True, file)
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
        assert parse_connections(file.read_text()) == {("daw:out 1", "band:in_L"), own}
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
