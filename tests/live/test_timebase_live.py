"""The whole program on a real server whose timebase is wrong in every way we know."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from bridge.osc.client import BridgeClient
from tests.live.timebase import FAULTS, HARMLESS, TEMPO_BPM, Timebase

DISBELIEF = "is not believed"
"""What the status says of a timebase that is wrong; a busy machine may have it say more."""

pytestmark = pytest.mark.jack


@pytest.fixture
def stage(jackd, run, wait_until):
    """A timebase, right at first, and a program that follows it; it waits for bars."""
    server = jackd()
    with contextlib.closing(Timebase(server)) as timebase, contextlib.ExitStack() as stack:
        bridge = run(server)
        timebase.client.transport_start()
        wait_until(lambda: bridge.read("/liveband/transport")[5] == "jack")
        bridge.do("/liveband/quantize", "bar")
        other = stack.enter_context(BridgeClient(port=bridge.port))
        yield bridge, other, timebase


def test_every_fault_is_told_the_ear_keeps_time_and_what_waits_comes(stage, wait_until):
    bridge, other, timebase = stage
    stems = ["bass", "piano"]
    with ThreadPoolExecutor(1) as threads:
        for distort, reason in FAULTS.values():
            stems.reverse()
            waiting = threads.submit(other.do, "/liveband/stem", stems[0])
            timebase.distort = distort
            wait_until(lambda reason=reason: reason in bridge.read("/liveband/status")[1])
            assert bridge.read("/liveband/transport")[5] == "ear"
            assert f"{DISBELIEF}, ear keeps time instead" in bridge.read("/liveband/status")[1]
            assert waiting.result() == []
            bridge.do("/liveband/stem", stems[1])
            bridge.do("/liveband/reset")
    timebase.distort = lambda position: None
    wait_until(lambda: bridge.read("/liveband/transport")[5] == "jack")
    assert bridge.read("/liveband/transport")[1] == TEMPO_BPM
    assert DISBELIEF not in bridge.read("/liveband/status")[1]


@pytest.mark.parametrize("mode", HARMLESS)
def test_what_contradicts_nothing_is_no_fault(stage, wait_until, mode):
    bridge, _, timebase = stage
    source = "jack" if mode == "nan start of bar" else "ear"
    timebase.distort = HARMLESS[mode]
    start = timebase.frame
    wait_until(lambda: timebase.frame > start + 48000)
    assert bridge.read("/liveband/transport")[5] == source
    assert DISBELIEF not in bridge.read("/liveband/status")[1]
    bridge.do("/liveband/stem", "bass")


def test_a_relocation_while_it_rolls_is_no_fault(stage, wait_until):
    bridge, other, timebase = stage
    with ThreadPoolExecutor(1) as threads:
        for place in (1_000_000, 12_345, 500_000, 0):
            waiting = threads.submit(other.do, "/liveband/stem", "bass" if place else "drums")
            timebase.client.transport_frame = place
            assert bridge.read("/liveband/transport")[5] == "jack"
            assert waiting.result() == []
            assert bridge.read("/liveband/transport")[5] == "jack"
            assert DISBELIEF not in bridge.read("/liveband/status")[1]
