"""Lamps and motors follow, a hand is left alone, and nothing ever goes round in circles."""

import random

import pytest

from bridge.midi.binding import Binding, ControllerKind, Mode, Source, Takeover
from bridge.midi.event import EventKind, decode, encode
from tests.bridge.fake_controls import FakeControls, key, play

RATE = 48_000
GUARD, PERIOD = round(0.15 * RATE), RATE // 30


def cc(number, value, channel=1):
    return encode(EventKind.CC, channel, number, value)


@pytest.fixture
def controls():
    return FakeControls()


@pytest.fixture
def fader(controls):
    """A device with one fader on gain/out and no default bindings; it knows all values."""
    device = controls.device()
    device.bindings.defaults = False
    source = Source(ControllerKind.CC, 2, 7)
    device.add(Binding(control=key("gain/out"), source=source, takeover=Takeover.JUMP))
    device.tick(0)
    return device


def test_a_change_from_elsewhere_is_shown(controls, fader):
    controls.change("gain/out", -60.0)
    assert fader.tick(RATE) == [cc(7, 0, 2)]
    assert fader.tick(2 * RATE) == []


def test_the_latest_wins_at_thirty_a_second(controls, fader):
    sent = []
    for index in range(1000):  # of which each lasts a millisecond
        controls.change("gain/out", -60 + 72 * index / 999)
        sent += fader.tick(RATE + index * 48)
    sent += fader.tick(3 * RATE)
    assert 28 <= len(sent) <= 31
    assert sent[-1] == cc(7, 127, 2)


def test_the_mover_hears_nothing_while_it_moves_and_nothing_new_after(controls, fader):
    for index in range(50):
        play(fader, cc(7, index, 2), frame=RATE + index * 480)
        assert fader.tick(RATE + index * 480) == []
    assert fader.tick(5 * RATE) == []


def test_a_hand_is_left_alone_and_then_told_where_the_control_is(controls, fader):
    play(fader, cc(7, 100, 2), frame=RATE)
    controls.change("gain/out", -60.0)
    assert fader.tick(RATE + GUARD - 1) == []
    assert fader.tick(RATE + GUARD) == [cc(7, 0, 2)]


def test_a_knob_that_did_not_pick_up_is_told_where_the_control_is(controls):
    device = controls.device()
    device.tick(0)
    play(device, cc(22, 5), frame=RATE)
    device.tick(RATE + 480)
    assert controls["gain/in"] == 0.0
    assert device.tick(3 * RATE) == [cc(22, 106)]


def test_all_is_told_at_the_start_and_when_asked(controls):
    device = controls.device()
    first = device.tick(0)
    assert cc(23, 106) in first
    assert encode(EventKind.NOTE, 1, 36, 127) in first
    assert encode(EventKind.NOTE, 1, 37, 0) in first
    assert device.tick(RATE) == []
    device.show_everything()
    assert sorted(device.tick(2 * RATE)) == sorted(first)


def test_stem_lamps_are_a_radio_group(controls):
    device = controls.device()
    device.tick(0)
    controls.change("stem", "bass")
    sent = device.tick(RATE)
    notes = [message for message in sent if message[0] & 0xF0 == 0x90]
    assert sorted(notes) == [bytes((0x90, 36, 0)), bytes((0x90, 37, 127))]


def test_pads_light_up_at_once(controls):
    device = controls.device()
    device.add(Binding(control=key("mute"), source=Source(ControllerKind.NOTE, 10, 60)))
    device.tick(0)
    play(device, encode(EventKind.NOTE, 10, 60, 90), frame=RATE)
    assert encode(EventKind.NOTE, 10, 60, 127) in device.tick(RATE)
    play(device, encode(EventKind.NOTE, 10, 60, 90), frame=2 * RATE)
    assert encode(EventKind.NOTE, 10, 60, 0) in device.tick(2 * RATE)


