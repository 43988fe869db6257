"""The MIDI commands as OSC clients and the command line meet them."""

import asyncio
import time
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread

import pytest

from bridge.__main__ import main
from bridge.common.errors import RefusedError
from bridge.config import OscSettings
from bridge.controls.controls import Controls
from bridge.controls.store import ControlStore
from bridge.midi.commands import commands
from bridge.midi.event import EventKind, encode
from bridge.midi.frame_clock import FrameClock
from bridge.midi.service import MidiService
from bridge.osc.client import BridgeClient
from bridge.osc.endpoint import OscEndpoint
from tests.bridge.fake_band import FakeBand, serving
from tests.bridge.fake_controls import FakePort

RATE = 48_000


@contextmanager
def midi_bridge(folder):
    """Answer OSC with MIDI behind it, on a thread; yields the UDP port and the MIDI port."""
    bound, ending, loop = Future(), asyncio.Event(), asyncio.new_event_loop()
    port = FakePort()

    async def answer():
        band = FakeBand()
        store = ControlStore(band, Controls())
        clock = FrameClock(lambda: 0, lambda: RATE, loop.time)
        service = MidiService(store, [port], clock, folder)
        band.commands |= commands(service)
        band.readings["midi/monitor"] = lambda player: service.last_event
        running = asyncio.create_task(service.run())
        endpoint = await OscEndpoint.open(store, settings=OscSettings(port=0), version="0")
        bound.set_result(endpoint.port)
        await ending.wait()
        await endpoint.close()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    thread = Thread(target=lambda: loop.run_until_complete(answer()))
    thread.start()
    try:
        yield bound.result(30), port
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join()
        loop.close()


def turn(port, *values, number=70):
    port.arriving += [(0, encode(EventKind.CC, 1, number, value)) for value in values]


def test_the_command_line_learns(tmp_path, capsys):
    with midi_bridge(tmp_path) as (address, port):
        stop = []

        def keep_turning():
            value = 0
            while not stop:
                value = (value + 5) % 128
                turn(port, value)
                time.sleep(0.05)

        turning = Thread(target=keep_turning)
        turning.start()
        try:
            code = main(["learn", "noise", "--range", "0", "1", "--osc-port", str(address)])
        finally:
            stop.append(True)
            turning.join()
    assert code == 0
    assert capsys.readouterr().out == "/liveband/noise: cc 70 on channel 1, absolute\n"
    text = (tmp_path / "jack.toml").read_text()
    assert "target = [0.0, 1.0]" in text


def test_the_command_line_says_why_nothing_was_learnt(tmp_path, capsys):
    with midi_bridge(tmp_path) as (address, _):
        assert main(["learn", "gain", "--osc-port", str(address)]) == 1
        assert "no control '/liveband/gain'" in capsys.readouterr().err
        options = ["--takeover", "fast", "--osc-port", str(address)]
        assert main(["learn", "noise", *options]) == 1
        assert "takeover takes jump, pickup, scale" in capsys.readouterr().err


def test_maps_can_be_made_and_read_over_osc(tmp_path):
    with midi_bridge(tmp_path) as (address, port), BridgeClient(port=address) as client:
        client.do("/liveband/midi/map", "stem", "cc", 3, 20, "bass", "piano", "jump")
        listed = client.collect("/liveband/midi/list")
        assert listed[0].arguments == (
            *("/liveband/stem", "cc", 3, 20, "absolute", "jump", "bass", "piano"),
            *("own", "jack"),
        )
        with pytest.raises(RefusedError, match="channel takes 0 to 16, got 17") as refused:
            client.do("/liveband/midi/map", "stem", "cc", 17, 20)
        assert refused.value.code == 5
        with pytest.raises(RefusedError, match="not a path") as refused:
            client.do("/liveband/midi/load", "../secrets")
        assert refused.value.code == 9
        turn(port, 127, number=80)
        while client.read("/liveband/bypass") != (1,):
            pass
        assert client.read("/liveband/midi/monitor") == ("cc", 1, 80, 127, 1)


def test_without_midi_the_commands_say_so():
    with serving(FakeBand()) as address, BridgeClient(port=address) as client:
        with pytest.raises(RefusedError, match="midi/learn is not available") as refused:
            client.do("/liveband/midi/learn", "noise")
        assert refused.value.code == 7
