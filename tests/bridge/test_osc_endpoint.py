"""A real socket on a free port, with a band that is not there behind it."""

import asyncio
import contextlib
import random
import socket
import struct

import pytest

from bridge.controls import Controls
from bridge.desk import Desk
from bridge.errors import EnvironmentMissing, RefusedError
from bridge.osc.clients import LEASE_S, Clients
from bridge.osc.codec import Message, decode, encode
from bridge.osc.endpoint import OscEndpoint
from bridge.osc.testing import FakeBand
from bridge.parameters import PARAMETERS


class Peer(asyncio.DatagramProtocol):
    """A client that keeps what it is sent."""

    def __init__(self):
        self.inbox = asyncio.Queue()

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        for message in decode(data):
            self.inbox.put_nowait(message)

    @property
    def port(self):
        return self.transport.get_extra_info("sockname")[1]

    def send(self, address, *arguments):
        self.transport.sendto(encode(Message(address, arguments)))

    async def next(self):
        """Return the next message as a tuple of address and arguments."""
        message = await asyncio.wait_for(self.inbox.get(), 10)
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

    def __init__(self, band, endpoint, stack):
        self.band = band
        self.endpoint = endpoint
        self._stack = stack

    async def client(self, port=0):
        loop = asyncio.get_running_loop()
        transport, peer = await loop.create_datagram_endpoint(
            Peer,
            local_addr=("127.0.0.1", port),
            remote_addr=None if port else ("127.0.0.1", self.endpoint.port),
        )
        self._stack.callback(transport.close)
        return peer


def play(scene):
    """Run ``scene(stage)`` against an open endpoint."""

    async def run():
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(asyncio.sleep, 0)  # lets the clients' sockets close
            band = FakeBand()
            desk = Desk(band, Controls(), patience_s=5)
            endpoint = await OscEndpoint.open(desk, port=0, version="1.2.3")
            stack.push_async_callback(endpoint.close)
            await asyncio.wait_for(scene(Stage(band, endpoint, stack)), 100)

    asyncio.run(run())


def test_set_read_and_done():
    async def scene(stage):
        client = await stage.client()
        assert await client.ask("/liveband/stem") == ("/liveband/stem", "drums")
        done = await client.ask("/liveband/stem", "Bass")
        assert done == ("/liveband/done", "/liveband/stem", "bass")
        assert await client.ask("/liveband/stem") == ("/liveband/stem", "bass")
        assert await client.ask("/liveband/mute", True) == (
            "/liveband/done",
            "/liveband/mute",
            1,
        )
        assert stage.band.applied == [{"stem": "bass"}, {"mute": True}]

    play(scene)


def test_triggers_are_done_when_they_are():
    async def scene(stage):
        client = await stage.client()
        assert await client.ask("/liveband/reset") == ("/liveband/done", "/liveband/reset")
        client.send("/liveband/panic", 0.0)
        assert await client.ask("/liveband/panic", 1.0) == ("/liveband/done", "/liveband/panic")
        assert stage.band.fired == ["reset", "panic"]

    play(scene)


def test_a_clamped_value_comes_back_with_a_notice():
    async def scene(stage):
        client = await stage.client()
        client.send("/liveband/gain/out", 99.0)
        assert await client.next() == ("/liveband/gain/out", 12.0)
        fail = await client.next()
        assert fail[:3] == ("/liveband/fail", "/liveband/gain/out", 4)
        assert "-60 to 12 dB, got 99; 12 applied" in fail[3]
        assert await client.next() == ("/liveband/done", "/liveband/gain/out", 12.0)

    play(scene)


def test_a_refused_value_comes_back_as_it_was():
    async def scene(stage):
        client = await stage.client()
        stage.band.refuse = lambda names: RefusedError("the engine is not up", 7)
        client.send("/liveband/stem", "bass")
        assert await client.next() == ("/liveband/stem", "drums")
        assert await client.next() == (
            "/liveband/fail",
            "/liveband/stem",
            7,
            "the engine is not up",
        )

    play(scene)


