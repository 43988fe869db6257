"""The whole live path on a real server: JACK, callback, shared memory, engine process, back."""

import asyncio
import contextlib
import os
import signal
from dataclasses import replace

import numpy as np
import pytest

from bridge.audio.jack_click_loop import ClickLoop
from bridge.checkpoints.loader import load_tracker
from bridge.config import RunSettings
from bridge.live.band import LiveBand
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import accompany
from bridge.tempo import Timekeeping
from bridge.testing import ModelWithTracker, PassThroughModel, ScriptedModel
from tests.live.program import jack_tool
from tools.trials.latency import BLOCKS, RATES, returned_after

pytestmark = pytest.mark.jack

STEM, SEED = "bass", 7


@pytest.fixture
def play(peers):
    """A factory of a running band with a player and a recorder wired to it."""
    with contextlib.ExitStack() as stack:

        def start(server, model, sound, anticipation_s=0.1):
            settings = RunSettings(
                stem=STEM,
                anticipation_s=anticipation_s,
                seed=SEED,
                jack_name="band",
                server=server.name,
            )
            band = LiveBand(settings, model)
            band.open()
            stack.callback(band.close)
            asyncio.run(band.start_engine())
            player, recorder = peers(server, band._backend, sound)
            return band, player, recorder

        yield start


def condition(band, **changes):
    band._supervisor.condition(replace(band._supervisor.conditions, **changes)).result(30.0)


def noise(frames, seed=0):
    return np.random.default_rng(seed).uniform(-0.5, 0.5, frames).astype(np.float32)


def marked(rate):
    """Four seconds of noise, then a minute in which every sample has a value of its own."""
    ramp = np.linspace(0.5, 1.0, 60 * rate, endpoint=False).astype(np.float32)
    return np.concatenate([noise(4 * rate), ramp])


