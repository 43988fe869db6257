"""A band on a real server: players come and go over OSC, each on ports of its own."""

import contextlib

import numpy as np
import pytest
import soundfile

from bridge.common.errors import RefusedError
from tests.live.conftest import Player, Recorder

pytestmark = pytest.mark.jack


def ports(bridge):
    listed = bridge.collect("/liveband/jack/ports")
    return {message.arguments[0] for message in listed}


def test_a_band_from_the_start_has_stems_seeds_and_ports_of_its_own(jackd, run):
    bridge = run(jackd(), "--players", "bass,drums,piano", "--seed", "5")
    assert bridge.read("/liveband/players") == (3,)
    for number, stem in enumerate(("bass", "drums", "piano"), 1):
        assert bridge.read(f"/liveband/player/{number}/stem") == (stem,)
        assert bridge.read(f"/liveband/player/{number}/seed/actual") == (4 + number,)
    assert {f"band:out{n}_{side}" for n in ("", 2, 3) for side in "LR"} <= ports(bridge)
    assert "band:out4_L" not in ports(bridge)
    with pytest.raises(RefusedError, match="no player 4; the band has 3 players"):
        bridge.do("/liveband/player/4/stem", "bass")
    bridge.do("/liveband/player/2/anticipation", 1.0)
    assert bridge.read("/liveband/anticipation") == (1.0,)


def test_a_player_joins_and_leaves_while_the_first_plays_on(jackd, run, tmp_path, wait_until):
    server = jackd()
    bridge = run(server, "--anticipation", "1")  # so much may the engine stand still
    with contextlib.ExitStack() as stack:
        sound = np.full(120 * 48_000, 0.5, np.float32)
        player = stack.enter_context(contextlib.closing(Player(server, sound)))
        recorder = stack.enter_context(contextlib.closing(Recorder(server)))
        for source, destination in (
            ("player:out", "band:in_L"),
            ("player:out", "band:in_R"),
            ("band:out_L", "recorder:in_1"),
        ):
            bridge.do("/liveband/jack/connect", source, destination)
        player.play()
        wait_until(lambda: recorder.cycles and recorder.sound[0, -1] == 0.5)
        steady = recorder.sound.shape[1]
        bridge.do("/liveband/players", 2)
        bridge.do("/liveband/jack/connect", "band:out2_L", "recorder:in_2")
        wait_until(lambda: recorder.sound[1, -1] == 0.5)
        assert bridge.read("/liveband/player/2/meter/out")[0] == pytest.approx(-6.02, abs=0.1)
        bridge.do("/liveband/record/start", "take")
        bridge.do("/liveband/player/2/gain/out", -6.0)
        wait_until(lambda: bridge.read("/liveband/record/state")[2] > 0.3)
        bridge.do("/liveband/record/stop")
        bridge.do("/liveband/players", 1)
        wait_until(lambda: recorder.sound[1, -1] == 0.0)
        assert "band:out2_L" in ports(bridge), "wires to it outlast the player"
        bridge.do("/liveband/players", 2)
        wait_until(lambda: recorder.sound[1, -1] > 0.0)
        first, second = recorder.sound
    np.testing.assert_array_equal(first[steady:], np.float32(0.5))
    joined = int(np.flatnonzero(second)[0])
    assert np.abs(np.diff(second[joined - 1 :])).max() <= 1.01 * 0.5 / 240
    assert (tmp_path / "liveband" / "take.stem2.wav").is_file()
    mix, _ = soundfile.read(tmp_path / "liveband" / "take.mix.wav")
    assert len(soundfile.read(tmp_path / "liveband" / "take.stem2.wav")[0]) == len(mix)
    counters = bridge.read("/liveband/status/engine")
    assert counters[2] == 0, "no underrun"
