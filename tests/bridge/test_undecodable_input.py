"""Bytes that are no UTF-8, by every door of the network: each is answered, and nothing ends."""

import asyncio
import os

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from bridge.osc.framing import LengthFraming

LATIN = "Hallgerät".encode("latin-1")
STEM = b"GET /liveband/stem HTTP/1.1\r\nHost: "
NOT_TEXT = b"/liveband/stem\0\0,s\0\0" + LATIN + b"\0" * (4 - len(LATIN) % 4)
NOT_ADDRESS = b"/" + LATIN + b"\0" * (4 - (1 + len(LATIN)) % 4) + b",\0\0\0"


async def well(stage, client):
    """Check that everything answers and nothing was unexpected."""
    assert (await client.ask("/liveband/gain/out", -6.0))[0] == "/liveband/done"
    assert stage.endpoint.server.errors.counts == {}


@pytest.mark.parametrize("packet", [NOT_TEXT, NOT_ADDRESS])
def test_a_datagram_is_answered_as_malformed(on_stage, packet):
    async def scene(stage):
        client = await stage.client()
        client.transport.sendto(packet)
        address, _, code, text = await client.next()
        assert (address, code) == ("/liveband/fail", 11)
        assert "UTF-8" in text
        await well(stage, client)

    on_stage(scene)


@pytest.mark.parametrize("packet", [NOT_TEXT, NOT_ADDRESS])
def test_a_packet_over_tcp_is_answered_and_the_connection_stays(on_stage, packet):
    async def scene(stage):
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.endpoint.port)
        framing = LengthFraming()
        for _ in range(2):
            writer.write(framing.pack(packet))
            (answer,) = [p async for p in _packets(reader, framing, 1)]
            assert b"UTF-8" in answer
        writer.close()
        await well(stage, await stage.client())

    on_stage(scene)


async def _packets(reader, framing, count):
    while count:
        for packet in framing.feed(await reader.read(4096)):
            count -= 1
            yield packet


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + LATIN + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /%e4?%e4=%e4 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /liveband/stem HTTP/1.1\r\nHost: " + LATIN + b"\r\n\r\n",
        b"GET /liveband/stem HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://"
        + LATIN
        + b"\r\n\r\n",
        b"GET /remote/%ff%fe HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: a=" + LATIN + b"\r\n\r\n",
        b"\xff\xfe\xe4\r\n\r\n",
    ],
)
def test_a_request_over_http_is_refused_or_not_found(on_stage, head):
    async def scene(stage):
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.endpoint.query_port)
        writer.write(head)
        answer = await reader.read()
        assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer
        writer.close()
        await well(stage, await stage.client())

    on_stage(scene)


def test_a_web_socket_that_sends_it_is_closed_and_another_is_served(on_stage):
    async def scene(stage):
        url = f"ws://127.0.0.1:{stage.endpoint.query_port}"
        async with connect(url) as bad:
            await bad.send(LATIN, text=True)
            with pytest.raises(ConnectionClosed):
                await bad.recv()
        async with connect(url) as good:
            await good.send('{"COMMAND": "LISTEN", "DATA": "/\\ud800"}')
            assert b"/liveband/fail" in await good.recv()
            await good.send(NOT_TEXT)
            assert b"UTF-8" in await good.recv()
        await well(stage, await stage.client())

    on_stage(scene)


def test_a_name_that_the_system_could_not_decode_is_sent_as_latin_1(on_stage):
    async def scene(stage):
        client = await stage.client()
        assert (await client.ask("/liveband/ping", os.fsdecode(LATIN)))[-1] == "Hallgerät"

    on_stage(scene)
