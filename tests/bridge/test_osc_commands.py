"""The commands of the protocol, over a real socket."""

import pytest

from bridge.common.errors import RefusedError
from bridge.controls.parameters import PARAMETERS


def test_ping_version_stems_get_describe(on_stage):
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

    on_stage(scene)


@pytest.mark.parametrize("row", PARAMETERS.rows, ids=lambda row: row.name)
def test_every_row_describes_itself(on_stage, row):
    async def scene(stage):
        client = await stage.client()
        description = await client.ask("/liveband/describe", row.address)
        assert description[:2] == ("/liveband/description", row.address)
        assert description[7] == row.help

    on_stage(scene)


def test_dump_tells_everything(on_stage):
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

    on_stage(scene)


def test_connections_go_through_the_target(on_stage):
    async def scene(stage):
        client = await stage.client()
        connection = ("daw:out", "liveband:in_L")
        done = await client.ask("/liveband/jack/connect", *connection)
        assert done == ("/liveband/done", "/liveband/jack/connect", *connection)
        assert stage.band.connections == {connection}
        stage.band.refuse = lambda names: RefusedError("JACK: no such port daw:out", 20)
        fail = await client.ask("/liveband/jack/disconnect", *connection)
        assert fail[2:] == (20, "JACK: no such port daw:out")
        client.send("/liveband/jack/ports")
        assert await client.rest() == [
            ("/liveband/jack/ports", "daw:out"),
            ("/liveband/jack/ports", "liveband:in_L"),
            ("/liveband/done", "/liveband/jack/ports", 2),
        ]

    on_stage(scene)


def test_quit_says_bye_to_those_who_follow(on_stage):
    async def scene(stage):
        client, other = await stage.client(), await stage.client()
        await other.ask("/liveband/register")
        assert await client.ask("/liveband/quit") == ("/liveband/done", "/liveband/quit")
        assert stage.band.ended
        await stage.endpoint.close()
        assert await other.next() == ("/liveband/bye", "the program ends")

    on_stage(scene)
