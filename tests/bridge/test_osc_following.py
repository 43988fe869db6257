"""Tests of telling clients about changes: to which, at which address, how often."""

import asyncio
import random
import socket

import pytest

from bridge.common.errors import FailureCode, RefusedError
from bridge.osc.clients import (
    CROSSING_S,
    LEASE_S,
    MAX_CLIENTS,
    MAX_FEEDS,
    MAX_PORTS,
    Clients,
    Feed,
)
from bridge.osc.codec import Message, decode
from bridge.osc.route import Route


def test_everyone_registered_hears_a_change_but_not_who_made_it(on_stage):
    async def scene(stage):
        clients = [await stage.client() for _ in range(5)]
        for client in clients:
            registered = await client.ask("/liveband/register")
            assert registered == ("/liveband/registered", client.url, 60)
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

    on_stage(scene)


def test_a_registered_port_is_sent_answers_and_changes(on_stage):
    async def scene(stage):
        hand, ear, other = await stage.client(), await stage.client(), await stage.client()
        hand.send("/liveband/register", float(ear.port))
        registered = ("/liveband/registered", ear.url, 60)
        assert await hand.next() == await ear.next() == registered
        hand.send("/liveband/noise")
        assert await hand.next() == await ear.next() == ("/liveband/noise", 1.0)
        other.send("/liveband/noise", 0.5)
        assert await ear.next() == ("/liveband/noise", 0.5)
        assert await hand.rest() == []
        assert (await hand.ask("/liveband/register", 70000))[2] == 5

    on_stage(scene)


def test_a_client_restarted_on_its_port_is_sent_everything_once(on_stage):
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

    on_stage(scene)


def test_subscriptions_tell_now_and_then_on_change(on_stage):
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

    on_stage(scene)


def test_a_storm_of_moves_is_told_seldom_and_ends_with_the_last(on_stage):
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

    on_stage(scene)


def test_one_client_registers_several_ports_and_urls(on_stage):
    async def scene(stage):
        hand, other = await stage.client(), await stage.client()
        ears = [await stage.client() for _ in range(2)]
        hand.send("/liveband/register", ears[0].port)
        hand.send("/liveband/register", f"osc.udp://localhost:{ears[1].port}/")
        for _ in range(2):
            await hand.next()
        other.send("/liveband/noise", 0.5)
        for ear in ears:
            while (news := await ear.next())[0] == "/liveband/registered":
                pass
            assert news == ("/liveband/noise", 0.5)
        assert await hand.rest() == []
        for ear in ears:
            await ear.next()
        done = await hand.ask("/liveband/unregister", ears[0].port)
        assert done == ("/liveband/done", "/liveband/unregister")
        other.send("/liveband/noise", 0.25)
        await ears[1].next()
        assert await ears[1].next() == ("/liveband/noise", 0.25)
        assert await hand.rest() == []
        assert not [news for news in ears[0].inbox._queue if news.address == "/liveband/noise"]

    on_stage(scene)


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("nonsense", FailureCode.CHOICE),
        ("osc.tcp://127.0.0.1:9000/", FailureCode.CHOICE),
        ("127.0.0.1:0", FailureCode.CHOICE),
        (0, FailureCode.CHOICE),
        (70000.0, FailureCode.CHOICE),
        (0.5, FailureCode.TYPE),
        ("no.such.host.invalid:9000", FailureCode.UNAVAILABLE),
    ],
)
def test_a_place_that_cannot_be_is_refused(on_stage, where, code):
    async def scene(stage):
        client = await stage.client()
        assert (await client.ask("/liveband/register", where))[2] == code

    on_stage(scene)


def test_a_stranger_may_not_have_others_told(on_stage):
    async def scene(stage):
        service = stage.endpoint.server.service
        stranger = service.clients.renew(Route("udp", "192.168.0.9", 5000), 0.0)
        for where, wants in (("192.168.0.9:6000", 0), ("6000", 0), ("127.0.0.1:6000", 10)):
            (action,) = service.resolve([Message("/liveband/register", (where,))])
            (reply,) = await service.carry_out(action, stranger)
            assert (reply.arguments[1] == wants) if wants else reply.address.endswith("ered")
        assert stranger.registered_ports == [Route("udp", "192.168.0.9", 6000)]

    on_stage(scene)


