"""The JACK server dies, comes back changed, or comes last; the bridge goes on."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from bridge.audio.jack_server import JackServer
from bridge.audio.shared.share import AudioShare
from bridge.controls.parameters import ROOT
from tools.trials.jack_probe import JackProbe
from tools.trials.returns import await_state, server_restarts
from tools.trials.running_bridge import NAME, running_bridge_on

pytestmark = [pytest.mark.jack, pytest.mark.slow]


def test_the_server_dies_again_and_again_and_comes_back_changed():
    deaths = [signal.SIGTERM, signal.SIGTERM, signal.SIGKILL, signal.SIGTERM]
    seen = list(server_restarts(deaths))
    assert [each.rate for each in seen] == [44_100, 48_000, 96_000, 44_100]
    assert all(each.same_wires for each in seen), seen
    assert all(each.was_offline for each in seen), seen


def test_the_bridge_may_be_there_before_the_server_and_keeps_what_was_set():
    server = JackServer(rate=44_100, block=512)  # a name, nothing more so far
    with running_bridge_on(server.name, "passthrough", until=("offline",)) as bridge:
        state, text = bridge.client.read(f"{ROOT}/status")[:2]
        assert state == "offline"
        assert server.name in text
        assert "waiting for it" in text
        bridge.client.do(f"{ROOT}/gain/out", -6.0)
        bridge.client.do(f"{ROOT}/stem", "bass")
        with server:
            await_state(bridge, ("running", "overloaded"))
            assert bridge.client.read(f"{ROOT}/status/audio")[:2] == (44_100, 512)
            assert bridge.client.read(f"{ROOT}/latency")[1] == 0
            assert bridge.client.read(f"{ROOT}/gain/out") == (-6.0,)
            assert bridge.client.read(f"{ROOT}/stem") == ("bass",)
            assert bridge.client.read(f"{ROOT}/status/engine")[6] == 0  # no engine died
        await_state(bridge, ("offline",))
        said = str(bridge.client.read(f"{ROOT}/status")[1])
        assert said.startswith("the audio server is gone (")
        assert "has been closed" in said  # jackd's own words
        assert bridge.alarms() == []


def test_what_was_heard_is_remembered(wait_until):
    """A wire that looks a second ahead plays on what went in before the server ended."""
    server = JackServer(rate=48_000, block=256).start()
    try:
        with (
            running_bridge_on(server.name, "passthrough", "--anticipation", "1") as bridge,
            AudioShare.attach_to(bridge.process.pid) as share,
        ):
            with JackProbe(server.name, NAME, level=0.5):
                wait_until(lambda: share.meters().out_peak[0] > 0.4)
            engines = bridge.engines()
            server.stop()
            await_state(bridge, ("offline",))
            frame = share.frame
            with ThreadPoolExecutor(1) as aside:  # who plays on for a second may be missed
                heard = aside.submit(
                    wait_until,
                    lambda: share.frame > frame + 12_000 and share.meters().out_peak[0] > 0.4,
                )
                server = JackServer(rate=48_000, block=512, name=server.name).start()
                heard.result()
            await_state(bridge, ("running", "overloaded"))
            assert share.generation == 1
            assert bridge.engines() == engines
    finally:
        server.stop()


def test_who_does_not_want_to_wait_need_not(capsys):
    from bridge.__main__ import main

    arguments = ["run", "--checkpoint", "passthrough", "--server", "liveband-none"]
    assert main([*arguments, "--no-wait", "--osc-port", "0"]) == 3
    assert "liveband-none" in capsys.readouterr().err


def test_a_rate_without_whole_hops_is_told_and_the_next_one_played(jackd, wait_until):
    server = jackd()
    with running_bridge_on(server.name, "passthrough") as bridge:
        server.stop()
        await_state(bridge, ("offline",))
        with JackServer(rate=22_050, block=256, name=server.name):
            wait_until(lambda: "22050" in str(bridge.client.read(f"{ROOT}/status")[1]))
        with JackServer(rate=48_000, block=100, name=server.name):
            await_state(bridge, ("running", "overloaded"))
            assert bridge.client.read(f"{ROOT}/status/audio")[:2] == (48_000, 100)
