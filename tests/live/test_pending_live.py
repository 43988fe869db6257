"""The whole program on a real server: what waits for the bar is done when the bar begins."""

import contextlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from bridge.common.errors import FailureCode, RefusedError
from bridge.osc.client import BridgeClient
from tests.live.timebase import Timebase

pytestmark = pytest.mark.jack

SLOW_BPM = 45.0
"""A bar of 3/4 is 4 s."""
EARLY_BEATS = 0.1 * SLOW_BPM / 60
"""A hop is played by the bar that begins in it, and a busy server loses cycles meanwhile."""
SET = [sys.executable, "-m", "bridge", "set"]


def bar_of(timebase):
    """Return the bar that is played, or begins at once."""
    return (timebase.beats + EARLY_BEATS) // 3


@pytest.fixture
def set_up(jackd, run, wait_until):
    """A program that waits for the bars of a slow song, its timebase, and two more clients."""
    with contextlib.ExitStack() as stack:
        server = jackd()
        timebase = stack.enter_context(contextlib.closing(Timebase(server, SLOW_BPM)))
        bridge = run(server)
        timebase.client.transport_start()
        wait_until(lambda: bridge.read("/liveband/transport")[5] == "jack")
        bridge.do("/liveband/quantize", "bar")
        others = [stack.enter_context(BridgeClient(port=bridge.port)) for _ in range(2)]
        threads = stack.enter_context(ThreadPoolExecutor())

        def in_bar():
            """Wait for the second beat of a bar; return the bar."""
            wait_until(lambda: 1.0 < timebase.beats % 3 < 1.5)
            return timebase.beats // 3

        def waits_for(names):
            wait_until(lambda: bridge.read("/liveband/quantize/pending") == (names,))

        yield bridge, timebase, others, threads, in_bar, waits_for


def test_done_comes_with_the_bar(set_up, wait_until):
    _, timebase, others, threads, in_bar, waits_for = set_up
    for address, arguments, names in (
        ("/liveband/stem", ("bass",), "stem"),
        ("/liveband/reset", (), "reset seed"),
    ):
        bar, said = in_bar(), []
        done = threads.submit(others[0].do, address, *arguments, on_wait=said.append)
        waits_for(names)
        wait_until(lambda said=said: said)
        assert not done.done()
        assert said[0].startswith(f"{address} waits for the bar, at most ")
        assert done.result() == []
        assert bar_of(timebase) == bar + 1
        waits_for("")


def test_sync_a_preset_and_the_command_line_wait_for_the_bar_as_well(set_up):
    bridge, timebase, others, threads, in_bar, waits_for = set_up
    bridge.do("/liveband/preset/save", "verse")
    bar = in_bar()
    shell = subprocess.Popen(
        [*SET, "stem", "bass", "--osc-port", str(bridge.port)],
        stderr=subprocess.PIPE,
        text=True,
    )
    waits_for("stem")
    synced = threads.submit(others[0].do, "/liveband/{mute,bypass}", 0)
    synced.result()  # of another client, which waits for everything received before
    assert bar_of(timebase) == bar + 1
    assert "waits for the bar, at most" in shell.communicate()[1]
    assert shell.returncode == 0
    bar = in_bar()
    others[1].do("/liveband/preset/load", "verse")
    assert bar_of(timebase) == bar + 1
    assert bridge.read("/liveband/stem") == ("drums",)


def test_a_second_change_supersedes_and_another_grid_counts_at_once(set_up):
    bridge, timebase, others, threads, in_bar, waits_for = set_up
    bar = in_bar()
    first = threads.submit(others[0].do, "/liveband/stem", "bass")
    waits_for("stem")
    second = threads.submit(others[1].do, "/liveband/stem", "piano")
    with pytest.raises(RefusedError, match="later change") as caught:
        first.result()
    assert caught.value.code == FailureCode.SUPERSEDED
    assert second.result() == []
    assert bar_of(timebase) == bar + 1
    bar = in_bar()
    third = threads.submit(others[0].do, "/liveband/stem", "bass")
    waits_for("stem")
    bridge.do("/liveband/quantize", "hop")
    assert third.result() == []
    assert bar_of(timebase) == bar


def test_the_end_of_the_program_is_told_to_whoever_waits(set_up):
    bridge, _, others, threads, in_bar, waits_for = set_up
    in_bar()
    first = threads.submit(others[0].do, "/liveband/stem", "bass")
    waits_for("stem")
    bridge.do("/liveband/quit")
    with pytest.raises(RefusedError, match="the program ends"):
        first.result()