def test_those_on_the_list_are_greeted_told_and_never_forgotten(on_stage):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(60)

        def heard():
            return next(m for m in decode(ear.recv(2048)))

        async def scene(stage):
            hand = await stage.client()
            assert heard() == Message("/liveband/hello", ("1.2.3", 1))
            stage.endpoint.server.service.clients.expire(1e9)
            await hand.ask("/liveband/noise", 0.5)
            while (news := await asyncio.to_thread(heard)).address == "/liveband/heartbeat":
                pass
            assert news == Message("/liveband/noise", (0.5,))

        on_stage(scene, feedback=(f"127.0.0.1:{ear.getsockname()[1]}",))
        while (last := heard()).address == "/liveband/heartbeat":
            pass
        assert last == Message("/liveband/bye", ("the program ends",))


def test_registered_clients_hear_our_heart(on_stage):
    async def scene(stage):
        client, stranger = await stage.client(), await stage.client()
        await client.ask("/liveband/register")
        while client.heartbeats < 2:
            await asyncio.sleep(0.05)
        assert stranger.heartbeats == 0

    on_stage(scene)


def test_clients_are_listed(on_stage):
    async def scene(stage):
        client, other = await stage.client(), await stage.client()
        await client.ask("/liveband/register")
        client.send("/liveband/subscribe", "/liveband/noise")
        await client.rest()
        listed = await other.ask("/liveband/clients")
        assert listed[:3] == ("/liveband/clients", client.url, 2)
        assert await other.next() == ("/liveband/done", "/liveband/clients", 1)

    on_stage(scene)


def test_five_clients_on_mixed_ports_one_restarting_see_everything_and_no_echo(
    on_stage, monkeypatch
):
    monkeypatch.setattr("bridge.osc.clients.CROSSING_S", 0.05)

    async def scene(stage):
        hands = [await stage.client() for _ in range(5)]
        ears = [*hands[:3], await stage.client(), await stage.client()]
        for number, (hand, ear) in enumerate(zip(hands, ears, strict=True)):
            hand.send("/liveband/register", *([] if number < 3 else [ear.port]))
            await hand.rest()
        await ears[3].rest()
        await ears[4].rest()
        old = hands[2]
        hands[2] = ears[2] = await stage.client()  # it comes back without a word
        await hands[2].ask("/liveband/register")
        ears.append(old)  # nobody has told that it left
        for number, hand in enumerate(hands):
            level = -1.0 - number
            await asyncio.sleep(0.1)  # nothing is under way to it any more
            hand.send("/liveband/gain/out", level)
            for other, ear in enumerate(ears):
                if other != number:
                    assert await heard(ear) == ("/liveband/gain/out", level)
        await asyncio.sleep(0.2)
        for ear in ears:
            news = [message for message in await ear.rest() if "gain" in message[0]]
            assert news == []

    on_stage(scene)


async def heard(ear):
    """Return the next message that is no answer to the client's own."""
    while (message := await ear.next())[0] in ("/liveband/done", "/liveband/synced"):
        pass
    return message


def test_two_faders_at_once_agree_and_come_to_rest(on_stage):
    draw = random.Random(5)

    async def scene(stage):
        faders = [await stage.client() for _ in range(2)]
        for fader in faders:
            await fader.ask("/liveband/register")
        shown = [0.0, 0.0]

        async def take_in(number):
            while True:
                address, *arguments = await heard(faders[number])
                assert address == "/liveband/gain/out"
                shown[number] = arguments[0]

        ears = [asyncio.ensure_future(take_in(number)) for number in range(2)]
        for _ in range(400):
            number = draw.randrange(2)
            shown[number] = draw.randrange(-60 * 16, 12 * 16) / 16
            faders[number].send("/liveband/gain/out", shown[number])
            await asyncio.sleep(draw.choice((0, 0.002, 0.01)))
        deadline = asyncio.get_running_loop().time() + 60
        while len({*shown, *(band["gain/out"] for band in stage.band.applied[-1:])}) > 1:
            assert asyncio.get_running_loop().time() < deadline, shown
            await asyncio.sleep(0.01)
        moves = len(stage.band.applied)
        await asyncio.sleep(0.3)
        assert len(set(shown)) == 1
        assert len(stage.band.applied) == moves
        for ear in ears:
            assert not ear.done()
            ear.cancel()
        await asyncio.gather(*ears, return_exceptions=True)

    on_stage(scene)


