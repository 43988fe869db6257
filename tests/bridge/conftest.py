"""Stages: for controllers, an open OSC endpoint with clients; for sound, a native callback."""

import asyncio
import contextlib
import socket

import numpy as np
import pytest

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.config import OscSettings
from bridge.controls.controls import Controls
from bridge.controls.store import ControlStore
from bridge.osc.codec import IMMEDIATELY, Message, decode, encode, encode_bundle
from bridge.osc.endpoint import OscEndpoint
from tests.bridge.fake_band import FakeBand
from tests.bridge.host_stage import HOP, RATE, HostStage

PATIENCE_S = 60
"""Longest wait for an answer: a machine may be busy, and a name server far away."""


class Peer(asyncio.DatagramProtocol):
    """A client that keeps what it is sent, heartbeats aside."""

    def __init__(self):
        self.inbox = asyncio.Queue()
        self.heartbeats = 0

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        for message in decode(data):
            if message.address == "/liveband/heartbeat":
                self.heartbeats += 1
            else:
                self.inbox.put_nowait(message)

    @property
    def port(self):
        return self.transport.get_extra_info("sockname")[1]

    @property
    def url(self):
        return f"osc.udp://127.0.0.1:{self.port}/"

    def send(self, address, *arguments):
        self.transport.sendto(encode(Message(address, arguments)))

    def send_together(self, *messages):
        self.transport.sendto(encode_bundle(IMMEDIATELY, messages))

    async def next(self):
        """Return the next message as a tuple of address and arguments."""
        message = await asyncio.wait_for(self.inbox.get(), PATIENCE_S)
        return message.address, *message.arguments

    async def ask(self, address, *arguments):
        self.send(address, *arguments)
        return await self.next()

    async def rest(self):
        """Return all that came until everything sent so far was done."""
        self.send("/liveband/sync", 4711)
        news = []
        while (message := await self.next()) != ("/liveband/synced", 4711):
            news.append(message)
        return news


class Stage:
    """An endpoint, the band behind it, and clients."""

    def __init__(self, store, endpoint, stack):
        self.store = store
        self.band = store.target
        self.endpoint = endpoint
        self.stack = stack

    async def client(self, port=0):
        loop = asyncio.get_running_loop()
        transport, peer = await loop.create_datagram_endpoint(
            Peer,
            local_addr=("127.0.0.1", port),
            remote_addr=("127.0.0.1", self.endpoint.port),
        )
        self.stack.callback(transport.close)
        return peer


@pytest.fixture
def on_stage():
    """A function that runs ``scene(stage)`` against an open endpoint."""

    def play(scene, *, controls=None, players=1, doctor=(), **settings):
        async def run():
            async with contextlib.AsyncExitStack() as stack:
                stack.push_async_callback(asyncio.sleep, 0)  # lets the clients' sockets close
                begin = (controls or Controls()).apply("players", players)
                store = ControlStore(FakeBand(), begin, patience_s=5)
                endpoint = await OscEndpoint.open(
                    store,
                    settings=OscSettings(port=0, **settings),
                    version="1.2.3",
                    doctor=doctor,
                )
                stack.push_async_callback(endpoint.close)
                stage = Stage(store, endpoint, stack)
                await asyncio.wait_for(scene(stage), 4 * PATIENCE_S)

        asyncio.run(run())

    return play


@pytest.fixture
def taken():
    """A UDP socket on a port that is free for TCP."""
    while True:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with udp, socket.socket() as tcp:
            udp.bind(("127.0.0.1", 0))
            try:
                tcp.bind(udp.getsockname())
            except OSError:
                continue
            tcp.close()
            yield udp
            return


@pytest.fixture
def stage():
    """The native callback, an engine counted as live, nothing played yet."""
    with AudioShare.create(RATE, HOP) as share, Host(share) as host:
        share.engine_live = True
        yield HostStage(share, host)


@pytest.fixture
def steady(stage):
    """A stage on which a stem of constant 1 has faded in."""
    stage.play(0, np.ones(100_000))
    assert stage.run(1024)[0, -1] == 1.0
    return stage
