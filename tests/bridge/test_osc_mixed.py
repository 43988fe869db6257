"""Five clients, by three ways in, one of which comes back at another door."""

import asyncio
import contextlib

from websockets.asyncio.client import connect

from bridge.osc.codec import Message, decode, encode
from bridge.osc.framing import LengthFraming, SlipFraming

CONTROLS = ("gain/out", "gain/in", "fade")


class Client:
    """Keeps what it is told of some controls, whatever carries it."""

    def __init__(self):
        self.told = []
        self.registered = asyncio.Event()

    def take(self, packet):
        for message in decode(packet):
            name = message.address.removeprefix("/liveband/")
            if name in CONTROLS:
                self.told.append((name, *message.arguments))
            if message.address == "/liveband/registered":
                self.registered.set()


class Udp(Client, asyncio.DatagramProtocol):
    async def open(self, stage):
        loop, target = asyncio.get_running_loop(), ("127.0.0.1", stage.endpoint.port)
        self.transport, _ = await loop.create_datagram_endpoint(
            lambda: self, remote_addr=target
        )

    def datagram_received(self, data, addr):
        self.take(data)

    async def send(self, packet):
        self.transport.sendto(packet)

    async def close(self):
        self.transport.close()
        await asyncio.sleep(0)


class Tcp(Client):
    def __init__(self, framing):
        super().__init__()
        self.framing = framing

    async def open(self, stage):
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", stage.endpoint.port
        )
        self.listening = asyncio.create_task(self._listen())

    async def _listen(self):
        while data := await self.reader.read(4096):
            for packet in self.framing.feed(data):
                self.take(packet)

    async def send(self, packet):
        self.writer.write(self.framing.pack(packet))
        await self.writer.drain()

    async def close(self):
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()
        await self.listening


class Web(Client):
    async def open(self, stage):
        self.connection = await connect(f"ws://127.0.0.1:{stage.endpoint.query_port}")
        self.listening = asyncio.create_task(self._listen())

    async def _listen(self):
        async for packet in self.connection:
            self.take(packet)

    async def send(self, packet):
        await self.connection.send(packet)

    async def close(self):
        await self.connection.close()
        await self.listening


async def enter(stage, client):
    await client.open(stage)
    await client.send(encode(Message("/liveband/register")))
    await asyncio.wait_for(client.registered.wait(), 60)
    return client


async def until(told, expected):
    deadline_s = asyncio.get_running_loop().time() + 60
    while told() != expected:
        assert asyncio.get_running_loop().time() < deadline_s, (told(), expected)
        await asyncio.sleep(0.01)


def test_everyone_sees_every_change_and_nobody_an_echo(on_stage, monkeypatch):
    monkeypatch.setattr("bridge.osc.clients.CROSSING_S", 0.05)
    makers = [Udp, Udp, lambda: Tcp(SlipFraming()), lambda: Tcp(LengthFraming()), Web]

    async def scene(stage):
        clients = [await enter(stage, make()) for make in makers]
        expected = [[] for _ in clients]
        for returning, control in zip((0, 2, 4), CONTROLS, strict=True):
            for mover, client in enumerate(clients):
                value = mover + 1.0
                await asyncio.sleep(0.1)  # nothing is under way to it any more
                await client.send(encode(Message(f"/liveband/{control}", (value,))))
                for other in range(len(clients)):
                    if other != mover:
                        expected[other].append((control, value))
                await until(lambda: [each.told for each in clients], expected)
            await clients[returning].close()
            clients[returning] = await enter(stage, makers[returning]())
            expected[returning] = []
        await asyncio.sleep(0.2)  # whatever is still to come
        assert [client.told for client in clients] == expected
        assert stage.endpoint.reading.failures == 0
        for client in clients:
            await client.close()

    on_stage(scene)
