"""The whole program on a real server: a preset at the start, JACK's transport, the beat."""

import contextlib
import time

import pytest
import soundfile

from bridge.common.errors import RefusedError
from tests.live.timebase import TEMPO_BPM, Timebase

pytestmark = pytest.mark.jack


def preset(folder, name, text):
    path = folder / "liveband" / "presets" / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"[controls]\n{text}")


def test_a_preset_at_the_start_and_another_while_playing(jackd, run, tmp_path):
    preset(tmp_path, "1 verse", 'stem = "bass"\n"gain/out" = -6.0\nnoise = 0.5\n')
    preset(tmp_path, "2 chorus", 'stem = "piano"\n"gain/out" = 0.0\n')
    bridge = run(jackd(), "--preset", "1 verse", "--noise", "0.25")
    assert bridge.read("/liveband/preset") == ("1 verse", 1)  # the option came before it
    assert bridge.read("/liveband/stem") == ("bass",)
    assert bridge.read("/liveband/gain/out") == (-6.0,)
    assert bridge.read("/liveband/noise") == (0.25,)
    bridge.do("/liveband/preset/next")
    assert bridge.read("/liveband/stem") == ("piano",)
    bridge.do("/liveband/mute", 1)
    bridge.do("/liveband/preset/save", "3 end")
    assert "mute" not in (tmp_path / "liveband" / "presets" / "3 end.toml").read_text()
    listed = [message.arguments for message in bridge.collect("/liveband/preset/list")]
    assert listed == [(0, "1 verse"), (1, "2 chorus"), (2, "3 end")]
    with pytest.raises(RefusedError, match="not a path"):
        bridge.do("/liveband/preset/load", "../1 verse")


def test_the_transport_of_jack_is_followed(jackd, run, wait_until):
    server = jackd()
    with contextlib.closing(Timebase(server)) as timebase:
        bridge = run(server)
        wait_until(lambda: bridge.read("/liveband/transport")[5] == "ear")  # it stands
        timebase.client.transport_start()
        wait_until(lambda: bridge.read("/liveband/transport")[1] == TEMPO_BPM)
        rolling, _, _, _, beats_per_bar, source, bar, confidence = bridge.read(
            "/liveband/transport"
        )
        assert (rolling, beats_per_bar, source, confidence) == (1, 3.0, "jack", 1.0)
        assert bar >= 1
        before = timebase.frame
        _, _, beat, phase, *_ = bridge.read("/liveband/transport")
        after = timebase.frame
        bars = TEMPO_BPM / (60 * 48000 * 3)
        told = ((beat - 1 + phase) / 3 - before * bars) % 1.0
        slack = 3 * 256 * bars  # our callback's cycle and JACK's are read a block apart
        assert told <= (after - before) * bars + slack or told >= 1.0 - slack


def test_follow_pauses_until_the_transport_rolls(jackd, run, wait_until):
    server = jackd()
    with contextlib.closing(Timebase(server)) as timebase:
        bridge = run(server)
        bridge.do("/liveband/transport/follow", 1)
        wait_until(lambda: bridge.read("/liveband/status")[0] == "idle")
        assert "transport stands" in bridge.read("/liveband/status")[1]
        timebase.client.transport_start()
        wait_until(lambda: bridge.read("/liveband/status")[0] == "running")
        time.sleep(0.1)
        timebase.client.transport_stop()
        wait_until(lambda: bridge.read("/liveband/status")[0] == "idle")


def test_banks_and_a_recording(jackd, run, tmp_path, wait_until):
    bridge = run(jackd())
    with pytest.raises(RefusedError, match="bank 1 is empty"):
        bridge.do("/liveband/bank/recall", 1)
    bridge.do("/liveband/record/start", "take")
    bridge.do("/liveband/bank/store", 1)
    wait_until(lambda: bridge.read("/liveband/bank") == ("1",))
    bridge.do("/liveband/bank/recall", 1)
    wait_until(lambda: bridge.read("/liveband/record/state")[2] > 0.5)
    bridge.do("/liveband/record/stop")
    mix, _ = soundfile.read(tmp_path / "liveband" / "take.mix.wav")
    stem, _ = soundfile.read(tmp_path / "liveband" / "take.stem.wav")
    assert len(mix) == len(stem) > 24000
    assert bridge.read("/liveband/record/state")[3:] == (0, "")
