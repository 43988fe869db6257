"""A change that waits for the beat is answered when it is in force, and not before."""

import asyncio

import pytest

from bridge.common.errors import SupersededError
from bridge.controls.table import ControlKey
from bridge.osc.codec import Message
from tests.bridge.test_osc_tcp import connect

STEM, RESET = ControlKey(1, "stem"), ControlKey(1, "reset")


@pytest.mark.parametrize(
    ("address", "arguments", "done"),
    [
        ("/liveband/stem", ("bass",), ("bass",)),
        ("/liveband/player/1/stem", ("bass",), ("bass",)),
        ("/liveband/n/stem", (1.0,), (1.0,)),
        ("/liveband/reset", (), ()),
    ],
)
def test_done_comes_with_the_line_and_pending_before(on_stage, address, arguments, done):
    async def scene(stage):
        stage.band.quantized = {"stem", "reset"}
        client = await stage.client()
        assert await client.ask(address, *arguments) == (
            "/liveband/pending",
            address,
            "bar",
            8.0,
        )
        assert (await client.ask("/liveband/ping"))[0] == "/liveband/pong"
        stage.band.land()
        assert await client.next() == ("/liveband/done", address, *done)

    on_stage(scene)


def test_sync_waits_for_the_line_too(on_stage):
    async def scene(stage):
        stage.band.quantized = {"stem"}
        client = await stage.client()
        client.send("/liveband/stem", "bass")
        client.send("/liveband/sync", 7)
        assert (await client.next())[0] == "/liveband/pending"
        assert (await client.ask("/liveband/ping"))[0] == "/liveband/pong"
        stage.band.land()
        assert await client.next() == ("/liveband/done", "/liveband/stem", "bass")
        assert await client.next() == ("/liveband/synced", 7)

    on_stage(scene)


def test_nothing_is_held_up_by_what_waits(on_stage):
    async def scene(stage):
        stage.band.quantized = {"stem"}
        client = await stage.client()
        await client.ask("/liveband/stem", "bass")
        for noise in (0.25, 0.5):  # of the same lane
            assert await client.ask("/liveband/noise", noise) == (
                "/liveband/done", "/liveband/noise", noise,
            )  # fmt: skip
        assert STEM in stage.band.waiting

    on_stage(scene)


def test_a_second_change_supersedes_and_both_are_told_over_every_transport(on_stage):
    async def scene(stage):
        stage.band.quantized = {"stem"}
        first, second = await connect(stage), await stage.client()
        assert (await first.ask("/liveband/stem", "bass"))[0] == "/liveband/pending"
        assert (await second.ask("/liveband/stem", "piano"))[0] == "/liveband/pending"
        address, *superseded = await first.next()
        assert (address, superseded[:2]) == ("/liveband/fail", ["/liveband/stem", 14])
        assert "later change" in superseded[2]
        stage.band.land()
        assert await second.next() == ("/liveband/done", "/liveband/stem", "piano")
        assert stage.store.value(STEM) == "piano"

    on_stage(scene)


def test_a_change_superseded_before_it_was_handed_over_is_told_too(on_stage):
    async def scene(stage):
        stage.band.quantized = {"stem"}
        stage.band.gate.clear()
        one, other, last = [await stage.client() for _ in range(3)]
        one.send("/liveband/noise", 0.5)  # the engine is busy with this one
        await asyncio.sleep(0.05)
        other.send("/liveband/stem", "bass")
        last.send("/liveband/stem", "piano")
        await asyncio.sleep(0.05)
        stage.band.gate.set()
        assert (await other.next())[:3] == ("/liveband/fail", "/liveband/stem", 14)
        assert (await last.next())[0] == "/liveband/pending"
        stage.band.land()
        assert await last.next() == ("/liveband/done", "/liveband/stem", "piano")

    on_stage(scene)


def test_of_a_bundle_each_is_told_what_became_of_it(on_stage):
    async def scene(stage):
        stage.band.quantized = {"stem", "noise"}
        client, other = await stage.client(), await stage.client()
        client.send_together(
            Message("/liveband/stem", ("bass",)),
            Message("/liveband/noise", (0.5,)),
            Message("/liveband/gain/out", (-6.0,)),
        )
        assert {(await client.next())[:2] for _ in range(2)} == {
            ("/liveband/pending", "/liveband/stem"), ("/liveband/pending", "/liveband/noise"),
        }  # fmt: skip
        await other.ask("/liveband/noise", 0.25)
        stage.band.land()
        answers = [await client.next() for _ in range(3)]
        assert answers[0] == ("/liveband/done", "/liveband/stem", "bass")
        assert answers[1][:3] == ("/liveband/fail", "/liveband/noise", 14)
        assert answers[2] == ("/liveband/done", "/liveband/gain/out", -6.0)

    on_stage(scene)


def test_a_reset_again_supersedes_the_one_that_waits(on_stage):
    async def scene(stage):
        stage.band.quantized = {"reset"}
        one, other = await stage.client(), await stage.client()
        await one.ask("/liveband/reset")
        await other.ask("/liveband/reset")
        assert (await one.next())[:3] == ("/liveband/fail", "/liveband/reset", 14)
        stage.band.land()
        assert await other.next() == ("/liveband/done", "/liveband/reset")

    on_stage(scene)


def test_the_end_of_the_program_is_told_to_whoever_waits(on_stage):
    async def scene(stage):
        stage.band.quantized = {"stem", "reset"}
        client = await stage.client()
        await client.ask("/liveband/register")
        await client.ask("/liveband/stem", "bass")
        await client.ask("/liveband/reset")
        await stage.endpoint.close()
        told = {(await client.next())[:3] for _ in range(2)}
        assert told == {
            ("/liveband/fail", "/liveband/stem", 7), ("/liveband/fail", "/liveband/reset", 7),
        }  # fmt: skip
        assert (await client.next())[0] == "/liveband/bye"

    on_stage(scene)


def test_a_line_that_does_not_come_costs_patience_and_the_change_goes_on_waiting(on_stage):
    async def scene(stage):
        stage.band.quantized = {"stem"}
        stage.band.within_s, stage.store.patience_s = 0.0, 0.5
        client = await stage.client()
        await client.ask("/liveband/stem", "bass")
        assert await client.next() == ("/liveband/stem", "bass")
        address, at, code, text = await client.next()
        assert (address, at, code) == ("/liveband/fail", "/liveband/stem", 8)
        assert "waits for the bar" in text
        assert stage.store.value(STEM) == "bass"

    on_stage(scene)


def test_whoever_hands_over_only_does_not_wait_and_leaves_no_error_behind(on_stage):
    async def scene(stage):
        stage.band.quantized = {"stem", "reset"}
        assert await stage.store.hand_over({STEM: "bass"}) == {}
        assert (await stage.store.start(RESET)).parts.keys() == {RESET}
        with pytest.raises(SupersededError):
            await asyncio.gather(stage.store.set(STEM, "piano"), stage.store.set(STEM, "drums"))

    on_stage(scene)