def test_a_bug_in_the_target_is_answered_and_logged(caplog):
    async def scene(stage):
        client = await stage.client()
        stage.band.refuse = lambda names: ZeroDivisionError("oops")
        fail = await client.ask("/liveband/reset")
        assert fail == ("/liveband/fail", "/liveband/reset", 99, "ZeroDivisionError: oops")
        assert await client.ask("/liveband/stem") == ("/liveband/stem", "drums")

    play(scene)
    assert "ZeroDivisionError" in caplog.text


def test_ping_version_stems_get_describe():
    async def scene(stage):
        client = await stage.client()
        pong = await client.ask("/liveband/ping", "hello", 7)
        assert (pong[0], pong[1], pong[2], pong[5:]) == (
            "/liveband/pong",
            "1.2.3",
            1,
            ("hello", 7),
        )
        assert pong[3] > 0
        assert pong[4] >= 0.0
        assert await client.ask("/liveband/version") == ("/liveband/version", "1.2.3", 1)
        stems = ("/liveband/stems", "drums", "bass", "piano")
        assert await client.ask("/liveband/stems") == stems
        assert await client.ask("/liveband/get", "/liveband/stems") == stems
        assert await client.ask("/liveband/get", "/liveband/n/mute") == (
            "/liveband/n/mute",
            0.0,
        )
        assert (await client.ask("/liveband/get", "/liveband/reset"))[2] == 10
        assert stage.band.fired == []
        description = await client.ask("/liveband/describe", "/liveband/gain/in")
        assert description[:7] == (
            "/liveband/description", "/liveband/gain/in", "f", -60.0, 12.0, 0.0, "dB",
        )  # fmt: skip
        description = await client.ask("/liveband/describe", "/liveband/anticipation")
        assert description[2:7] == ("f", 0.0, 2.0, 1.0, "s")
        assert description[8:] == pytest.approx((0.0, 0.1, 1.0))

    play(scene)


@pytest.mark.parametrize("row", PARAMETERS.rows, ids=lambda row: row.name)
def test_every_row_describes_itself(row):
    async def scene(stage):
        client = await stage.client()
        description = await client.ask("/liveband/describe", row.address)
        assert description[:2] == ("/liveband/description", row.address)
        assert description[7] == row.help

    play(scene)


def test_dump_tells_everything():
    async def scene(stage):
        client = await stage.client()
        client.send("/liveband/dump")
        told = {}
        while (message := await client.next())[0] != "/liveband/done":
            told[message[0]] = message[1:]
        assert message == ("/liveband/done", "/liveband/dump", len(told))
        assert set(told) == {row.address for row in PARAMETERS if row.kind != "trigger"}
        assert told["/liveband/status"] == ("running", "")
        assert told["/liveband/status/engine"][0] == str(2**40)
        client.send("/liveband/dump", "/liveband/gain/*")
        assert len(await client.rest()) == 3

    play(scene)


def test_wires_go_through_the_target():
    async def scene(stage):
        client = await stage.client()
        wire = ("daw:out", "liveband:in_L")
        done = await client.ask("/liveband/jack/connect", *wire)
        assert done == ("/liveband/done", "/liveband/jack/connect", *wire)
        assert stage.band.wires == {wire}
        stage.band.refuse = lambda names: RefusedError("JACK: no such port daw:out", 20)
        fail = await client.ask("/liveband/jack/disconnect", *wire)
        assert fail[2:] == (20, "JACK: no such port daw:out")
        client.send("/liveband/jack/ports")
        assert await client.rest() == [
            ("/liveband/jack/ports", "daw:out"),
            ("/liveband/jack/ports", "liveband:in_L"),
            ("/liveband/done", "/liveband/jack/ports", 2),
        ]

    play(scene)


def test_quit_says_bye_to_those_who_follow():
    async def scene(stage):
        client, other = await stage.client(), await stage.client()
        await other.ask("/liveband/register")
        assert await client.ask("/liveband/quit") == ("/liveband/done", "/liveband/quit")
        assert stage.band.ended
        await stage.endpoint.close()
        assert await other.next() == ("/liveband/bye",)

    play(scene)


