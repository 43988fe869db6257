"""Tests of the control store of a plugin, whose host moves controls."""

import asyncio
from concurrent.futures import Future

import pytest
from bridge._native import lib

from bridge.audio.shared.counters import EngineState
from bridge.audio.shared.host_program import HostChange
from bridge.audio.shared.share import AudioShare
from bridge.common.background import TaskErrors
from bridge.controls.controls import Controls
from bridge.controls.parameters import PARAMETERS
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.engine.status import EngineStatus
from bridge.live.host_controls import HostControls
from tests.bridge.fake_band import FakeBand

DUO = PARAMETERS.with_choices("stem", ("drums", "kazoo"), "drums")
STEM, NOISE, FREEZE = (PARAMETERS[name].number for name in ("stem", "noise", "freeze"))
OTHER = float(len(PARAMETERS["stem"].choices) - 1)


class Engine:
    """An engine that plays and takes everything."""

    status = EngineStatus(state=EngineState.LIVE)

    def requantize(self, grid):
        taken = Future()
        taken.set_result(None)
        return taken


@pytest.fixture
def share():
    with AudioShare.create(48_000, 2400) as made:
        yield made


def play(share, scene):
    """Let a host move controls, by what ``scene`` does, and return the store."""

    async def run():
        store, errors = ControlStore(FakeBand(), Controls(DUO)), TaskErrors()
        following = HostControls(share, store, None, Engine(), lambda: "duo", errors)

        async def settled():
            share.settled = False
            while not share.settled:
                await asyncio.sleep(0.001)

        task = asyncio.create_task(following.run())
        try:
            await asyncio.wait_for(scene(settled), 60)
        finally:
            task.cancel()
            await asyncio.wait({task})
        assert not errors.counts
        return store

    return asyncio.run(run())


def move(share, number, value, player=1):
    share.log_change(HostChange(frame=0, player=player, number=number, value=value))


@pytest.mark.parametrize(("raw", "stem"), [(0.4, "drums"), (OTHER + 1, "kazoo"), (99, "kazoo")])
def test_a_number_between_two_choices_or_beyond_all_is_the_nearest(share, raw, stem):
    async def scene(settled):
        move(share, STEM, raw)
        await settled()

    store = play(share, scene)
    assert store.controls.text("stem") == stem
    assert share.value_told(1, STEM) == (OTHER + 1 if stem == "kazoo" else 0.0)


@pytest.mark.parametrize(("raw", "is_on"), [(0.3, False), (0.5, False), (0.7, True), (1, True)])
def test_a_toggle_on_its_way_is_on_where_the_plugin_has_it_on(share, raw, is_on):
    async def scene(settled):
        move(share, FREEZE, raw)
        await settled()

    assert play(share, scene).controls.flag("freeze") is is_on


def test_what_is_refused_again_and_again_is_told_once_until_it_is_taken(share, caplog):
    async def scene(settled):
        for raw in (OTHER, OTHER - 1, OTHER, 0.0, OTHER):
            move(share, STEM, raw)
            move(share, STEM, raw, player=2)
            await settled()

    play(share, scene)
    told = [record.message for record in caplog.records if "refused" in record.message]
    assert [text.split(" of the host")[0] for text in told] == ["stem", "player/2/stem"] * 2


def test_what_the_host_moved_too_fast_is_told_once_with_its_number(share, caplog):
    async def scene(settled):
        for _ in range(2):
            for index in range(lib.LB_CHANGES + 99):
                move(share, NOISE, index % 50 / 50)
            await settled()

    store = play(share, scene)
    (told,) = (record.message for record in caplog.records if "faster" in record.message)
    assert "100 changes are lost" in told
    assert store.value(ControlKey(1, "noise")) == (lib.LB_CHANGES + 98) % 50 / 50


def test_what_was_lost_before_the_start_is_nothing_that_was_missed(share, caplog):
    for index in range(lib.LB_CHANGES + 99):
        move(share, NOISE, index % 50 / 50)
    assert share.oldest_change == 100

    async def scene(settled):
        await settled()

    play(share, scene)
    assert "faster" not in caplog.text
