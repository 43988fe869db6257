"""The clock of frames: between the looks at an audio host, and while it is gone."""

import pytest

from bridge.controls.controls import Controls
from bridge.controls.store import ControlStore
from bridge.midi.frame_clock import FrameClock
from bridge.midi.service import MidiService
from tests.bridge.fake_band import FakeBand
from tests.bridge.fake_controls import FakePort

RATE = 48_000


class Host:
    """An audio clock in blocks, a little fast."""

    def __init__(self, block=1024, drift=1.0001):
        self.block, self.drift, self.seconds, self.gone = block, drift, 0.0, 0.0

    def frame(self):
        played = max(0.0, self.seconds - self.gone) * RATE * self.drift
        return int(played) // self.block * self.block

    def clock(self):
        return FrameClock(self.frame, lambda: RATE, lambda: self.seconds)


@pytest.mark.parametrize("block", [64, 1024, 8192])
def test_between_blocks_frames_go_on_evenly(block):
    host = Host(block)
    clock = host.clock()
    errors = []
    for _ in range(4000):
        host.seconds += 0.0049
        frame = clock.now()
        if host.seconds > 2.0:
            errors.append(frame - host.seconds * RATE * host.drift)
    assert max(errors) - min(errors) < 0.006 * RATE


def test_frames_go_on_while_the_host_is_gone_and_follow_it_when_it_is_back():
    host = Host()
    clock = host.clock()
    for _ in range(400):
        host.seconds += 0.005
        clock.now()
    frozen, before = host.frame(), clock.now()
    frame, host.frame = host.frame, lambda: frozen
    clock._frame = host.frame
    host.seconds += 3.0
    assert clock.now() - before == pytest.approx(3.0 * RATE, abs=10)
    host.gone, clock._frame = 3.0, frame
    for _ in range(50):
        host.seconds += 0.005
        clock.now()
    assert abs(clock.now() - frame()) < 2 * host.block


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_a_midi_clock_keeps_its_tempo_when_the_server_comes_back_at_another_rate(
    tmp_path, rate
):
    """As after a start without a server, when 48000 Hz were a guess."""
    now = {"s": 0.0, "frame": 0, "rate": 48_000}
    frames = FrameClock(lambda: now["frame"], lambda: now["rate"], lambda: now["s"])
    port = FakePort()
    service = MidiService(ControlStore(FakeBand(), Controls()), [port], frames, tmp_path)

    def tick(count):
        for _ in range(count):
            now["s"] += 1 / 48  # 120 bpm
            now["frame"] += round(now["rate"] / 48)
            port.arriving.append((now["frame"], b"\xf8"))
            service.step()

    port.arriving.append((0, b"\xfa"))
    tick(96)
    assert service.position(now["frame"]).tempo_bpm == pytest.approx(120.0)
    now["rate"] = rate
    tick(2)
    assert service.position(now["frame"]) is None, "two ticks tell no tempo"
    tick(94)
    position = service.position(now["frame"])
    assert position.tempo_bpm == pytest.approx(120.0, rel=1e-3)
    assert (position.rolling, position.beats) == (True, pytest.approx(191 / 24, abs=1e-3))
