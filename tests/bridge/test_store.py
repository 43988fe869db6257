"""Changes reach the target in order, the latest of each, and are taken back if refused."""

import asyncio

import pytest

from bridge.common.errors import RefusedError
from bridge.controls.controls import Controls
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from tests.bridge.fake_band import FakeBand


def play(scene, **kwargs):
    """Run ``scene(store, band)`` in a loop of its own."""

    async def run():
        band = FakeBand()
        await asyncio.wait_for(scene(ControlStore(band, Controls(), **kwargs), band), 30)

    asyncio.run(run())


async def started(*calls):
    """Return tasks of the calls, each up to its first wait."""
    tasks = [asyncio.ensure_future(call) for call in calls]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


def test_a_change_is_shown_at_once_and_then_applied():
    async def scene(store, band):
        seen = []
        store.follow(lambda key: seen.append(str(key)))
        change = store.set(ControlKey(1, "gain/out"), -6.0)
        assert (store.controls.real("gain/out"), seen, band.applied) == (-6.0, ["gain/out"], [])
        await change
        assert band.applied == [{"gain/out": -6.0}]

    play(scene)


def test_a_fader_builds_no_queue_while_the_engine_is_busy():
    async def scene(store, band):
        band.gate.clear()
        moves = await started(
            *(store.set(ControlKey(1, "noise"), step / 100) for step in range(101))
        )
        moves += await started(store.set(ControlKey(1, "stem"), "bass"))
        band.gate.set()
        await asyncio.gather(*moves)
        assert len(band.applied) <= 2
        assert {**band.applied[0], **band.applied[-1]} == {"noise": 1.0, "stem": "bass"}

    play(scene)


def test_mute_and_panic_do_not_wait_for_the_engine():
    async def scene(store, band):
        band.gate.clear()
        (waiting,) = await started(store.set(ControlKey(1, "stem"), "bass"))
        await store.set(ControlKey(1, "mute"), True)
        await store.fire(ControlKey(1, "panic"))
        assert (band.applied, band.fired) == ([{"mute": True}], ["panic"])
        assert not waiting.done()
        band.gate.set()
        await waiting

    play(scene)


def test_a_trigger_keeps_its_place():
    async def scene(store, band):
        order = []
        apply, fire = band.apply, band.fire

        async def note_apply(controls, changed):
            waiting = await apply(controls, changed)
            order.extend(sorted(map(str, changed)))
            return waiting

        async def note_fire(key, controls):
            waiting = await fire(key, controls)
            order.append(key.name)
            return waiting

        band.apply, band.fire = note_apply, note_fire
        band.gate.clear()
        tasks = await started(store.set(ControlKey(1, "stem"), "bass"))
        tasks += await started(store.set(ControlKey(1, "seed"), 5))
        tasks += await started(store.fire(ControlKey(1, "reset")))
        tasks += await started(store.set(ControlKey(1, "noise"), 0.5))
        band.gate.set()
        await asyncio.gather(*tasks)
        assert order == ["stem", "seed", "reset", "noise"]

    play(scene)


def test_what_the_target_refuses_is_taken_back():
    async def scene(store, band):
        seen = []
        store.follow(lambda key: seen.append((key.name, store.value(key))))
        band.refuse = lambda names: RefusedError("no such player", 7)
        with pytest.raises(RefusedError, match="no such player"):
            await store.set(ControlKey(1, "stem"), "bass")
        assert store.controls.text("stem") == "drums"
        assert seen == [("stem", "bass"), ("stem", "drums")]

    play(scene)


def test_one_refusal_does_not_take_the_others_along():
    async def scene(store, band):
        band.gate.clear()
        tasks = await started(store.set(ControlKey(1, "seed"), 1))
        tasks += await started(
            store.set(ControlKey(1, "stem"), "bass"), store.set(ControlKey(1, "noise"), 0.5)
        )
        band.refuse = lambda names: RefusedError("no bass") if "stem" in names else None
        band.gate.set()
        first, stem, noise = await asyncio.gather(*tasks, return_exceptions=True)
        assert (first, noise) == (None, None)
        assert str(stem) == "no bass"
        assert store.controls.text("stem") == "drums"
        assert store.controls.real("noise") == 0.5

    play(scene)


def test_a_later_move_outlives_the_refusal_of_an_earlier_one():
    async def scene(store, band):
        band.gate.clear()
        (first,) = await started(store.set(ControlKey(1, "stem"), "bass"))
        (second,) = await started(store.set(ControlKey(1, "stem"), "piano"))
        band.refuse = lambda names: (
            None if band.applied or first.done() else RefusedError("busy")
        )
        band.gate.set()
        outcomes = await asyncio.gather(first, second, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [RefusedError, type(None)]
        assert store.controls.text("stem") == "piano"

    play(scene)


def test_a_dead_engine_costs_patience_and_no_more():
    async def scene(store, band):
        band.gate.clear()
        with pytest.raises(RefusedError, match=r"stem.*not acknowledged") as caught:
            await store.set(ControlKey(1, "stem"), "bass")
        assert caught.value.code == 8
        assert store.controls.text("stem") == "drums"
        band.gate.set()
        await store.set(ControlKey(1, "stem"), "piano")
        assert band.applied == [{"stem": "piano"}]

    play(scene, patience_s=0.05)
