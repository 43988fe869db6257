"""A change that waits for the beat is answered when it is in force, and not before."""

import asyncio

import pytest

from bridge.common.background import TaskErrors
from bridge.common.errors import SupersededError
from bridge.controls.controls import Controls
from bridge.controls.parameters import PARAMETERS
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.midi.store_access import StoreAccess
from bridge.osc.codec import Message
from bridge.state.presets.commands import PresetCommands
from bridge.state.presets.folder import PresetFolder
from tests.bridge.fake_band import FakeBand
from tests.bridge.test_osc_query import socket
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


async def ask(client, stem):
    """Ask for a stem, which waits."""
    sent = client.send("/liveband/stem", stem)
    if sent is not None:
        await sent
    assert (await client.next())[:2] == ("/liveband/pending", "/liveband/stem")


def test_a_second_change_supersedes_and_both_are_told_over_every_transport(on_stage):
    async def scene(stage):
        stage.band.quantized = {"stem"}
        first, second, third = await connect(stage), await stage.client(), await socket(stage)
        await ask(first, "bass")
        for before, after, stem in ((first, second, "piano"), (second, third, "guitar")):
            await ask(after, stem)
            address, *superseded = await before.next()
            assert (address, superseded[:2]) == ("/liveband/fail", ["/liveband/stem", 14])
            assert "later change" in superseded[2]
        stage.band.land()
        assert await third.next() == ("/liveband/done", "/liveband/stem", "guitar")
        assert stage.store.value(STEM) == "guitar"

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


def test_a_preset_answers_when_all_of_it_is_in_force_and_gives_way_to_the_next(
    on_stage, tmp_path
):
    async def scene(stage):
        presets = PresetCommands(stage.store, PresetFolder(tmp_path, PARAMETERS))
        stage.band.commands |= presets.commands
        first, second = await stage.client(), await stage.client()
        for stem, name in (("bass", "a"), ("piano", "b")):
            await first.ask("/liveband/stem", stem)
            await first.ask("/liveband/preset/save", name)
        stage.band.quantized = {"stem"}
        first.send("/liveband/preset/load", "a")
        while STEM not in stage.band.waiting:
            await asyncio.sleep(0.001)
        second.send("/liveband/preset/next")
        address, at, code, text = await first.next()
        assert (address, at, code) == ("/liveband/fail", "/liveband/preset/load", 14)
        assert "'a'" in text
        assert "stem" in text
        assert (await first.ask("/liveband/ping"))[0] == "/liveband/pong"
        assert second.inbox.empty()
        stage.band.land()
        assert await second.next() == ("/liveband/done", "/liveband/preset/next", "b")

    on_stage(scene)


def test_a_midi_controller_that_changes_its_mind_is_no_warning(caplog):
    async def scene():
        band = FakeBand()
        band.quantized = {"stem"}
        access = StoreAccess(ControlStore(band, Controls()), None, TaskErrors())
        for stem in ("bass", "piano", "guitar"):
            access.set(STEM, stem)
            for _ in range(9):
                await asyncio.sleep(0)
        band.land()
        await access.finish()
        assert access.value(STEM) == "guitar"

    caplog.set_level("DEBUG", "bridge")
    asyncio.run(scene())
    told = [(record.levelname, record.message) for record in caplog.records]
    assert [level for level, _ in told] == ["DEBUG", "DEBUG"]
    assert all("MIDI stem: a later change" in text for _, text in told)
