"""The controller that was moved is the one that is bound, and as what it is."""

import pytest

from bridge.midi.binding import ControllerKind, Mode, Source, Takeover
from bridge.midi.event import EventKind, encode
from tests.bridge.fake_controls import FakeControls, key, play

RATE = 48_000
MS = RATE // 1000


def cc(number, value, channel=1):
    return encode(EventKind.CC, channel, number, value)


def ccs(number, *values):
    return [cc(number, value) for value in values]


@pytest.fixture
def controls():
    return FakeControls()


@pytest.fixture
def device(controls):
    return controls.device()


def learn(device, *messages, apart=20 * MS, frame=10 * RATE):
    """Begin to learn, play messages, wait; return what was heard."""
    device.learner.begin(frame)
    play(device, *messages, frame=frame + MS, apart=apart)
    end = frame + MS + len(messages) * apart
    device.tick(end)
    assert device.learner.detected(end) is None, "it must gather first"
    return device.learner.detected(end + 300 * MS)


def pair(number, *raws):
    return [m for raw in raws for m in (cc(number, raw >> 7), cc(number + 32, raw & 127))]


def nrpn(number, *raws):
    select = [cc(99, number >> 7), cc(98, number & 127)]
    return [*select, *(m for raw in raws for m in (cc(6, raw >> 7), cc(38, raw & 127)))]


@pytest.mark.parametrize(
    ("messages", "source", "mode"),
    [
        (ccs(70, 10, 12, 15), Source(ControllerKind.CC, 1, 70), Mode.ABSOLUTE),
        (ccs(7, 127), Source(ControllerKind.CC, 1, 7), Mode.ABSOLUTE),
        (pair(7, 1000, 1200, 1500), Source(ControllerKind.CC14, 1, 7), Mode.ABSOLUTE),
        (nrpn(300, 1000, 1010), Source(ControllerKind.NRPN, 1, 300), Mode.ABSOLUTE),
        ([bytes((0x93, 60, 5))], Source(ControllerKind.NOTE, 4, 60), Mode.ABSOLUTE),
        ([bytes((0xC0, 9))], Source(ControllerKind.PROGRAM, 1, 9), Mode.ABSOLUTE),
        (
            [encode(EventKind.BEND, 2, 0, 8192 + raw) for raw in (0, 400, 900)],
            Source(ControllerKind.BEND, 2, 0),
            Mode.ABSOLUTE,
        ),
        (
            [encode(EventKind.PRESSURE, 1, 0, value) for value in (0, 10, 60)],
            Source(ControllerKind.PRESSURE, 1, 0),
            Mode.ABSOLUTE,
        ),
        (ccs(70, 1, 1, 2, 1), Source(ControllerKind.CC, 1, 70), Mode.TWOS),
        (ccs(70, 127, 127, 126), Source(ControllerKind.CC, 1, 70), Mode.TWOS),
        (ccs(70, 65, 65, 63, 63), Source(ControllerKind.CC, 1, 70), Mode.OFFSET),
        (ccs(70, 1, 1, 65, 65), Source(ControllerKind.CC, 1, 70), Mode.SIGN),
    ],
)
def test_what_was_moved_is_recognised(device, messages, source, mode):
    heard = learn(device, *messages)
    assert (heard.source, heard.mode) == (source, mode)
    assert not device.learner.active


def test_a_fader_that_says_it_is_touched_is_a_fader(device):
    touch = bytes((0x90, 104, 127))
    bends = [encode(EventKind.BEND, 1, 0, raw) for raw in (100, 500, 1500)]
    assert learn(device, touch, *bends).source.kind is ControllerKind.BEND


def test_a_key_with_aftertouch_is_a_key(device):
    pressure = [encode(EventKind.PRESSURE, 1, 0, value) for value in (0, 60, 90)]
    assert learn(device, bytes((0x90, 60, 90)), *pressure).source.kind is ControllerKind.NOTE


def test_clock_and_active_sensing_are_no_controllers(device):
    assert learn(device, *(b"\xf8", b"\xfe", b"\xfa") * 10) is None


def test_a_worn_fader_that_trembles_is_not_meant(device):
    tremble = ccs(50, *(60 + index % 2 for index in range(40)))
    assert learn(device, *tremble) is None
    assert device.learner.active


def test_what_was_busy_before_is_left_out_until_it_was_quiet(device):
    busy = ccs(50, 0, 30, 60, 90, 120)
    play(device, *busy, frame=10 * RATE - 100 * MS, apart=20 * MS)
    assert learn(device, *ccs(50, 0, 40, 80)) is None
    play(device, *ccs(50, 0, 40, 80), frame=13 * RATE, apart=MS)
    assert device.learner.detected(14 * RATE).source.number == 50


def test_of_two_that_move_the_one_that_moves_more_is_meant(device):
    both = [m for pair in zip(ccs(50, 1, 4, 8), ccs(51, 0, 40, 90), strict=True) for m in pair]
    assert learn(device, *both).source.number == 51


def test_while_learning_controllers_move_nothing_but_panic_still_works(controls, device):
    device.learner.begin(0)
    play(device, cc(80, 127), cc(120, 0))
    assert controls["bypass"] is False
    assert controls.fired == ["panic"]


def test_a_button_that_springs_back_turns_a_switch_over(controls, device):
    binding = device.bind_detected(
        learn(device, *ccs(70, 127, 0)), key("mute"), None, Takeover.DEFAULT
    )
    assert binding.mode is Mode.TOGGLE
    play(device, *ccs(70, 127, 0), frame=20 * RATE)
    assert controls["mute"] is True


def test_a_button_that_stays_sets_a_switch(controls, device):
    binding = device.bind_detected(
        learn(device, *ccs(70, 127)), key("mute"), None, Takeover.DEFAULT
    )
    assert binding.mode is Mode.ABSOLUTE
    play(device, cc(70, 0), cc(70, 127), frame=20 * RATE)
    assert controls["mute"] is True


def test_a_range_and_a_takeover_may_come_along(controls, device):
    device.bind_detected(
        learn(device, *ccs(70, 1, 60, 120)), key("noise"), (1.0, 0.0), Takeover.JUMP
    )
    play(device, cc(70, 127), frame=20 * RATE)
    assert controls["noise"] == 0.0
