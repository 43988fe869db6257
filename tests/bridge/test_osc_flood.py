"""Whatever a network may bring: garbage, floods, repetition."""

import asyncio
import random
from unittest.mock import Mock

from bridge.osc.codec import IMMEDIATELY, Message, encode, encode_bundle
from bridge.osc.route import Route


def test_failures_are_counted_but_told_only_so_often(on_stage):
    async def scene(stage):
        client = await stage.client()
        for _ in range(200):
            client.send("/liveband/nothing")
            await asyncio.sleep(0)  # no buffer of the system's need hold them all
        assert 10 <= len(await client.rest()) <= 60
        assert stage.endpoint.reading.failures == 200
        assert (await client.ask("/liveband/ping"))[0] == "/liveband/pong"

    on_stage(scene)


def test_garbage_is_counted_answered_and_survived(on_stage, caplog):
    draw = random.Random(11)
    good = encode(Message("/liveband/gain/out", (-6.0,)))

    def packet(kind):
        if kind == 0:
            return draw.randbytes(draw.randrange(1, 64))
        if kind == 1:
            return good[: draw.randrange(1, len(good))]
        if kind == 2:
            spoiled = bytearray(good)
            spoiled[draw.randrange(len(good))] = draw.randrange(256)
            return bytes(spoiled)
        address = "/" + "".join(draw.choices("liveband/*?[]{},ab", k=20))
        return encode(Message(address, tuple(draw.choices((1, 0.5, "x"), k=draw.randrange(3)))))

    async def scene(stage):
        client, garbage = await stage.client(), await stage.client()
        peer = Route("udp", "127.0.0.1", 9)
        for number in range(20_000):
            stage.endpoint.server.receive(packet(number % 4), peer)
            if number % 200 == 0:
                await asyncio.sleep(0)
        for filler in (b"\0", b"/", b"#bundle\0", b"\xff", b"/a,\0"):
            garbage.transport.sendto((filler * 65500)[:65500])
        fail = await garbage.next()
        assert fail[:3] == ("/liveband/fail", "", 11)
        assert (await client.ask("/liveband/ping"))[0] == "/liveband/pong"
        assert stage.endpoint.reading.packets >= 20_000
        assert stage.endpoint.reading.malformed > 8_000
        assert stage.endpoint.reading.failures > stage.endpoint.reading.malformed

    on_stage(scene)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_two_bridges_do_not_complain_of_each_others_complaints(on_stage):
    async def scene(stage):
        client = await stage.client()
        client.send("/liveband/fail", "/liveband/x", 1, "unknown address")
        assert await client.rest() == []
        assert stage.endpoint.reading.failures == 1

    on_stage(scene)


def test_a_packet_of_countless_patterns_is_cut_short(on_stage):
    async def scene(stage):
        server = stage.endpoint.server
        sent = []
        server.outbox.udp = Mock(clogged=False, send=lambda packet, _: sent.append(packet) or 1)
        many = encode_bundle(IMMEDIATELY, [Message("/liveband/{p,n}/*")] * 1500)
        server.receive(many, Route("udp", "127.0.0.1", 9))
        assert b"are waiting to be done" in sent[0]
        while server._under_way:
            await asyncio.sleep(0)
        assert len(sent) == 1 + 1000

    on_stage(scene)
