"""A lease that ends is told first, and the next packet revives what its client followed."""

import asyncio

from bridge.osc.clients import LEASE_S, MAX_CLIENTS, REVIVAL_S, Clients
from bridge.osc.route import Route


def udp(port):
    return Route("udp", "127.0.0.1", port)


def test_a_silent_client_is_left_alone_and_a_packet_renews():
    clients = Clients()
    quiet, lively = clients.renew(udp(1), 0.0), clients.renew(udp(2), 0.0)
    stranger = clients.renew(udp(3), 0.0)
    for client in (quiet, lively):
        clients.add_feed(client, "", ("/liveband/stem",), 0.03)
    clients.renew(udp(2), LEASE_S)
    assert clients.expire(LEASE_S + 1) == [quiet]
    assert clients.followers == [lively]
    assert stranger not in list(clients)
    assert clients.expire(LEASE_S + 2) == []  # each is told once


def test_the_next_packet_revives_a_client_for_a_while():
    clients = Clients()
    client = clients.renew(udp(1), 0.0)
    clients.add_feed(client, "", ("/liveband/stem",), 0.03)
    clients.listen_at(client, udp(2))
    for source in (udp(1), udp(2)):
        silent_s = client.last_seen_s + LEASE_S + 1
        assert clients.expire(silent_s) == [client]
        clients.renew(source, silent_s + REVIVAL_S - 2)
        assert clients.take_revived() == clients.followers == [client]
        assert clients.take_revived() == []
    clients.expire(client.last_seen_s + LEASE_S + 1)
    clients.expire(client.last_seen_s + LEASE_S + REVIVAL_S + 1)
    clients.renew(udp(1), 1e6)
    assert clients.followers == []


def test_whoever_came_meanwhile_keeps_the_place_of_a_silent_client():
    clients = Clients()
    silent = clients.renew(udp(1), 0.0)
    clients.add_feed(silent, "", ("/liveband/stem",), 0.03)
    clients.expire(LEASE_S + 1)
    for port in range(MAX_CLIENTS):
        clients.add_feed(clients.renew(udp(100 + port), LEASE_S + 2), "", (), 0.03)
    clients.renew(udp(1), LEASE_S + 3)
    assert clients.take_revived() == []
    assert len(clients.followers) == MAX_CLIENTS


def test_a_lease_that_ends_is_told_and_any_packet_brings_back_what_was_followed(on_stage):
    async def scene(stage):
        client, hand = await stage.client(), await stage.client()
        await client.ask("/liveband/register")
        await client.ask("/liveband/subscribe", "/liveband/noise")
        await client.rest()
        for follower in stage.endpoint.server.service.clients.followers:
            follower.last_seen_s -= LEASE_S + 1
        address, reason = await client.next()
        assert address == "/liveband/bye"
        assert "60 s" in reason
        assert "again" in reason
        assert stage.endpoint.reading.clients == 0
        await hand.ask("/liveband/noise", 0.25)
        heartbeats = client.heartbeats
        client.send("/liveband/enable")  # a question is a move as well
        news = [await client.next() for _ in range(3)]
        assert news[0][0] == "/liveband/hello"
        assert ("/liveband/enable", 1) in news
        assert ("/liveband/noise", 0.25) in news
        while client.heartbeats == heartbeats:
            await asyncio.sleep(0.05)

    on_stage(scene)


def test_a_packet_from_a_registered_port_renews_as_well():
    clients = Clients()
    client = clients.renew(udp(1), 0.0)
    clients.add_feed(client, "", ("/liveband/stem",), 0.03)
    clients.listen_at(client, udp(2))
    clients.renew(udp(2), LEASE_S)
    clients.expire(LEASE_S + 1)
    assert clients.followers == [client]
