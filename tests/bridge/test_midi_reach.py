"""Tests of reports about a knob that has yet to meet its control."""

import asyncio

import pytest

from bridge.controls.controls import Controls
from bridge.controls.readings import TakeoverReading
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.midi.event import EventKind, encode
from bridge.midi.frame_clock import FrameClock
from bridge.midi.service import MidiService
from tests.bridge.fake_band import FakeBand
from tests.bridge.fake_controls import FakePort

RATE = 48_000


def play(tmp_path, scene):
    async def run():
        store, port = ControlStore(FakeBand(), Controls()), FakePort()
        seconds = [1.0]
        clock = FrameClock(lambda: 0, lambda: RATE, lambda: seconds[0])
        service = MidiService(store, [port], clock, tmp_path)

        async def turn(*values, number=23):
            for value in values:
                port.arriving.append(
                    (round(seconds[0] * RATE), encode(EventKind.CC, 1, number, value))
                )
                service.step()
                seconds[0] += 0.1
                service.step()
            await service.finish()
            return service.takeover

        await scene(store, service, turn)

    asyncio.run(run())


def test_a_waiting_knob_and_its_control_are_shown_until_they_meet(tmp_path):
    async def scene(store, service, turn):
        assert service.takeover == TakeoverReading()
        await store.set(ControlKey(1, "gain/out"), -24.0)
        told = await turn(0, 32)
        assert (told.control, told.value, told.waiting) == ("gain/out", 0.5, True)
        assert told.knob == pytest.approx(32 / 127)
        await store.set(ControlKey(1, "gain/out"), -42.0)
        assert service.takeover.value == 0.25
        met = await turn(30)
        assert not met.waiting
        assert met.knob == met.value == pytest.approx(30 / 127)
        assert (await turn(100)).value == pytest.approx(100 / 127)

    play(tmp_path, scene)


def test_who_holds_its_control_has_nothing_to_show(tmp_path):
    async def scene(store, service, turn):
        await store.set(ControlKey(1, "midi/takeover"), "jump")
        assert await turn(3, 99) == TakeoverReading()

    play(tmp_path, scene)


def test_a_scaled_control_is_shown_while_they_are_apart(tmp_path):
    async def scene(store, service, turn):
        await store.set(ControlKey(1, "midi/takeover"), "scale")
        await store.set(ControlKey(1, "noise"), 1.0)
        told = await turn(20, 40, number=25)
        assert (told.control, told.waiting) == ("noise", True)
        assert 0.5 < told.value < 1.0
        assert told.knob < told.value

    play(tmp_path, scene)


def test_registered_clients_are_told(on_stage):
    async def scene(stage):
        client = await stage.client()
        await client.ask("/liveband/register")
        stage.band.readings["midi/takeover/state"] = lambda player: TakeoverReading(
            control="noise", knob=0.25, value=0.5, waiting=True
        )
        told = await client.next()
        assert told == ("/liveband/midi/takeover/state", "noise", 0.25, 0.5, 1)

    on_stage(scene)