def test_everyone_registered_hears_a_change_but_not_who_made_it():
    async def scene(stage):
        clients = [await stage.client() for _ in range(5)]
        for client in clients:
            registered = await client.ask("/liveband/register")
            assert registered == ("/liveband/registered", f"127.0.0.1:{client.port}", 60)
        clients[0].send("/liveband/gain/out", -6.0)
        for client in clients[1:]:
            assert await client.next() == ("/liveband/gain/out", -6.0)
        assert await clients[0].rest() == [("/liveband/done", "/liveband/gain/out", -6.0)]
        await asyncio.sleep(0.1)
        assert clients[0].inbox.empty()
        await clients[1].ask("/liveband/unregister")
        clients[0].send("/liveband/gain/out", -7.0)
        assert await clients[2].next() == ("/liveband/gain/out", -7.0)
        assert clients[1].inbox.empty()

    play(scene)


def test_a_return_port_hears_answers_and_changes():
    async def scene(stage):
        hand, ear, other = await stage.client(), await stage.client(), await stage.client()
        hand.send("/liveband/register", float(ear.port))
        registered = ("/liveband/registered", f"127.0.0.1:{ear.port}", 60)
        assert await hand.next() == await ear.next() == registered
        hand.send("/liveband/noise")
        assert await hand.next() == await ear.next() == ("/liveband/noise", 1.0)
        other.send("/liveband/noise", 0.5)
        assert await ear.next() == ("/liveband/noise", 0.5)
        assert await hand.rest() == []
        assert (await hand.ask("/liveband/register", 70000))[2] == 5

    play(scene)


def test_a_client_restarted_on_its_return_port_hears_once():
    async def scene(stage):
        ear, other = await stage.client(), await stage.client()
        for _ in range(3):
            hand = await stage.client()
            await hand.ask("/liveband/register", ear.port)
            await ear.next()
        other.send("/liveband/noise", 0.5)
        assert await ear.next() == ("/liveband/noise", 0.5)
        await asyncio.sleep(0.1)
        assert ear.inbox.empty()

    play(scene)


def test_subscriptions_tell_now_and_then_on_change():
    async def scene(stage):
        client, other = await stage.client(), await stage.client()
        client.send("/liveband/subscribe", "/liveband/meter/*", 10)
        for meter in ("in", "out"):
            assert await client.next() == (f"/liveband/meter/{meter}", *[-120.0] * 4)
        assert await client.next() == ("/liveband/done", "/liveband/subscribe", 2)
        stage.band.level_db = -6.0
        assert await client.next() == ("/liveband/meter/in", *[-6.0] * 4)
        await client.next()
        done = await client.ask("/liveband/unsubscribe", "/liveband/meter/*")
        assert done == ("/liveband/done", "/liveband/unsubscribe")
        client.send("/liveband/subscribe", "/liveband/n/gain/*", 1)
        assert (await client.next())[:3] == ("/liveband/fail", "/liveband/subscribe", 4)
        assert len(await client.rest()) == 3
        other.send("/liveband/gain/out", -24.0)
        assert await client.next() == ("/liveband/n/gain/out", 0.5)
        assert (await client.ask("/liveband/unsubscribe", "/liveband/none"))[2] == 5
        assert (await client.ask("/liveband/subscribe", "/liveband/none"))[2] == 1

    play(scene)


def test_a_storm_of_moves_is_told_seldom_and_ends_with_the_last():
    async def scene(stage):
        hand, ear = await stage.client(), await stage.client()
        await ear.ask("/liveband/register")
        for step in range(500):
            hand.send("/liveband/gain/out", -step / 16)
            await asyncio.sleep(0)
        done = await hand.rest()
        assert done[-1] == ("/liveband/done", "/liveband/gain/out", -499 / 16)
        told = [await ear.next()]
        while told[-1] != ("/liveband/gain/out", -499 / 16):
            told.append(await ear.next())
        assert len(told) < 250

    play(scene)


