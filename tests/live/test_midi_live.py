"""MIDI over real ports: bytes at exact frames move controls, and their values come back."""

import asyncio
import os
import subprocess
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import numpy as np
import pytest

from bridge.app.compose import open_midi, register_band
from bridge.config import RunSettings
from bridge.controls.controls import Controls, from_normalised
from bridge.controls.parameters import PARAMETERS
from bridge.controls.services import Services
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.live.band import LiveBand
from bridge.testing import PassThroughModel

pytestmark = pytest.mark.jack

RATE = 48_000


@pytest.fixture
def stage(jackd, peers, tmp_path, monkeypatch):
    """A factory of a band without engine, whose MIDI is played by the player."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    @asynccontextmanager
    async def open_stage(events, **settings):
        server = jackd()
        chosen = replace(RunSettings(jack_name="band", server=server.name), **settings)
        band = LiveBand(chosen, PassThroughModel)
        band.open()
        try:
            services = Services(band.players.apply, band.position)
            register_band(services, band)
            store = ControlStore(services, Controls())
            async with open_midi(store, band, chosen) as service:
                player, recorder = peers(server, band._backend, np.zeros(1), events)
                player.play()
                yield store, service, recorder
        finally:
            band.close()

    return open_stage


async def until(condition, timeout_s=60.0):
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.01)


def test_bytes_at_exact_frames_move_controls_exactly(stage):
    raw = 10_000
    coarse, fine = raw >> 7, raw & 127
    events = [
        (1000, bytes((0xB0, 80, 127))),
        (1000, bytes((0xB0, 99, 0))),
        (1001, bytes((0xB0, 98, 14))),
        (1300, bytes((0xB0, 6, coarse))),
        (1301, bytes((0xB0, 38, fine))),
        (2000, bytes((0x90, 37, 1))),
        (2001, b"\xf0\x01\x02\x03\x04\xf7"),
        (2002, b"\xfe"),
    ]

    async def scene():
        async with stage(events) as (store, service, _):
            await until(lambda: service.last_event.count == 6)
            assert store.controls.flag("bypass")
            exact = from_normalised(PARAMETERS["noise"], raw / 16383).value
            assert store.controls.real("noise") == exact
            assert store.controls.text("stem") == "bass"

    asyncio.run(scene())


def test_clock_over_jack_gives_the_beat(stage):
    period = RATE * 60 / 150 / 24
    rng = np.random.default_rng(0)
    jitter = rng.uniform(-0.002, 0.002, 240) * RATE
    frames = [round(500 + index * period + jitter[index]) for index in range(240)]
    events = [(100, b"\xfa"), *((frame, b"\xf8") for frame in sorted(map(int, frames)))]
    events.append((frames[-1] + 1, bytes((0xB0, 119, 0))))  # moves nothing, but is counted

    async def scene():
        async with stage(events) as (_, service, _):
            await until(lambda: service.last_event.count == 1)
            follower = service.devices[0].clock
            first = follower._fit.newest - frames[-1] + 500  # where the first tick was due
            position = service.position(follower._fit.newest)
            true = (follower._fit.newest - first) / period / 24
            assert abs(position.beats - true) * 60_000 / 150 < 5.0
            assert position.tempo_bpm == pytest.approx(150, rel=0.03)

    asyncio.run(scene())


def test_what_is_changed_elsewhere_goes_out_at_control_out(stage):
    async def scene():
        async with stage([]) as (store, _, recorder):
            await until(lambda: recorder.events)  # every value, once
            await until(lambda: recorder.frames > recorder.events[-1][0] + RATE // 2)
            recorder.events.clear()
            await store.set(ControlKey(1, "gain/out"), -24.0)
            await until(lambda: recorder.events)
            assert [message for _, message in recorder.events] == [bytes((0xB0, 23, 64))]

    asyncio.run(scene())


def test_a_controller_that_is_connected_again_is_shown_everything(stage):
    async def scene():
        async with stage([]) as (_, _, recorder):
            await until(lambda: recorder.events)
            await until(lambda: recorder.frames > recorder.events[-1][0] + RATE // 2)
            everything = {message for _, message in recorder.events}
            recorder.events.clear()
            recorder.replug()
            await until(lambda: recorder.events)
            await until(lambda: recorder.frames > recorder.events[-1][0] + RATE // 2)
            assert sorted(message for _, message in recorder.events) == sorted(everything)

    asyncio.run(scene())


def test_panic_arrives_at_the_audio_thread(stage):
    async def scene():
        async with stage([(500, bytes((0xB0, 120, 0)))]) as (store, _, _):
            fired = []
            fire = store.target.fire

            async def note(key, controls):
                fired.append(str(key))
                with suppress(Exception):  # there is no engine to start afresh
                    await asyncio.wait_for(fire(key, controls), 0.1)

            store.target.fire = note
            await until(lambda: fired == ["panic"])

    asyncio.run(scene())


SYSTEM_PORT = """
import sys, time
import mido
from bridge.midi.frame_clock import FrameClock
from bridge.midi.ports import SystemPort

sender = mido.open_output("sender", virtual=True, client_name="rig")
name = next(name for name in mido.get_input_names() if "sender" in name)
port = SystemPort("sender")
assert port.name == name
clock = FrameClock(lambda: 0, lambda: 48_000, time.monotonic)
heard = []
deadline = time.monotonic() + 30
while len(heard) < 3 and time.monotonic() < deadline:
    sender.send(mido.Message("control_change", control=7, value=64))
    time.sleep(0.02)
    heard += [message for _, message in port.receive(clock)]
port.close()
assert heard[:3] == [bytes((0xB0, 7, 64))] * 3, heard
print("heard", len(heard))
"""


def test_a_device_of_the_system_is_heard_by_rtmidi(jackd):
    environment = {
        **os.environ,
        "JACK_DEFAULT_SERVER": jackd().name,
        "JACK_NO_START_SERVER": "1",
        "MIDO_BACKEND": "mido.backends.rtmidi/UNIX_JACK",
    }
    played = subprocess.run(
        [sys.executable, "-c", SYSTEM_PORT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert played.returncode == 0, played.stderr
    assert "heard" in played.stdout