@pytest.mark.parametrize(
    "kind", [ControllerKind.CC14, ControllerKind.NRPN, ControllerKind.BEND]
)
def test_fine_controllers_are_shown_all_bits(controls, kind):
    device = controls.device()
    device.bindings.defaults = False
    number = 0 if kind is ControllerKind.BEND else 5
    device.add(Binding(control=key("gain/out"), source=Source(kind, 1, number)))
    device.tick(0)
    raw = 12_345
    controls.change("gain/out", -60 + 72 * raw / 16383)
    echo = controls.__class__()
    there = echo.device()
    there.add(
        Binding(control=key("gain/out"), source=Source(kind, 1, number), takeover=Takeover.JUMP)
    )
    play(there, *device.tick(RATE), frame=RATE)
    assert echo["gain/out"] == pytest.approx(controls["gain/out"], abs=1e-9)


def test_feedback_can_be_switched_off_and_on_again(controls, fader):
    controls.change("midi/feedback", False)
    controls.change("gain/out", -60.0)
    assert fader.tick(RATE) == []
    controls.change("midi/feedback", True)
    assert fader.tick(2 * RATE) == [cc(7, 0, 2)]


def test_a_default_knob_is_answered_on_its_own_channel(controls):
    device = controls.device()
    device.tick(0)
    play(device, cc(22, 5, 9), frame=RATE)
    device.tick(RATE + 480)
    assert device.tick(3 * RATE) == [cc(22, 106, 9)]


@pytest.mark.parametrize("takeover", ["jump", "pickup", "scale"])
def test_a_cable_from_output_to_input_goes_round_in_no_circle(controls, takeover):
    device = controls.device()
    controls.change("midi/takeover", takeover)
    device.add(
        Binding(
            control=key("bypass"), source=Source(ControllerKind.CC, 1, 60), mode=Mode.TOGGLE
        )
    )
    device.add(
        Binding(control=key("noise"), source=Source(ControllerKind.CC, 1, 61), mode=Mode.TWOS)
    )
    rng = random.Random(0)
    for index in range(2000):
        frame = index * 240
        if index < 1000 and index % 7 == 0:
            controls.change("gain/out", rng.uniform(-60, 12))
            controls.change("bypass", rng.random() < 0.5)
            controls.change("noise", rng.uniform(0, 2))
            controls.change("stem", rng.choice(controls.table["stem"].choices))
            chosen = dict(controls.controls.changes)
        play(device, *device.tick(frame), frame=frame + 240)
    assert dict(controls.controls.changes) == chosen
    assert controls.moves == []


class MotorFader:
    """A fader that goes where it is told, and is moved by a hand now and then."""

    def __init__(self, device, delay=480):
        self.device, self.delay = device, delay
        self.raw, self.coming = 0, []

    def grab(self, raw, frame):
        self.raw = raw
        play(self.device, cc(7, raw), frame=frame)

    def step(self, frame):
        for message in self.device.tick(frame):
            event = decode(message, frame)
            if (event.kind, event.number) == (EventKind.CC, 7):
                self.coming.append((frame + self.delay, event.value))
        while self.coming and self.coming[0][0] <= frame:
            self.raw = self.coming.pop(0)[1]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("takeover", [Takeover.JUMP, Takeover.PICKUP, Takeover.SCALE])
def test_two_faders_and_a_client_converge_and_then_rest(controls, seed, takeover):
    faders = []
    for name in ("left", "right"):
        device = controls.device(name)
        device.bindings.defaults = False
        source = Source(ControllerKind.CC, 1, 7)
        device.add(Binding(control=key("gain/out"), source=source, takeover=takeover))
        faders.append(MotorFader(device))
    rng = random.Random(seed)
    tick = 240
    quiet = 0
    for index in range(60_000_000 // (tick * 1000)):
        frame = index * tick
        if rng.random() < 0.02:
            rng.choice(faders).grab(rng.randrange(128), frame)
        if rng.random() < 0.01:
            controls.change("gain/out", rng.uniform(-60, 12))
        for fader in faders:
            fader.step(frame)
    value, moves = controls["gain/out"], len(controls.moves)
    for quiet in range(0, RATE, tick):
        for fader in faders:
            fader.step(frame + quiet)
    assert controls["gain/out"] == value
    assert len(controls.moves) == moves
    shown = round(127 * (value + 60) / 72)
    assert [fader.raw for fader in faders] == [shown, shown]