def test_sync_answers_after_everything_before_it():
    async def scene(stage):
        client = await stage.client()
        stage.band.gate.clear()
        client.send("/liveband/stem", "bass")
        client.send("/liveband/sync", 3)
        assert (await client.ask("/liveband/ping"))[0] == "/liveband/pong"
        stage.band.gate.set()
        assert await client.next() == ("/liveband/done", "/liveband/stem", "bass")
        assert await client.next() == ("/liveband/synced", 3)

    play(scene)


def test_bundles_dated_ahead_hold_nobody_up():
    async def scene(stage):
        client = await stage.client()
        element = encode(Message("/liveband/noise", (0.5,)))
        date = struct.pack(">Q", 2**63) + struct.pack(">i", len(element))
        client.transport.sendto(b"#bundle\0" + date + element)
        assert await client.next() == ("/liveband/done", "/liveband/noise", 0.5)

    play(scene)


def test_too_much_under_way_is_refused_as_busy(monkeypatch):
    monkeypatch.setattr("bridge.osc.endpoint.MAX_UNDER_WAY", 3)

    async def scene(stage):
        client = await stage.client()
        stage.band.gate.clear()
        for _ in range(3):
            client.send("/liveband/stem", "bass")
        assert (await client.ask("/liveband/mute", 1))[1:3] == ("/liveband/mute", 6)
        stage.band.gate.set()
        assert len(await client.rest()) == 3

    play(scene)


def test_failures_are_counted_but_told_only_so_often():
    async def scene(stage):
        client = await stage.client()
        for _ in range(200):
            client.send("/liveband/nothing")
        assert 10 <= len(await client.rest()) <= 60
        assert stage.endpoint.counters.failures == 200
        assert (await client.ask("/liveband/ping"))[0] == "/liveband/pong"

    play(scene)


def test_garbage_is_counted_answered_and_survived(caplog):
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
        peer = ("127.0.0.1", 9)
        for number in range(20_000):
            stage.endpoint.datagram_received(packet(number % 4), peer)
            if number % 200 == 0:
                await asyncio.sleep(0)
        for filler in (b"\0", b"/", b"#bundle\0", b"\xff", b"/a,\0"):
            garbage.transport.sendto((filler * 65500)[:65500])
        fail = await garbage.next()
        assert fail[:3] == ("/liveband/fail", "", 11)
        assert (await client.ask("/liveband/ping"))[0] == "/liveband/pong"
        assert stage.endpoint.counters.packets >= 20_000
        assert stage.endpoint.counters.malformed > 8_000
        assert stage.endpoint.counters.failures > stage.endpoint.counters.malformed

    play(scene)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_port_that_is_taken_says_by_whom_and_what_to_do():
    async def scene():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
            holder.bind(("127.0.0.1", 0))
            port = holder.getsockname()[1]
            with pytest.raises(
                EnvironmentMissing, match=rf"port {port} is taken by .*--osc-port"
            ):
                await OscEndpoint.open(Desk(FakeBand(), Controls()), port=port, version="1")
        with pytest.raises(EnvironmentMissing, match=r"cannot listen on 203\.0\.113\.1"):
            await OscEndpoint.open(
                Desk(FakeBand(), Controls()), host="203.0.113.1", port=0, version="1"
            )

    asyncio.run(scene())


def test_a_silent_client_is_forgotten_and_a_packet_renews():
    clients = Clients()
    quiet = clients.hear(("127.0.0.1", 1), now_s=0.0)
    lively = clients.hear(("127.0.0.1", 2), now_s=0.0)
    for client in (quiet, lively):
        clients.follow(client, "", ("/liveband/stem",), 0.03)
    clients.hear(("127.0.0.1", 2), now_s=LEASE_S)
    clients.expire(LEASE_S + 1)
    assert clients.followers == [lively]


def test_strangers_are_let_go_and_followers_kept():
    clients = Clients()
    follower = clients.hear(("127.0.0.1", 1), now_s=0.0)
    clients.follow(follower, "", ("/liveband/stem",), 0.03)
    for port in range(2, 1000):
        clients.hear(("127.0.0.1", port), now_s=float(port))
    assert follower in list(clients)
    assert len(list(clients)) < 100
