"""OSC through streams: framing, and connections that do not hold each other up."""

import asyncio
import contextlib
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.osc.codec import IMMEDIATELY, Message, decode, encode, encode_bundle
from bridge.osc.framing import MAX_PACKET, FramingError, LengthFraming, SlipFraming, framing_of

PACKETS = st.lists(st.binary(min_size=1, max_size=50))
BOTH = pytest.mark.parametrize("make", [SlipFraming, LengthFraming])


@BOTH
@given(packets=PACKETS, cuts=st.lists(st.integers(0, 500)))
def test_packets_come_out_as_they_went_in_wherever_the_stream_is_cut(make, packets, cuts):
    stream = b"".join(map(make().pack, packets))
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    framing = make()
    out = [
        packet for start, end in pairwise(edges) for packet in framing.feed(stream[start:end])
    ]
    assert out == packets


@BOTH
def test_the_first_byte_tells_which_framing_it_is(make):
    packet = encode(Message("/liveband/ping"))
    assert type(framing_of(make().pack(packet)[0])) is make
    assert type(framing_of(packet[0])) is SlipFraming


def test_slip_goes_on_after_what_it_could_not_read():
    slip = SlipFraming()
    bad, good = slip.feed(b"\xc0a\xdbb\xc0" + slip.pack(b"good"))
    assert isinstance(bad, FramingError)
    assert good == b"good"
    (long,) = slip.feed(b"\xc0" + b"x" * (2 * MAX_PACKET + 1))
    assert isinstance(long, FramingError)
    assert list(slip.feed(b"x" * MAX_PACKET + slip.pack(b"good"))) == [b"good"]
    assert not long.fatal


@pytest.mark.parametrize("size", [0, MAX_PACKET + 1, 2**32 - 1])
def test_a_length_that_cannot_be_is_fatal(size):
    (error,) = LengthFraming().feed(size.to_bytes(4, "big") + b"abcd")
    assert error.fatal


class Connection:
    """A client over TCP."""

    def __init__(self, reader, writer, framing):
        self.reader, self.writer, self.framing = reader, writer, framing
        self._heard = []

    def send(self, address, *arguments):
        self.writer.write(self.framing.pack(encode(Message(address, arguments))))

    async def next(self):
        while not self._heard:
            data = await asyncio.wait_for(self.reader.read(4096), 60)
            assert data, "the bridge hung up"
            for packet in self.framing.feed(data):
                (message,) = decode(packet)
                if message.address != "/liveband/heartbeat":
                    self._heard.append((message.address, *message.arguments))
        return self._heard.pop(0)

    async def ask(self, address, *arguments):
        self.send(address, *arguments)
        return await self.next()


async def connect(stage, make=SlipFraming, **options):
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.endpoint.port, **options)

    async def hang_up():
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    stage.stack.push_async_callback(hang_up)
    return Connection(reader, writer, make())


@BOTH
def test_everything_works_over_tcp(on_stage, make):
    async def scene(stage):
        tcp, udp = await connect(stage, make), await stage.client()
        registered = await tcp.ask("/liveband/register")
        assert registered[1].startswith("osc.tcp://127.0.0.1:")
        await udp.ask("/liveband/noise", 0.5)
        assert await tcp.next() == ("/liveband/noise", 0.5)
        assert (await tcp.ask("/liveband/noise", 0.25))[0] == "/liveband/done"
        assert (await tcp.ask("/liveband/nothing"))[:3] == (
            "/liveband/fail", "/liveband/nothing", 1,
        )  # fmt: skip
        stage.endpoint.server.service.clients.expire(1e9)
        await udp.ask("/liveband/noise", 0.75)
        assert await tcp.next() == ("/liveband/noise", 0.75)

    on_stage(scene)


def test_a_connection_that_ends_is_forgotten(on_stage):
    async def scene(stage):
        tcp = await connect(stage)
        await tcp.ask("/liveband/register")
        assert stage.endpoint.reading.clients == 1
        tcp.writer.close()
        while stage.endpoint.reading.clients:
            await asyncio.sleep(0.01)
        assert stage.endpoint.server.outbox.connections == {}

    on_stage(scene)


def test_bye_reaches_connections_too(on_stage):
    async def scene(stage):
        tcp = await connect(stage)
        await tcp.ask("/liveband/register")
        await stage.endpoint.close()
        assert await tcp.next() == ("/liveband/bye", "the program ends")
        assert await tcp.reader.read() == b""

    on_stage(scene)


def test_who_does_not_read_holds_up_nobody_and_gets_the_newest(on_stage):
    async def scene(stage):
        slow = await connect(stage, limit=1024)
        lively, hand = await connect(stage), await stage.client()
        slow.send("/liveband/register")
        await lively.ask("/liveband/register")
        while stage.endpoint.reading.clients < 2:
            await asyncio.sleep(0.01)
        question = slow.framing.pack(encode(Message("/liveband/ping", ("x" * 60000,))))
        server = stage.endpoint.server
        while stage.endpoint.reading.dropped < 50:
            with contextlib.suppress(asyncio.TimeoutError):
                slow.writer.write(question)
                await asyncio.wait_for(slow.writer.drain(), 0.01)
        (connection,) = [
            connection
            for connection in server.outbox.connections.values()
            if connection.clogged
        ]
        for level in range(1, 10):
            await hand.ask("/liveband/gain/out", -float(level))
            while await lively.next() != ("/liveband/gain/out", -float(level)):
                pass
        while (message := await slow.next()) != ("/liveband/gain/out", -9.0):
            assert message[0] in ("/liveband/pong", "/liveband/registered"), message
        assert not connection.clogged

    on_stage(scene)


