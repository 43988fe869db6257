"""The system's MIDI devices: found by name, told apart, missed when gone and met again."""

import sys
from types import SimpleNamespace

import mido
import pytest

from bridge.__main__ import main
from bridge.audio.shared.share import AudioShare
from bridge.common.errors import ConfigError, EnvironmentMissing
from bridge.config import RunSettings
from bridge.midi.frame_clock import FrameClock
from bridge.midi.ports import JackPort, SystemPort

RATE = 48_000


class FakeMido:
    """As much of mido as we use, with devices that can be pulled and plugged."""

    Message = mido.Message

    def __init__(self, *names):
        self.names, self.opened, self.sent = list(names), {}, []
        self.backend = SimpleNamespace(load=lambda: None)

    def get_input_names(self):
        return list(self.names)

    get_output_names = get_input_names

    def open_input(self, name, callback):
        if name not in self.names:
            raise OSError(f"unknown port {name}")
        self.opened[name] = callback
        return SimpleNamespace(close=lambda: self.opened.pop(name))

    def open_output(self, name):
        def send(message):
            if name not in self.names:
                raise OSError("it is gone")
            self.sent.append(bytes(message.bytes()))

        return SimpleNamespace(close=lambda: None, send=send)

    def play(self, name, *data):
        self.opened[name](mido.Message.from_bytes(data))


@pytest.fixture
def system(monkeypatch):
    def make(*names):
        fake = FakeMido(*names)
        monkeypatch.setitem(sys.modules, "mido", fake)
        return fake

    return make


class Time:
    seconds = 100.0

    def __call__(self):
        return self.seconds


def frames(time):
    return FrameClock(lambda: 0, lambda: RATE, time)


def test_messages_come_with_the_frame_they_came_at(system):
    time, fake = Time(), system("nano MIDI 1", "other")
    port = SystemPort("NANO", time)
    clock = frames(time)
    time.seconds += 0.25
    fake.play("nano MIDI 1", 0xB0, 7, 64)
    time.seconds += 0.25
    fake.play("nano MIDI 1", 0xF8)
    time.seconds += 0.001
    assert port.receive(clock) == [(12_000, b"\xb0\x07\x40"), (24_000, b"\xf8")]
    assert port.receive(clock) == []
    port.send(b"\x90\x24\x7f")
    assert fake.sent == [b"\x90\x24\x7f"]
    port.close()
    assert fake.opened == {}


def test_what_is_dated_is_sent_when_its_frame_has_come(system):
    time, fake = Time(), system("nano")
    port, clock = SystemPort("nano", time), frames(time)
    for frame in (480, 960):
        port.send(b"\xf8", frame)
    port.send(b"\x90\x24\x7f")
    port.receive(clock)
    assert fake.sent == [b"\x90\x24\x7f"]
    time.seconds += 0.011
    port.receive(clock)
    assert fake.sent[1:] == [b"\xf8"]
    port.close()


def test_a_device_that_was_pulled_is_missed_and_met_again(system, caplog):
    time, fake = Time(), system("nano")
    port = SystemPort("nano", time)
    assert (port.plugged_in(), port.plugged_in()) == (True, False)
    fake.names.clear()
    time.seconds += 3
    assert port.receive(frames(time)) == []
    port.send(b"\x90\x24\x7f")
    assert "is gone" in caplog.text
    fake.names.append("nano")
    time.seconds += 3
    port.receive(frames(time))
    assert port.plugged_in()
    fake.play("nano", 0xB0, 7, 64)
    assert len(port.receive(frames(time))) == 1


def test_a_plug_pulled_while_sending_is_no_disaster(system, caplog):
    fake = system("nano")
    port = SystemPort("nano", Time())
    fake.names.clear()
    port.send(b"\x90\x24\x7f")
    assert "does not take what it is sent" in caplog.text
    port.send(b"\x90\x24\x7f")


@pytest.mark.parametrize(
    ("names", "error", "problem"),
    [
        ((), EnvironmentMissing, "there are: none at all"),
        (("a", "b"), EnvironmentMissing, "no MIDI device is called 'nano'; there are: a, b"),
        (("nano 1", "nano 2"), ConfigError, "fits several devices: nano 1, nano 2"),
    ],
)
def test_a_device_that_is_not_one_is_named_with_those_there_are(system, names, error, problem):
    system(*names)
    with pytest.raises(error, match=problem):
        SystemPort("nano")


def test_a_device_in_use_is_named(system):
    fake = system("nano")
    fake.open_input = None
    with pytest.raises(EnvironmentMissing, match="'nano' cannot be opened"):
        SystemPort("nano")


def test_a_system_without_midi_says_how_to_mend_it(system):
    fake = system("nano")

    def silent():
        raise SystemError("error creating ALSA sequencer client object")

    fake.get_input_names = silent
    with pytest.raises(EnvironmentMissing, match=r"ALSA sequencer.*modprobe snd-seq"):
        SystemPort("nano")


def test_a_library_that_is_not_installed_is_named(system):
    def load():
        raise ModuleNotFoundError("No module named 'rtmidi'")

    system("nano").backend.load = load
    with pytest.raises(EnvironmentMissing, match="pip install mido python-rtmidi"):
        SystemPort("nano")


def test_jacks_port_is_the_share():
    with AudioShare.create(RATE, 2400) as share:
        port = JackPort(share)
        port.send(b"\xb0\x07\x40")
        assert port.receive(frames(Time())) == []
        assert not port.plugged_in()


def test_a_controller_connected_to_jacks_port_is_told_once_it_hears_us():
    share = SimpleNamespace(control_connections=3, frame=0, block=256)
    port = JackPort(share)
    told = []
    for share.frame in range(0, 4096, 256):
        if share.frame in (1024, 1280, 3072):
            share.control_connections += 1
        if port.plugged_in():
            told.append(share.frame)
    assert told == [1280 + 512, 3072 + 512]


def test_the_command_line_takes_several_devices(monkeypatch):
    seen = []

    async def perform(settings, *_others, **_named):
        seen.append(settings)

    monkeypatch.setattr("bridge.app.run.perform", perform)
    arguments = ["--midi", "nano", "--midi", "pedal", "--checkpoint", "passthrough"]
    assert main(["run", *arguments]) == 0
    assert seen[0].midi == ("nano", "pedal")
    assert RunSettings().midi == ()
