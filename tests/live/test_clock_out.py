"""Our MIDI clock on a real port, as an instrument on the other end of the cable gets it."""

import asyncio
import contextlib
from dataclasses import replace

import numpy as np
import pytest

from bridge.app.compose import open_midi, register_band, register_timekeeping
from bridge.app.parts import timekeeping
from bridge.audio.jack_opening import open_client
from bridge.config import RunSettings
from bridge.controls.controls import Controls
from bridge.controls.services import Services
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.live.band import LiveBand
from bridge.midi.event import EventKind, decode
from bridge.testing import PassThroughModel

pytestmark = pytest.mark.jack

RATE = 48_000


@pytest.fixture
def stage(jackd, peers, tmp_path, monkeypatch):
    """A factory of a band without engine, whose ``control_out`` is recorded.

    It looks further ahead than on stage, and takes more for the top of a song, so that a
    machine that stops for a moment makes no tick late and no start a continue.
    """
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("bridge.transport.sync._CLOCK_AHEAD_S", 0.2)
    monkeypatch.setattr("bridge.midi.clock_out._START_TICKS", 24)

    @contextlib.asynccontextmanager
    async def open_stage(**controls):
        server = jackd()
        chosen = replace(RunSettings(jack_name="band", server=server.name))
        band = LiveBand(chosen, PassThroughModel)
        band.open()
        try:
            values = Controls()
            for name, value in controls.items():
                values = values.apply(name.replace("_in_", "/"), value)
            services = Services(band.players.apply, band.position)
            store = ControlStore(services, values)
            async with (
                open_midi(store, band, chosen) as midi,
                timekeeping(store, band, midi) as (sync, _),
            ):
                register_band(services, band)
                register_timekeeping(services, band, sync)
                _, recorder = peers(server, band._backend, np.zeros(1, np.float32))
                yield store, recorder, server
        finally:
            band.close()

    return open_stage


def heard(recorder):
    """Return what of a clock was heard so far, as kinds and frames of the recorder."""
    events = (decode(message, frame) for frame, message in list(recorder.events))
    return [event for event in events if event is not None and not event.channel]


async def until(condition, timeout_s=60.0):
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.01)


def spread(events, period):
    """Return how far ticks lie from the straight line they ought to be on, in frames."""
    frames = np.array([event.frame for event in events if event.kind is EventKind.CLOCK])
    apart = frames - np.arange(len(frames)) * period
    return float(apart.max() - apart.min())


def test_ticks_are_exact_to_the_frame_on_control_out(stage):
    async def scene():
        async with stage(transport_in_source="manual", tempo=127.0) as (store, recorder, _):
            await store.set(ControlKey(1, "midi/clock"), True)
            await until(lambda: len(heard(recorder)) > 120)
            events = heard(recorder)
            first = next(
                at for at, each in enumerate(events) if each.kind is not EventKind.CLOCK
            )
            assert {each.kind for each in events[first + 2 :]} == {EventKind.CLOCK}
            period = 60 * RATE / 127 / 24
            steady = events[first + 24 :]  # those due while the first were sent may be late
            assert spread(steady, period) <= 1.0
            await store.set(ControlKey(1, "midi/clock"), False)
            await until(lambda: heard(recorder)[-1].kind is EventKind.STOP)

    asyncio.run(scene())


def test_it_starts_stops_and_goes_on_with_the_transport_of_jack(stage):
    import jack

    async def scene():
        async with stage(transport_in_source="jack", midi_in_clock=True, tempo=120.0) as (
            _,
            recorder,
            server,
        ):
            await until(lambda: len(heard(recorder)) > 4)
            assert {event.kind for event in heard(recorder)} == {EventKind.CLOCK}
            daw = open_client(jack, "daw", server.name)
            with contextlib.closing(daw):
                daw.activate()

                async def words(count):
                    def spoken():
                        return [e for e in heard(recorder) if e.kind is not EventKind.CLOCK]

                    await until(lambda: len(spoken()) >= count)
                    return spoken()

                daw.transport_start()
                assert [word.kind for word in await words(1)] == [EventKind.START]
                await asyncio.sleep(0.5)
                daw.transport_stop()
                assert (await words(2))[1].kind is EventKind.STOP
                daw.transport_frame = 10 * RATE  # 20 beats on
                await until(lambda: daw.transport_frame == 10 * RATE)
                daw.transport_start()
                song, onward = (await words(4))[2:]
                assert (song.kind, onward.kind) == (EventKind.SONG, EventKind.CONTINUE)
                assert song.value >= 80

                def ticks():
                    events = heard(recorder)
                    return events[events.index(onward) + 1 :]

                await until(lambda: len(ticks()) > 6)
                assert spread(ticks(), 1000.0) == 0.0
                sixteenth = ticks()[0].frame + recorder.transport_offset
                assert sixteenth == song.value * RATE // 8

    asyncio.run(scene())
