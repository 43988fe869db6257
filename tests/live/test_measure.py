"""A click round the loop: what is measured is what is reported, at every rate and block."""

import json

import pytest

from bridge.__main__ import main
from bridge.audio.jack import JackBackend
from bridge.audio.jack_click_loop import ClickLoop
from bridge.audio.jack_connecting import ensure_connected
from bridge.audio.jack_opening import open_client
from bridge.audio.jack_server import JackServer
from bridge.audio.libjack import load_jack
from bridge.common.errors import EngineError
from bridge.controls.parameters import ROOT
from tests.live.program import jack_tool
from tools.trials.returns import await_state
from tools.trials.running_bridge import NAME, running_bridge_on

pytestmark = [pytest.mark.jack, pytest.mark.slow]


def measured(capsys, bridge):
    code = main(
        ["measure", "--server", bridge.server, "--osc-port", str(bridge.port), "--json"]
    )
    said = capsys.readouterr()
    assert said.out, f"measure ended with {code}: {said.err}"
    told = json.loads(said.out)
    assert code == (0 if told["off_by"] == 0 else 1)
    return told


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_measured_is_reported_at_every_block(capsys, rate, wait_until):
    with (
        JackServer(rate=rate, block=64, sync=True) as server,
        running_bridge_on(server.name, "passthrough", "--anticipation", "0") as bridge,
    ):
        for block in (64, 100, 1024, 4096):
            jack_tool(server, "jack_bufsize", str(block))
            wait_until(
                lambda block=block: bridge.client.read(f"{ROOT}/status/audio")[1] == block
            )
            told = measured(capsys, bridge)
            assert (told["rate"], told["block"], told["off_by"]) == (rate, block, 0)
            assert told["reported"] > 0
            assert bridge.client.read(f"{ROOT}/bypass") == (0,)


def test_with_the_loop_counted_a_stem_returns_on_the_grid():
    """A pass-through model plays its mix three hops later: to the frame, round the loop."""
    with (
        JackServer(rate=48_000, block=512, sync=True) as server,
        running_bridge_on(server.name, "passthrough") as bridge,
        ClickLoop(server.name, NAME) as loop,
    ):
        causal = bridge.client.read(f"{ROOT}/latency")[0]
        assert heard(loop) == causal + 512
        bridge.client.do(f"{ROOT}/latency/loop", 1)
        await_state(bridge, ("running",))
        assert bridge.client.read(f"{ROOT}/latency")[:2] == (causal, 0)
        assert bridge.client.read(f"{ROOT}/latency")[-1] == 512
        assert heard(loop) == causal


def test_a_click_that_does_not_come_back_is_told(jackd):
    server = jackd()
    with (
        Deaf(server.name),
        ClickLoop(server.name, "deaf") as loop,
        pytest.raises(EngineError, match="did not come back within 4096 frames"),
    ):
        loop.measure(4096)


class Deaf(JackBackend):
    """A client with a bridge's ports that plays nothing."""

    def __init__(self, server):
        super().__init__("deaf", server)
        self._client.set_process_callback(lambda frames: None)
        self._client.activate()


def heard(loop):
    """What several bursts took, once two in a row took the same."""
    times = [0]
    for _ in range(12):
        try:
            times.append(loop.measure(20_000))
        except EngineError:  # the stem is moved just now
            continue
        if times[-1] == times[-2]:
            return times[-1]
    raise AssertionError(times)


def test_wires_that_the_bridge_remembered_are_no_fault(jackd):
    """It may be first to connect a client that has been there before."""
    jack, server = load_jack(), jackd()
    client = open_client(jack, "twice", server.name)
    try:
        out = client.outports.register("out")
        into = client.inports.register("in")
        client.activate()
        for _ in range(2):
            ensure_connected(jack, client, out.name, into.name)
        assert [port.name for port in client.get_all_connections(out)] == [into.name]
        with pytest.raises(jack.JackError):
            ensure_connected(jack, client, into.name, out.name)
    finally:
        client.deactivate()
        client.close()