def test_garbage_on_a_stream_is_answered_and_hurts_nobody(on_stage):
    draw = random.Random(3)

    async def scene(stage):
        udp = await stage.client()
        for number in range(30):
            tcp = await connect(stage)
            tcp.writer.write(draw.randbytes(draw.randrange(1, 5000)))
            if number % 3 == 0:
                tcp.writer.write_eof()
        broken = await connect(stage, LengthFraming)
        broken.writer.write(b"\0\0\0\0")
        assert (await broken.next())[:3] == ("/liveband/fail", "", 11)
        assert await broken.reader.read() == b""
        assert (await udp.ask("/liveband/ping"))[0] == "/liveband/pong"

    on_stage(scene)


def test_too_many_connections_are_told_so(on_stage, monkeypatch):
    monkeypatch.setattr("bridge.osc.tcp.MAX_CONNECTIONS", 2)

    async def scene(stage):
        two = [await connect(stage) for _ in range(2)]
        third = await connect(stage)
        assert (await third.next())[2] == 13
        assert await third.reader.read() == b""
        for tcp in two:
            assert (await tcp.ask("/liveband/ping"))[0] == "/liveband/pong"

    on_stage(scene)


def test_a_stream_of_many_messages_leaves_the_others_their_turn(on_stage):
    async def scene(stage):
        tcp, udp = await connect(stage), await stage.client()
        packet = tcp.framing.pack(encode(Message("/liveband/noise", (0.5,))))
        tcp.writer.write(packet * 5000)
        for _ in range(20):
            assert (await udp.ask("/liveband/ping"))[0] == "/liveband/pong"
        tcp.send("/liveband/sync", 1)
        while await tcp.next() != ("/liveband/synced", 1):
            pass

    on_stage(scene)


def test_who_does_not_read_does_not_keep_us_from_closing(on_stage):
    async def scene(stage):
        slow = await connect(stage, limit=1024)
        question = slow.framing.pack(encode(Message("/liveband/ping", ("x" * 60000,))))
        open_ones = stage.endpoint.server.outbox.connections
        while not any(each.clogged for each in open_ones.values()):
            slow.writer.write(question)
            await asyncio.sleep(0.001)
        await stage.endpoint.close()
        assert stage.endpoint.server.outbox.connections == {}

    on_stage(scene)


BARE = encode(Message("/liveband/stem", ("bass",)))
BUNDLE = encode_bundle(IMMEDIATELY, [Message("/liveband/stem", ("bass",))])


@pytest.mark.parametrize("data", [BARE, 3 * BARE, BUNDLE, b"GET / HTTP/1.1\r\n\r\n"])
@pytest.mark.parametrize("hangs_up", [False, True])
def test_a_stream_without_framing_is_answered_in_its_own_way_counted_and_closed(
    on_stage, monkeypatch, data, hangs_up
):
    monkeypatch.setattr("bridge.osc.tcp._UNFRAMED_S", 60.0 if hangs_up else 0.05)

    async def scene(stage):
        tcp = await connect(stage)
        tcp.writer.write(data)
        if hangs_up:
            tcp.writer.write_eof()
        (answer,) = decode(await asyncio.wait_for(tcp.reader.read(), 60))
        assert (answer.address, *answer.arguments[:2]) == ("/liveband/fail", "", 11)
        assert "SLIP" in answer.arguments[2]
        assert stage.endpoint.reading.malformed == 1
        assert stage.band.applied == []

    on_stage(scene)


@pytest.mark.parametrize("make", [SlipFraming, LengthFraming])
def test_packets_in_the_request_of_a_web_page_are_not_carried_out(on_stage, make):
    async def scene(stage):
        tcp = await connect(stage)
        head = b"POST / HTTP/1.1\r\nOrigin: http://stranger.example\r\n\r\n"
        tcp.writer.write(head + make().pack(BARE))
        (answer,) = decode(await asyncio.wait_for(tcp.reader.read(), 60))
        assert (answer.address, *answer.arguments[:2]) == ("/liveband/fail", "", 11)
        assert stage.endpoint.reading.malformed == 1
        assert stage.band.applied == []

    on_stage(scene)


@pytest.mark.parametrize("pause", [False, True])
def test_slip_with_ends_after_packets_only_is_understood(on_stage, monkeypatch, pause):
    monkeypatch.setattr("bridge.osc.tcp._UNFRAMED_S", 0.5)

    async def scene(stage):
        tcp = await connect(stage)
        tcp.writer.write(BARE[:8])
        if pause:
            await asyncio.sleep(0.05)
        tcp.writer.write(BARE[8:] + b"\xc0")
        assert await tcp.next() == ("/liveband/done", "/liveband/stem", "bass")
        await asyncio.sleep(0.6)
        tcp.writer.write(BARE[:8])  # it is known by now, and may take its time
        await asyncio.sleep(0.6)
        tcp.writer.write(BARE[8:] + b"\xc0")
        assert await tcp.next() == ("/liveband/done", "/liveband/stem", "bass")

    on_stage(scene)


@BOTH
def test_a_stream_that_ends_within_a_packet_is_told(on_stage, make):
    async def scene(stage):
        tcp = await connect(stage, make)
        tcp.writer.write(make().pack(BARE)[:-3])
        tcp.writer.write_eof()
        address, *arguments = await tcp.next()
        assert (address, *arguments[:2]) == ("/liveband/fail", "", 11)
        assert "ended within a packet" in arguments[2]
        assert stage.endpoint.reading.malformed == 1

    on_stage(scene)
