"""A real socket on a free port, with a band that is not there behind it."""

import asyncio
import socket

import pytest

from bridge.common.errors import ConfigError, EnvironmentMissing, RefusedError
from bridge.config import OscSettings
from bridge.controls.controls import Controls
from bridge.controls.store import ControlStore
from bridge.osc.endpoint import OscEndpoint
from tests.bridge.fake_band import FakeBand


def test_set_read_and_done(on_stage):
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

    on_stage(scene)


def test_triggers_are_done_when_they_are(on_stage):
    async def scene(stage):
        client = await stage.client()
        assert await client.ask("/liveband/reset") == ("/liveband/done", "/liveband/reset")
        client.send("/liveband/panic", 0.0)
        assert await client.ask("/liveband/panic", 1.0) == ("/liveband/done", "/liveband/panic")
        assert stage.band.fired == ["reset", "panic"]

    on_stage(scene)


def test_a_clamped_value_comes_back_with_a_notice(on_stage):
    async def scene(stage):
        client = await stage.client()
        client.send("/liveband/gain/out", 99.0)
        assert await client.next() == ("/liveband/gain/out", 12.0)
        fail = await client.next()
        assert fail[:3] == ("/liveband/fail", "/liveband/gain/out", 4)
        assert "-60 to 12 dB, got 99; 12 applied" in fail[3]
        assert await client.next() == ("/liveband/done", "/liveband/gain/out", 12.0)

    on_stage(scene)


def test_a_refused_value_comes_back_as_it_was(on_stage):
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

    on_stage(scene)


def test_a_bug_in_the_target_is_answered_and_logged(on_stage, caplog):
    async def scene(stage):
        client = await stage.client()
        stage.band.refuse = lambda names: ZeroDivisionError("oops")
        fault = "a fault of the program (oops); please report the log"
        fail = await client.ask("/liveband/reset")
        assert fail == ("/liveband/fail", "/liveband/reset", 99, fault)
        assert await client.ask("/liveband/stem") == ("/liveband/stem", "drums")

    on_stage(scene)
    assert "ZeroDivisionError" in caplog.text


def test_sync_answers_after_everything_before_it(on_stage):
    async def scene(stage):
        client = await stage.client()
        stage.band.gate.clear()
        client.send("/liveband/stem", "bass")
        client.send("/liveband/sync", 3)
        assert (await client.ask("/liveband/ping"))[0] == "/liveband/pong"
        stage.band.gate.set()
        assert await client.next() == ("/liveband/done", "/liveband/stem", "bass")
        assert await client.next() == ("/liveband/synced", 3)

    on_stage(scene)


def test_too_much_under_way_is_refused_as_busy(on_stage, monkeypatch):
    monkeypatch.setattr("bridge.osc.server.MAX_UNDER_WAY", 3)

    async def scene(stage):
        client = await stage.client()
        stage.band.gate.clear()
        for _ in range(3):
            client.send("/liveband/stem", "bass")
        assert (await client.ask("/liveband/mute", 1))[1:3] == ("/liveband/mute", 6)
        stage.band.gate.set()
        assert len(await client.rest()) == 3

    on_stage(scene)


async def opened(**settings):
    store = ControlStore(FakeBand(), Controls())
    return await OscEndpoint.open(store, settings=OscSettings(**settings), version="1")


@pytest.mark.parametrize("protocol", ["UDP", "TCP"])
def test_a_port_that_is_taken_says_by_whom_and_what_to_do(taken, protocol):
    async def scene():
        with socket.create_server(("127.0.0.1", 0)) as streams:
            holder = taken if protocol == "UDP" else streams
            port = holder.getsockname()[1]
            words = rf"{protocol} port {port} is taken by .*--osc-port"
            with pytest.raises(EnvironmentMissing, match=words):
                await opened(port=port)

    asyncio.run(scene())


def test_a_query_port_that_is_taken_is_named_and_the_others_are_free_again():
    async def scene():
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            with pytest.raises(EnvironmentMissing, match="--osc-query-port"):
                await opened(port=0, query_port=holder.getsockname()[1])
        endpoint = await opened(port=0)
        port = endpoint.port
        await endpoint.close()
        await endpoint.close()
        await (await opened(port=port, query_port=0)).close()

    asyncio.run(scene())


def test_an_address_that_is_not_ours_is_refused():
    with pytest.raises(EnvironmentMissing, match=r"cannot listen on 203\.0\.113\.1"):
        asyncio.run(opened(host="203.0.113.1", port=0))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"host": "localhost"}, "--osc-bind takes a numeric address"),
        ({"port": 65536}, "--osc-port takes 0..65535"),
        ({"query_port": -1}, "--osc-query-port takes"),
        ({"allow": ("home",)}, "--osc-allow takes numeric addresses"),
        ({"trust": ("192.168.0.0/33",)}, "--osc-trust takes numeric addresses"),
        ({"port": 0, "feedback": ("tablet",)}, "--osc-feedback: expected a port"),
        ({"port": 0, "feedback": ("tablet:9000",)}, "--osc-feedback takes a numeric address"),
    ],
)
def test_settings_that_cannot_be_say_what_can(settings, words):
    with pytest.raises(ConfigError, match=words):
        asyncio.run(opened(**settings))


def test_everything_over_ipv6():
    async def scene():
        try:
            endpoint = await opened(host="::1", port=0)
        except EnvironmentMissing:
            pytest.skip("this machine has no IPv6")
        loop = asyncio.get_running_loop()
        replies = asyncio.Queue()

        class Peer(asyncio.DatagramProtocol):
            def datagram_received(self, data, addr):
                replies.put_nowait(data)

        transport, _ = await loop.create_datagram_endpoint(
            Peer, remote_addr=("::1", endpoint.port)
        )
        transport.sendto(b"/liveband/noise\0,\0\0\0")
        assert (await asyncio.wait_for(replies.get(), 60)).startswith(b"/liveband/noise\0,f")
        transport.close()
        await endpoint.close()

    asyncio.run(scene())