def record(band, player, recorder, wait_until):
    """Play :func:`marked`, freewheel soon, return ``(mix, out)`` from that take's first frame.

    A marked sample that both the mix ring and the recorder hold tells where in the recording
    the take began: servers may drop a cycle of a client as they change to freewheeling.
    """
    share, begin = band._share, band._share.frame
    takes = share.generation
    player.play()
    wait_until(lambda: share.frame > begin + share.rate // 2)
    band._backend.set_freewheel(True)
    wait_until(lambda: share.generation > takes and player.frame > 5 * share.rate)
    wait_until(lambda: share.mix_written > share.epoch_frame + 4 * share.rate)
    first, heard = newest(share)
    last = first + len(heard) - 1
    band._backend.set_freewheel(False)
    wait_until(lambda: not share.freewheel)
    (there,) = np.flatnonzero(recorder.sound[1] == heard[-1])
    epoch = int(there) - (last - share.epoch_frame)
    out, mix = recorder.sound[:, epoch:]
    np.testing.assert_array_equal(
        mix[first - share.epoch_frame : last + 1 - share.epoch_frame],
        heard,
        "the server gave band and recorder different cycles",
    )
    assert share.generation == takes + 1
    assert band._supervisor.status.restarts == 0
    return mix, out


def newest(share):
    """Return the newest of a take's mix, and where it begins; all this while it freewheels."""
    heard = None
    while heard is None:  # what was overwritten before it could be read is gone
        written = share.mix_written
        first = max(share.epoch_frame, written - 200_000)
        heard = share.read_mix(first, written - first)
    return first, heard


def render(model, rate, conditions, mix, tracker=None):
    hop = rate // 20
    hops = np.concatenate([mix, np.zeros(-len(mix) % hop, np.float32)]).reshape(-1, hop)
    scheduler = HopScheduler(model, rate, conditions, tracker=tracker)
    scheduler.follow(Timekeeping(use_tracker=tracker is not None))
    stems = accompany(scheduler, hops, len(mix))
    return np.concatenate([stem.audio[0] for stem in stems])


@pytest.mark.parametrize(
    ("rate", "block", "anticipation_s"),
    [
        *((48_000, block, 0.1) for block in (64, 100, 256, 1024, 4096)),
        (48_000, 256, 0.0),
        (48_000, 1024, 1.0),
        (44_100, 256, 0.1),
        (96_000, 1024, 0.0),
    ],
)
def test_freewheeling_equals_rendering(jackd, play, wait_until, rate, block, anticipation_s):
    server = jackd(rate=rate, block=block)
    band, player, recorder = play(server, ScriptedModel, marked(rate), anticipation_s)
    mix, out = record(band, player, recorder, wait_until)
    late = band.latency().musical
    assert (late > 0) is (anticipation_s == 0.0)
    conditions = Conditions(stem=STEM, anticipation_hops=round(20 * anticipation_s), seed=SEED)
    stem = render(ScriptedModel(), rate, conditions, mix[: 3 * rate])
    assert len(stem) == 3 * rate
    np.testing.assert_array_equal(out[late : 3 * rate], stem[: 3 * rate - late])


@pytest.mark.parametrize(("rate", "block"), [(48_000, 256), (44_100, 1024)])
def test_freewheeling_equals_rendering_by_ear(jackd, play, wait_until, rate, block):
    """The beat that is heard is the same to the bit: what is played depends on it."""
    server = jackd(rate=rate, block=block)
    load = ModelWithTracker(ScriptedModel, load_tracker)
    band, player, recorder = play(server, load, marked(rate), 0.1)
    band.follow(Timekeeping(use_tracker=True))
    mix, out = record(band, player, recorder, wait_until)
    conditions = Conditions(stem=STEM, anticipation_hops=2, seed=SEED)
    stem = render(ScriptedModel(), rate, conditions, mix[: 3 * rate], load_tracker())
    late = band.latency().musical
    np.testing.assert_array_equal(out[late : 3 * rate], stem[: 3 * rate - late])
    assert not np.array_equal(stem, render(ScriptedModel(), rate, conditions, mix[: 3 * rate]))


@pytest.mark.parametrize("rate", RATES)
def test_a_burst_returns_when_the_reported_latency_says(jackd, play, wait_until, rate):
    """At every block, changed while playing, so that hops and blocks begin at odd places."""
    server = jackd(rate=rate, block=256)
    band, _, _ = play(server, PassThroughModel, np.zeros(1))
    off = {}
    with ClickLoop(server.name, "band") as loop:
        for block in BLOCKS:
            jack_tool(server, "jack_bufsize", str(block))
            wait_until(lambda block=block: band._share.block == block)
            for hops in (2, 0):
                condition(band, anticipation_hops=hops)
                frame = band._share.frame
                wait_until(lambda frame=frame: band._share.frame > frame + rate // 5)
                wait_until(lambda: is_in_force(band.latency()))
                told = band.latency()
                off[block, hops] = returned_after(loop, told.causal + 3 * block) - block
                off[block, hops] -= told.causal
                assert (told.musical == 0) is (hops == 2), (block, hops)
    assert set(off.values()) == {0}, off


def is_in_force(told):
    """Return whether the engine has seen the block and the anticipation there are now."""
    terms = (told.resampler, told.adaptation, told.inference, told.overlap, told.safety)
    return told.musical == max(0, sum(terms) - round(20 * told.anticipation_s) * told.inference)


@pytest.mark.parametrize("anticipation_s", [0.0, 0.1])
def test_nothing_depends_on_what_is_yet_to_come(jackd, play, wait_until, anticipation_s):
    """Alter the mix after a frame: the stem is altered where the latency says, not before.

    What came out live is compared with what the altered mix would have given.
    """
    rate, hop = 48_000, 2400
    parting = 20 * hop + 999
    server = jackd(rate=rate, block=256)
    band, player, recorder = play(server, ScriptedModel, marked(rate), anticipation_s)
    mix, out = record(band, player, recorder, wait_until)
    latency = band.latency()
    altered = mix[: 3 * rate].copy()
    altered[parting:] += 0.25
    conditions = Conditions(stem=STEM, anticipation_hops=round(20 * anticipation_s), seed=SEED)
    other = render(ScriptedModel(), rate, conditions, altered)
    stem = out[latency.musical : 3 * rate]
    first = int(np.flatnonzero(stem != other[: len(stem)])[0])
    dependent = parting // hop * hop + latency.causal - latency.musical - latency.overlap
    assert dependent <= first < dependent + hop


def test_a_killed_engine_fades_out_and_comes_back(jackd, play, wait_until, monkeypatch):
    monkeypatch.setattr("bridge.engine.restarts._SHORTEST_S", 0.5)  # to be seen
    rate = 48_000
    rise = np.linspace(0.0, 0.25, rate // 2, dtype=np.float32)
    sound = np.concatenate([np.zeros(rate), rise, np.full(60 * rate, 0.25, np.float32)])
    server = jackd(rate=rate, block=256)
    band, player, recorder = play(server, PassThroughModel, sound)
    ports, wires = band._backend.ports(), band._backend.connections("band:out_L")
    player.play()

    def loud():
        return band.meters(1)[1].peak_left_db > -12.1

    wait_until(loud)
    os.kill(band._supervisor.status.pid, signal.SIGKILL)
    wait_until(lambda: band.status().state == "error")
    assert "killed by SIGKILL" in band.status().text
    wait_until(lambda: not loud())
    wait_until(loud)
    returned = recorder.frames
    wait_until(lambda: recorder.frames > returned + rate // 10)
    wait_until(lambda: band.status().state == "running")
    assert band._backend.ports() == ports
    assert band._backend.connections("band:out_L") == wires
    assert band.engine_counters().restarts == 1
    out = recorder.sound[0]
    full = np.flatnonzero(out > 0.24)
    gap = int(full[np.argmax(np.diff(full))])
    fall = out[: gap + rate // 100]
    assert fall[-1] == 0.0
    assert np.abs(np.diff(fall)).max() < 0.01  # 5 ms from 0.25 to 0, not a step


def test_a_server_that_comes_back_is_joined_again(jackd, wait_until):
    server = jackd()
    settings = RunSettings(jack_name="band", server=server.name, seed=SEED)
    band = LiveBand(settings, PassThroughModel)

    async def look_after():
        await band.start_engine()
        running = asyncio.create_task(band.run())
        await asyncio.to_thread(wait_until, lambda: band.status().state == "running")
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(wait_until, lambda: band.status().state == "offline")
        assert band.status().text != ""
        await asyncio.to_thread(server.start)
        await asyncio.to_thread(wait_until, lambda: band.status().state == "running")
        frame = band._share.frame
        await asyncio.to_thread(wait_until, lambda: band._share.frame > frame + 48_000)
        assert "band:in_L" in await band.connections.ports()
        band.quit()
        await running

    band.open()
    try:
        asyncio.run(look_after())
    finally:
        band.close()
    assert band._supervisor.status.restarts == 0
