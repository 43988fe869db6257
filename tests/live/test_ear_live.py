"""The whole program hears the beat: told over OSC, sent as a clock, corrected by its player."""

import contextlib
import socket
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.common.errors import RefusedError
from bridge.midi.event import EventKind, decode
from bridge.osc.codec import Bundle, Message, encode, parse, unix_time
from tests.live.conftest import Player, Recorder
from tests.live.program import jack_tool, program

pytestmark = pytest.mark.jack

MIX = Path(__file__).parents[2] / "bridge/assets/mix.ogg"
TEMPO_BPM = 96.0
RATE = 48_000


@contextlib.contextmanager
def listener(port):
    """A client that has registered, as lights would."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind(("127.0.0.1", 0))
        own.settimeout(20.0)
        own.sendto(encode(Message("/liveband/register")), ("127.0.0.1", port))
        yield own


def beats_told(own, count):
    """Return so many beats with the moments they are dated to."""
    beats = []
    while len(beats) < count:
        packet = parse(own.recv(65536))
        if isinstance(packet, Bundle):
            (message,) = packet.elements
            assert message.address == "/liveband/beat"
            beats.append((unix_time(packet.time_tag), *message.arguments))
    return beats


@pytest.fixture
def stage(jackd, tmp_path, wait_until):
    """The program, hearing the shipped mix over and over, its clock recorded."""
    mix, rate = soundfile.read(MIX, dtype="float32", always_2d=True)
    assert rate == RATE
    sound = np.tile(mix.mean(axis=1)[: int(RATE * 40 * 60 / TEMPO_BPM)], 20)  # whole bars
    server = jackd()
    options = ("--checkpoint", "passthrough")
    with (
        program(server, tmp_path, *options, wait_until=wait_until) as (bridge, _),
        contextlib.closing(Player(server, sound)) as player,
        contextlib.closing(Recorder(server)) as recorder,
    ):
        jack_tool(server, "jack_connect", "player:out", "liveband:in_L")
        jack_tool(server, "jack_connect", "player:out", "liveband:in_R")
        jack_tool(server, "jack_connect", "liveband:control_out", "recorder:midi")
        player.play()

        def is_locked():
            reading = bridge.read("/liveband/transport")
            return reading[7] > 0.5 and abs(reading[1] - TEMPO_BPM) < 1.0

        wait_until(is_locked)
        yield bridge, recorder


def test_it_is_the_clock_of_the_room(stage, wait_until):
    bridge, recorder = stage
    assert bridge.read("/liveband/transport")[5] == "ear"
    with listener(bridge.port) as own:
        # Soon after the lock the tracker may still move the beat once.
        for _ in range(4):
            beats = beats_told(own, 9)
            moments = np.array([beat[0] for beat in beats])
            if np.abs(np.diff(moments) - 60 / TEMPO_BPM).max() < 0.05:
                break
        else:
            pytest.fail(f"no eight even beats in a row; the last came at {moments} s")
    counted = [beat[1] for beat in beats]
    assert all(0 < each <= 4 for each in counted)
    assert all(beat[3] == pytest.approx(TEMPO_BPM, abs=1.5) for beat in beats)
    bridge.do("/liveband/midi/clock", 1)
    wait_until(lambda: len(recorder.events) > 100)
    events = [decode(message, frame) for frame, message in list(recorder.events)]
    ticks = [each.frame for each in events if each is not None and each.kind is EventKind.CLOCK]
    spacing = np.diff(ticks[30:80]) / RATE * 24
    assert np.median(spacing) == pytest.approx(60 / TEMPO_BPM, rel=0.02)


def test_a_player_corrects_it(stage, wait_until):
    bridge, _ = stage
    bridge.do("/liveband/ear/double")
    wait_until(lambda: abs(bridge.read("/liveband/transport")[1] - 2 * TEMPO_BPM) < 3.0)
    bridge.do("/liveband/ear/half")
    wait_until(lambda: abs(bridge.read("/liveband/transport")[1] - TEMPO_BPM) < 1.5)
    with pytest.raises(RefusedError, match=r"48 bpm lies outside of 55 to"):
        bridge.do("/liveband/ear/half")
    bridge.do("/liveband/ear/downbeat")
    wait_until(lambda: bridge.read("/liveband/transport")[2] in (1, 2))
    bridge.do("/liveband/ear/tempo/max", 70.0)
    wait_until(lambda: bridge.read("/liveband/transport")[1] < 71.0)
    bridge.do("/liveband/ear/tempo/max", 215.0)
    bridge.do("/liveband/transport/source", "none")
    wait_until(lambda: bridge.read("/liveband/transport")[5] == "none")
