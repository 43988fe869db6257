"""Tests of controllers moving controls: default map, 14 bits, NRPN, buttons, encoders."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.common.errors import ConfigError
from bridge.controls.controls import from_normalised
from bridge.controls.parameters import PARAMETERS, Kind
from bridge.midi.binding import Binding, ControllerKind, Mode, Source, Takeover
from bridge.midi.event import EventKind, decode, encode
from tests.bridge.fake_controls import FakeControls, key, play

RATE = 48_000
FIRST_WAIT, WAIT = RATE // 100, RATE // 20


def cc(number, value, channel=1):
    return encode(EventKind.CC, channel, number, value)


def note(number, velocity=100, channel=1):
    return encode(EventKind.NOTE, channel, number, velocity)


def nrpn(number, value, channel=1):
    data = ((99, number >> 7), (98, number & 127), (6, value >> 7), (38, value & 127))
    return [cc(*each, channel) for each in data]


@pytest.fixture
def controls():
    return FakeControls()


@pytest.fixture
def device(controls):
    return controls.device()


@pytest.fixture
def jumping(controls, device):
    """A device whose controllers all jump."""
    controls.change("midi/takeover", "jump")
    return device


# -- messages ----------------------------------------------------------------------------------


@settings(deadline=None)
@given(data=st.binary(max_size=4))
def test_any_bytes_are_an_event_or_none(data):
    event = decode(data, 7)
    if event is not None and event.channel:
        assert 1 <= event.channel <= 16
        assert 0 <= event.number <= 127
        assert 0 <= event.value <= 16383


@settings(deadline=None)
@given(
    kind=st.sampled_from(["note", "poly", "cc", "bend", "pressure", "program"]),
    channel=st.integers(1, 16),
    number=st.integers(0, 127),
    value=st.integers(0, 127),
)
def test_a_message_survives_its_bytes(kind, channel, number, value):
    event = decode(encode(EventKind(kind), channel, number, value), 0)
    has_number, has_value = kind in ("note", "poly", "cc", "program"), kind != "program"
    assert (event.kind, event.channel) == (kind, channel)
    assert event.number == (number if has_number else 0)
    assert event.value == (value if has_value else 127)


@pytest.mark.parametrize("data", ["", "40", "9040", "90407f00", "f8f8", "fe", "f001f7", "ff"])
def test_what_is_not_one_whole_message_for_us_is_nothing(data):
    assert decode(bytes.fromhex(data), 0) is None


# -- the default map ---------------------------------------------------------------------------


def test_every_row_with_a_controller_is_moved_by_it(controls, jumping):
    for row in PARAMETERS:
        if row.cc is None or row.cc >= 120:
            continue
        play(jumping, cc(row.cc, 0), cc(row.cc, 127), frame=1000)
        jumping.tick(1000 + WAIT)
        if row.kind is Kind.TRIGGER:
            assert controls.fired[-1] == row.name
        else:
            assert controls[row.name] == from_normalised(row, 1.0).value


def test_switches_turn_at_the_middle_and_stems_share_the_range(controls, jumping):
    play(jumping, cc(80, 64))
    assert controls["bypass"] is True
    play(jumping, cc(80, 63))
    assert controls["bypass"] is False
    stems = PARAMETERS["stem"].choices
    seen = []
    for value in range(128):
        play(jumping, cc(27, value))
        seen.append(controls["stem"])
    assert [stem for index, stem in enumerate(seen) if stem not in seen[:index]] == list(stems)
    assert {seen.count(stem) for stem in stems} == {18, 19}


@pytest.mark.parametrize("value", [1, 42, 43, 85, 86, 127])
def test_anticipation_has_thirds(controls, jumping, value):
    play(jumping, cc(26, value))
    assert controls["anticipation"] == (0.0, 0.1, 1.0)[(value >= 43) + (value >= 86)]


def test_notes_choose_stems_at_any_velocity_and_their_end_does_nothing(controls, device):
    for index, stem in enumerate(PARAMETERS["stem"].choices):
        play(device, note(36 + index, 1), note(36 + index, 0), bytes((0x80, 36 + index, 64)))
        assert controls["stem"] == stem
    play(device, note(35), note(43))
    assert controls["stem"] == PARAMETERS["stem"].choices[-1]


def test_a_trigger_fires_once_at_the_way_up(controls, device):
    play(device, *(cc(85, value) for value in (0, 63, 64, 100, 127, 64, 63, 90)))
    assert controls.fired == ["reset", "reset"]


def test_program_changes_choose_presets_with_their_bank(controls, device):
    program = bytes((0xC0, 5))
    play(device, program, cc(0, 1), cc(32, 2), program, encode(EventKind.PROGRAM, 2, 9, 127))
    assert controls.programs == [(0, 5), (130, 5), (0, 9)]


def test_panic_on_all_channels_is_one_panic(controls, device):
    for channel in range(1, 17):
        play(device, cc(120, 0, channel), frame=channel * 48)
    assert controls.fired == ["panic"]
    play(device, cc(120, 0), frame=RATE)
    assert controls.fired == ["panic", "panic"]


def test_all_notes_off_at_every_stop_of_a_sequencer_silences_nothing(controls, device):
    play(device, cc(123, 0))
    assert controls.fired == []


def test_reset_all_controllers_lets_go_but_moves_nothing(controls, device):
    controls.change("stem", "bass")
    before = controls.controls.changes
    for value in range(128):
        play(device, cc(22, value), frame=value * WAIT)
        device.tick(value * WAIT + FIRST_WAIT)
    moved = controls["gain/in"]
    play(device, cc(121, 0))
    assert controls["gain/in"] == moved == 12.0
    controls.change("gain/in", before.get("gain/in", 0.0))
    play(device, cc(22, 3), frame=RATE * 20)
    device.tick(RATE * 21)
    assert controls["gain/in"] == 0.0


def test_only_the_channel_asked_for_is_heard(controls, jumping):
    controls.change("midi/channel", 3)
    play(jumping, cc(80, 127, channel=2), cc(120, 0, channel=4))
    assert controls["bypass"] is False
    assert controls.fired == []
    play(jumping, cc(80, 127, channel=3))
    assert controls["bypass"] is True


# -- 14 bits -----------------------------------------------------------------------------------


def full(name, raw, top=16383):
    return from_normalised(PARAMETERS[name], raw / top).value


@settings(deadline=None)
@given(raws=st.lists(st.integers(0, 16383), min_size=1, max_size=20))
def test_pairs_are_exact_and_nothing_shows_between_the_halves(raws):
    controls = FakeControls()
    controls.change("midi/takeover", "jump")
    device = controls.device()
    play(device, cc(23, 64), cc(55, 1))
    controls.moves.clear()
    expected = []
    for index, raw in enumerate(raws):
        frame = 1000 + index * WAIT
        play(device, cc(23, raw >> 7), frame=frame)
        device.tick(frame + WAIT // 2)
        play(device, cc(55, raw & 127), frame=frame + WAIT // 2 + 1)
        assert controls["gain/out"] == full("gain/out", raw)
        expected.append(("gain/out", full("gain/out", raw)))
    begin = ("gain/out", full("gain/out", 64 << 7 | 1))
    changes = [new for old, new in pairwise([begin, *expected]) if new != old]
    assert controls.moves == changes


def test_a_device_of_seven_bits_reaches_both_ends(controls, jumping):
    for value in (0, 127, 64):
        play(jumping, cc(23, value), frame=value * RATE)
        jumping.tick(value * RATE + FIRST_WAIT)
        assert controls["gain/out"] == full("gain/out", value, 127)


def test_a_coarse_half_alone_puts_the_fine_half_to_zero(controls, jumping):
    play(jumping, cc(23, 10), cc(55, 77), cc(23, 11), frame=100)
    assert controls["gain/out"] == full("gain/out", 10 << 7 | 77)
    jumping.tick(100 + WAIT)
    assert controls["gain/out"] == full("gain/out", 11 << 7)
    play(jumping, cc(55, 3), frame=RATE)
    assert controls["gain/out"] == full("gain/out", 11 << 7 | 3)


def test_a_fast_coarse_fader_is_not_held_back(controls, jumping):
    seen = []
    for value in range(20):
        play(jumping, cc(23, value), frame=value * 100)  # faster than the wait
        seen.append(controls["gain/out"])
    assert len(set(seen)) == 20


def test_time_that_goes_back_ends_all_waits(controls, jumping):
    play(jumping, cc(23, 10), frame=1_000_000)
    jumping.tick(5)
    assert controls["gain/out"] == full("gain/out", 10, 127)


# -- NRPN --------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", PARAMETERS.controls, ids=lambda row: row.name)
@pytest.mark.parametrize("raw", [0, 1, 5461, 8191, 8192, 16382, 16383])
def test_nrpn_reaches_every_control_exactly(row, raw):
    controls = FakeControls()
    play(controls.device(), *nrpn(row.number, raw))
    top = 16384 if row.kind in (Kind.CHOICE, Kind.TOGGLE) else 16383  # shared out evenly
    assert controls[row.name] == from_normalised(row, raw / top).value


@pytest.mark.parametrize(
    "null", [((101, 127), (100, 127)), ((99, 127), (98, 127)), ((101, 0), (100, 1))]
)
def test_null_and_registered_numbers_end_the_selection(controls, device, null):
    play(device, *nrpn(8, 16383), *(cc(*each) for each in null), cc(6, 0), cc(38, 0))
    device.tick(RATE)
    assert controls["gain/out"] == 12.0


def test_selections_are_kept_apart_by_channel(controls, device):
    play(device, cc(99, 0, 1), cc(98, 8, 1), cc(99, 0, 2), cc(98, 7, 2))
    play(device, cc(6, 127, 1), cc(38, 127, 1), cc(6, 0, 2), cc(38, 0, 2))
    assert (controls["gain/out"], controls["gain/in"]) == (12.0, -60.0)


def test_increment_and_decrement_go_one_step(controls, device):
    play(device, *nrpn(8, 8192), cc(96, 0), cc(96, 0), cc(97, 0))
    assert controls["gain/out"] == pytest.approx(full("gain/out", 8193), abs=1e-9)
    play(device, *nrpn(0, 0), cc(96, 0))
    assert controls["stem"] == "bass"


# -- bindings ----------------------------------------------------------------------------------


def bound(device, control, kind, number=20, **how):
    channel = how.pop("channel", 1)
    return device.add(
        Binding(control=key(control), source=Source(kind, channel, number), **how)
    )


@pytest.mark.parametrize(
    ("mode", "right", "left"),
    [(Mode.TWOS, 3, 125), (Mode.OFFSET, 67, 61), (Mode.SIGN, 3, 67)],
)
def test_encoders_of_all_three_kinds(controls, device, mode, right, left):
    bound(device, "noise", ControllerKind.CC, mode=mode, step=0.01)
    play(device, cc(20, right))
    assert controls["noise"] == pytest.approx(1.06)
    play(device, cc(20, left), cc(20, left))
    assert controls["noise"] == pytest.approx(0.94)
    play(device, *(cc(20, left) for _ in range(100)))
    assert controls["noise"] == 0.0


def test_an_encoder_steps_through_choices_and_whole_numbers(controls, device):
    bound(device, "stem", ControllerKind.CC, mode=Mode.TWOS)
    bound(device, "midi/channel", ControllerKind.CC, 21, mode=Mode.TWOS, step=0.001, channel=0)
    play(device, cc(20, 1), cc(20, 5), cc(20, 127))
    assert controls["stem"] == "bass"
    play(device, cc(21, 1))
    assert controls["midi/channel"] == 1


def test_input_and_target_ranges_may_be_upside_down(controls, device):
    how = {"takeover": Takeover.JUMP, "input": (100, 20), "target": (-30.0, 0.0)}
    bound(device, "gain/in", ControllerKind.CC, 21, **how)
    for value, expected in ((127, -30.0), (100, -30.0), (60, -15.0), (20, 0.0), (0, 0.0)):
        play(device, cc(21, value))
        assert controls["gain/in"] == pytest.approx(expected)
    bound(
        device, "stem", ControllerKind.CC, 22, takeover=Takeover.JUMP, target=("piano", "bass")
    )
    for value, expected in ((0, "piano"), (64, "guitar"), (127, "bass")):
        play(device, cc(22, value))
        assert controls["stem"] == expected


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (ControllerKind.BEND, encode(EventKind.BEND, 1, 0, 16383)),
        (ControllerKind.PRESSURE, encode(EventKind.PRESSURE, 1, 0, 127)),
        (ControllerKind.POLY, encode(EventKind.POLY, 1, 60, 127)),
        (ControllerKind.NOTE, note(60, 127)),
    ],
)
def test_other_controllers_move_controls_too(controls, jumping, kind, message):
    number = 60 if kind in (ControllerKind.POLY, ControllerKind.NOTE) else 0
    bound(jumping, "noise", kind, number)
    play(jumping, message)
    assert controls["noise"] == 2.0


def test_buttons_toggle_hold_and_choose(controls, device):
    bound(device, "mute", ControllerKind.NOTE, 60)
    bound(device, "bypass", ControllerKind.CC, 30, mode=Mode.TOGGLE)
    bound(device, "listen", ControllerKind.CC, 31, mode=Mode.MOMENTARY, target=(True, False))
    bound(device, "stem", ControllerKind.NOTE, 61, value="lead", mode=Mode.MOMENTARY)
    play(device, note(60), note(60, 0), cc(30, 127), cc(30, 0))
    assert (controls["mute"], controls["bypass"]) == (True, True)
    play(device, note(60), note(60, 0), cc(30, 127))
    assert (controls["mute"], controls["bypass"]) == (False, False)
    play(device, cc(31, 127), note(61))
    assert (controls["listen"], controls["stem"]) == (False, "lead")
    play(device, cc(31, 0), note(61, 0))
    assert (controls["listen"], controls["stem"]) == (True, "drums")


def test_a_held_button_does_not_undo_what_others_did_meanwhile(controls, device):
    bound(device, "stem", ControllerKind.NOTE, 61, value="lead", mode=Mode.MOMENTARY)
    play(device, note(61))
    controls.change("stem", "piano")
    play(device, note(61, 0))
    assert controls["stem"] == "piano"


def test_one_controller_may_move_several_controls_and_one_control_have_several(
    controls, device
):
    for control in ("gain/in", "gain/out"):
        bound(device, control, ControllerKind.CC, 50, takeover=Takeover.JUMP)
    bound(device, "gain/out", ControllerKind.CC, 51, takeover=Takeover.JUMP)
    play(device, cc(50, 127))
    assert (controls["gain/in"], controls["gain/out"]) == (12.0, 12.0)
    play(device, cc(51, 0))
    assert (controls["gain/in"], controls["gain/out"]) == (12.0, -60.0)


def test_a_controller_bound_by_its_player_has_no_default_use(controls, jumping):
    bound(jumping, "noise", ControllerKind.CC, 23)
    play(jumping, cc(23, 127))
    jumping.tick(RATE)
    assert (controls["noise"], controls["gain/out"]) == (2.0, 0.0)
    play(jumping, cc(23, 127, channel=2), frame=RATE)  # another knob
    jumping.tick(2 * RATE)
    assert controls["gain/out"] == 12.0


def test_a_controller_bound_by_itself_is_no_fine_half(controls, jumping):
    bound(jumping, "noise", ControllerKind.CC, 55, channel=0)
    play(jumping, cc(23, 64), cc(55, 127))
    jumping.tick(RATE)
    assert controls["gain/out"] == full("gain/out", 64, 127)
    assert controls["noise"] == 2.0


@pytest.mark.parametrize(
    ("problem", "binding"),
    [
        ("channel takes 0 to 16, got 17", {"channel": 17}),
        ("number of cc takes 0 to 119, got 120", {"number": 120}),
        ("number of cc14 takes 0 to 31, got 32", {"kind": ControllerKind.CC14, "number": 32}),
        ("no control 'gain'", {"control": key("gain")}),
        ("no control 'status'", {"control": key("status")}),
        ("two different ends, got 5 twice", {"input": (5, 5)}),
        ("input takes 0 to 127, got 128", {"input": (0, 128)}),
        ("gain/out takes -60 to 12 dB, got 20", {"target": (0.0, 20.0)}),
        ("step takes more than 0", {"step": 0.0}),
        ("mode relative-twos is for type cc", {"kind": ControllerKind.NOTE, "mode": Mode.TWOS}),
        ("never released", {"kind": ControllerKind.PROGRAM, "mode": Mode.MOMENTARY}),
        ("neither value nor target", {"control": key("reset"), "value": 1}),
        ("value goes with mode", {"value": 0.0, "mode": Mode.TOGGLE}),
    ],
)
def test_a_binding_that_cannot_be_is_refused_with_its_reason(device, problem, binding):
    how = {
        "control": key("gain/out"),
        "kind": ControllerKind.CC,
        "number": 20,
        "channel": 1,
    } | binding
    source = (how.pop("kind"), how.pop("channel"), how.pop("number"))
    with pytest.raises(ConfigError, match=problem):
        device.add(Binding(source=Source(*source), **how))