def told(feed, value, now_s):
    """Return what a feed tells when its address reports ``value``."""
    return [
        news.arguments[0]
        for news in feed.due_messages(lambda _: [Message("/a", (value,))], now_s)
    ]


def test_whose_moves_cross_with_anothers_is_told_where_it_came_to_rest():
    feed = Feed(("/a",), 0.03, 0.0)
    feed.moved("/a", (1.0,), 0.00)
    assert told(feed, 1.0, 0.01) == []
    assert told(feed, 2.0, 0.05) == [2.0]
    feed.moved("/a", (3.0,), 0.06)
    assert told(feed, 3.0, 0.10) == []
    feed.moved("/a", (4.0,), 0.14)
    assert told(feed, 4.0, 0.20) == []
    assert told(feed, 4.0, 0.25) == [4.0]
    assert told(feed, 4.0, 0.30) == []


@pytest.mark.parametrize("before_s", [None, 0.0, 4.5])
def test_whose_first_move_crosses_with_anothers_is_told_as_well(before_s):
    feed = Feed(("/a",), 0.03, 0.0)
    if before_s is not None:
        feed.moved("/a", (1.0,), before_s)
    assert told(feed, 2.0, 5.00) == [2.0]
    feed.moved("/a", (3.0,), 5.01)
    assert told(feed, 3.0, 5.05) == []
    assert told(feed, 3.0, 5.20) == [3.0]
    assert told(feed, 3.0, 5.30) == []


def test_who_moves_well_after_another_hears_no_echo():
    feed = Feed(("/a",), 0.03, 0.0)
    assert told(feed, 2.0, 0.05) == [2.0]
    feed.moved("/a", (3.0,), 0.05 + CROSSING_S)
    assert told(feed, 3.0, 1.10) == []
    assert told(feed, 3.0, 1.50) == []
    feed.moved("/a", (3.0,), 1.55)
    assert told(feed, 3.0, 2.00) == []


def udp(port):
    return Route("udp", "127.0.0.1", port)


def test_a_connection_is_a_lease_and_ends_with_it():
    clients = Clients()
    client = clients.renew(Route("tcp", "127.0.0.1", 1), 0.0)
    clients.add_feed(client, "", ("/liveband/stem",), 0.03)
    clients.expire(100 * LEASE_S)
    assert clients.followers == [client]
    clients.forget(client.source)
    assert clients.followers == []


def test_too_many_clients_feeds_and_ports_are_refused():
    clients = Clients()
    for port in range(MAX_CLIENTS):
        clients.add_feed(clients.renew(udp(port), 0.0), "", (), 0.03)
    one_more = clients.renew(udp(5000), 0.0)
    with pytest.raises(RefusedError, match="clients are registered") as caught:
        clients.add_feed(one_more, "", (), 0.03)
    assert caught.value.code == FailureCode.CLIENTS
    (first, *_) = clients
    for number in range(MAX_FEEDS - 1):
        clients.add_feed(first, f"/{number}", (), 0.03)
    with pytest.raises(RefusedError, match="subscriptions"):
        clients.add_feed(first, "/one/more", (), 0.03)
    for port in range(MAX_PORTS):
        clients.listen_at(first, udp(7000 + port))
    with pytest.raises(RefusedError, match="ports"):
        clients.listen_at(first, udp(8000))


def test_strangers_are_let_go_and_followers_kept():
    clients = Clients()
    follower = clients.renew(udp(1), now_s=0.0)
    clients.add_feed(follower, "", ("/liveband/stem",), 0.03)
    for port in range(2, 1000):
        clients.renew(udp(port), now_s=float(port))
    assert follower in list(clients)
    assert len(list(clients)) < 100
