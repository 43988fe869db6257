"""Several players, each under its number; the first also without."""

import asyncio

import pytest

from bridge.common.errors import FailureCode
from bridge.controls.parameters import PARAMETERS
from bridge.osc.codec import Message
from bridge.osc.dispatch import Addresses


def resolve(address, *arguments, players=1):
    return list(Addresses(PARAMETERS, players).resolve(Message(address, arguments)))


@pytest.mark.parametrize("row", PARAMETERS.rows, ids=lambda row: row.name)
def test_every_address_exists_with_a_number(row):
    (plain,) = resolve(row.address)
    (numbered,) = resolve(f"/liveband/player/1/{row.name}")
    assert type(plain) is type(numbered)
    assert (plain.target.row, plain.target.player) == (
        numbered.target.row,
        numbered.target.player,
    )


@pytest.mark.parametrize(
    ("number", "players", "words"),
    [("0", 1, "1 player,"), ("2", 1, "1 player,"), ("007", 3, "3 players,")],
)
def test_a_player_that_is_not_there(number, players, words):
    (refusal,) = resolve(f"/liveband/player/{number}/stem", "bass", players=players)
    assert refusal.error.code == FailureCode.UNAVAILABLE
    assert words in str(refusal.error)
    assert "counted from 1" in str(refusal.error)


@pytest.mark.parametrize("address", ["/liveband/player/x/stem", "/liveband/player/1/steam"])
def test_what_is_no_player_is_no_address(address):
    (refusal,) = resolve(address, 1)
    assert refusal.error.code == FailureCode.ADDRESS


def test_patterns_reach_several_players():
    puts = resolve("/liveband/player/*/gain/out", -6, players=3)
    assert [put.target.player for put in puts] == [1, 2, 3]
    (put,) = resolve("/liveband/player/[!13]/gain/out", -6, players=3)
    assert put.target.player == 2


def test_each_player_has_its_own_controls(on_stage):
    async def scene(stage):
        client, other = await stage.client(), await stage.client()
        await other.ask("/liveband/register")
        done = await client.ask("/liveband/player/2/stem", "bass")
        assert done == ("/liveband/done", "/liveband/player/2/stem", "bass")
        assert await other.next() == ("/liveband/player/2/stem", "bass")
        controls = stage.store.controls
        assert (controls["stem"], controls.of(2)["stem"]) == ("drums", "bass")
        await client.ask("/liveband/player/1/stem", "piano")
        assert await other.next() == ("/liveband/stem", "piano")
        client.send("/liveband/player/*/noise", 0.5)
        assert len(await client.rest()) == 2
        assert stage.band.applied[:2] == [{"player/2/stem": "bass"}, {"stem": "piano"}]
        assert {"noise": 0.5} in stage.band.applied[2:]
        assert {"player/2/noise": 0.5} in stage.band.applied[2:]
        client.send("/liveband/player/2/reseed")
        await client.rest()
        assert stage.band.fired == ["player/2/reseed"]
        client.send("/liveband/dump")
        told = dict((address, value) for address, value, *_ in await client.rest())
        assert told["/liveband/stem"] == "piano"
        assert told["/liveband/player/2/stem"] == "bass"
        assert "/liveband/player/1/stem" not in told

    on_stage(scene, players=2)


def test_what_the_band_has_in_common_is_the_same_under_every_number(on_stage):
    async def scene(stage):
        client, other = await stage.client(), await stage.client()
        await other.ask("/liveband/register")
        done = await client.ask("/liveband/player/2/anticipation", 1.0)
        assert done == ("/liveband/done", "/liveband/player/2/anticipation", 1.0)
        assert await other.next() == ("/liveband/anticipation", 1.0)
        assert stage.store.controls["anticipation"] == 1.0
        client.send("/liveband/player/*/tap", 1)
        await client.rest()
        assert stage.band.fired == ["tap"]

    on_stage(scene, players=2)


def test_players_come_and_go_for_everyone_who_follows(on_stage):
    async def scene(stage):
        client, other = await stage.client(), await stage.client()
        await client.ask("/liveband/register")
        await other.ask("/liveband/subscribe", "/liveband/player/*/noise")
        await other.rest()
        await client.ask("/liveband/players", 1)
        assert (await client.ask("/liveband/player/2/stem", "bass"))[
            2
        ] == FailureCode.UNAVAILABLE
        await asyncio.sleep(0.2)  # a change and back would be no news
        await client.ask("/liveband/players", 2)
        assert await other.next() == ("/liveband/player/2/noise", 1.0)
        await client.ask("/liveband/player/2/noise", 0.25)
        assert await other.next() == ("/liveband/player/2/noise", 0.25)
        await client.ask("/liveband/players", 1)
        client.send("/liveband/player/2/noise")
        assert ("/liveband/fail", "/liveband/player/2/noise", FailureCode.UNAVAILABLE) in [
            news[:3] for news in await client.rest()
        ]

    on_stage(scene, players=2)


def test_who_joins_by_a_bundle_is_told_by_it_what_to_be(on_stage):
    async def scene(stage):
        client, order = await stage.client(), []
        await client.ask("/liveband/players", 1)
        stage.band.refuse = order.append
        join = Message("/liveband/players", (2,))
        play = Message("/liveband/player/2/stem", ("bass",))
        client.send_together(join, play)
        assert await client.next() == ("/liveband/done", "/liveband/players", 2)
        assert await client.next() == ("/liveband/done", "/liveband/player/2/stem", "bass")
        assert order == [{"player/2/stem"}, {"players"}]
        client.send_together(play, join, Message("/liveband/players", (1,)), play)
        answers = [await client.next() for _ in range(4)]
        refused = ("/liveband/fail", "/liveband/player/2/stem", FailureCode.UNAVAILABLE)
        assert [answer[:3] for answer in answers].count(refused) == 1
        assert stage.store.controls["players"] == 1

    on_stage(scene, players=2)


def test_the_sender_of_a_numbered_address_hears_no_echo(on_stage):
    async def scene(stage):
        client = await stage.client()
        await client.ask("/liveband/register")
        await client.ask("/liveband/player/1/noise", 0.5)
        await client.ask("/liveband/n/noise", 0.5)
        client.send("/liveband/ping")
        assert [news[0] for news in await client.rest()] == ["/liveband/pong"]

    on_stage(scene)
