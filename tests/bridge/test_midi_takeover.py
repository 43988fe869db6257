"""A knob that picks up never makes a control jump, however fast it is turned."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.controls.parameters import PARAMETERS
from bridge.midi.binding import Binding, ControllerKind, Source, Takeover
from bridge.midi.controller_events import ControllerMove
from bridge.midi.event import EventKind, encode
from bridge.midi.takeover import TakeoverState
from bridge.midi.value_scaling import ValueScaling
from tests.bridge.fake_controls import FakeControls, key, play

NUMBERS = [row for row in PARAMETERS.controls if row.kind in ("float", "int")]
POSITIONS = st.floats(0, 1)
STEP = 1 / 127


def turn(device, raw, channel=1):
    play(device, encode(EventKind.CC, channel, 70, raw))


def knob(controls, control="gain/out", **how):
    device = controls.device()
    device.add(Binding(control=key(control), source=Source(ControllerKind.CC, 0, 70), **how))
    return device


@settings(deadline=None)
@given(
    row=st.sampled_from(NUMBERS),
    start=POSITIONS,
    raws=st.lists(st.integers(0, 127), min_size=1, max_size=40),
    takeover=st.sampled_from([Takeover.PICKUP, Takeover.SCALE]),
    elsewhere=st.lists(st.tuples(st.integers(0, 39), POSITIONS), max_size=4),
)
def test_no_control_jumps_further_than_the_knob_moved(row, start, raws, takeover, elsewhere):
    controls, scaling = FakeControls(), ValueScaling(row)
    device = knob(controls, row.name, takeover=takeover)
    controls.change(row.name, scaling.value(start))
    last, rounding = None, scaling.least_step
    for index, raw in enumerate(raws):
        for when, position in elsewhere:
            if when == index:
                controls.change(row.name, scaling.value(position))
        before = scaling.position(controls[row.name])
        turn(device, raw)
        jump = abs(scaling.position(controls[row.name]) - before)
        knob_step = STEP if last is None else max(STEP, abs(raw - last) / 127)
        assert jump <= knob_step + rounding + 1e-9
        last = raw


@settings(deadline=None)
@given(
    start=st.floats(-60, 12),
    end_first=st.sampled_from([0, 127]),
    jumps=st.lists(st.integers(0, 127), max_size=10),
)
def test_once_it_was_turned_from_end_to_end_it_holds(start, end_first, jumps):
    for takeover in (Takeover.PICKUP, Takeover.SCALE):
        controls = FakeControls()
        device = knob(controls, takeover=takeover)
        controls.change("gain/out", start)
        for raw in (end_first, 127 - end_first, *jumps):
            turn(device, raw)
        assert controls["gain/out"] == pytest.approx(-60 + 72 * raw / 127)


def test_scaling_moves_at_once_and_meets_at_the_end():
    controls = FakeControls()
    device = knob(controls, takeover=Takeover.SCALE)
    controls.change("gain/out", -24.0)  # the middle
    turn(device, 0)
    assert controls["gain/out"] == -24.0
    turn(device, 25)
    value = controls["gain/out"]
    assert -24.0 < value < -60 + 72 * (63.5 + 25) / 127
    for raw in range(26, 128):
        turn(device, raw)
        assert controls["gain/out"] >= value
        value = controls["gain/out"]
    assert value == pytest.approx(12.0)


def test_a_change_from_elsewhere_takes_the_hold_away_and_passing_brings_it_back():
    controls = FakeControls()
    device = knob(controls, takeover=Takeover.PICKUP)
    for raw in (0, 127, 100):
        turn(device, raw)
    held = controls["gain/out"]
    controls.change("gain/out", -30.0)
    turn(device, 99)
    assert controls["gain/out"] == -30.0
    turn(device, 10)
    assert controls["gain/out"] == pytest.approx(-60 + 72 * 10 / 127)
    assert held != controls["gain/out"]


def test_two_knobs_on_one_control_each_have_their_own_hold():
    controls = FakeControls()
    device = knob(controls, takeover=Takeover.PICKUP)
    for raw in (0, 127, 100):
        turn(device, raw, channel=1)
    turn(device, 20, channel=2)
    assert controls["gain/out"] == pytest.approx(-60 + 72 * 100 / 127)
    turn(device, 101, channel=2)  # passes it
    turn(device, 90, channel=1)  # and so the first has lost it
    assert controls["gain/out"] == pytest.approx(-60 + 72 * 101 / 127)


def test_what_the_table_says_counts_for_bindings_that_do_not():
    controls = FakeControls()
    device = knob(controls)
    turn(device, 127)
    assert controls["gain/out"] == 0.0
    controls.change("midi/takeover", "jump")
    turn(device, 126)
    assert controls["gain/out"] == pytest.approx(-60 + 72 * 126 / 127)


def test_a_choice_is_picked_up_anywhere_in_its_stretch():
    controls = FakeControls()
    device = knob(controls, "stem", takeover=Takeover.PICKUP)
    controls.change("stem", "piano")
    turn(device, 0)
    turn(device, 30)
    assert controls["stem"] == "piano"
    turn(device, 127)
    assert controls["stem"] == "other"


def test_a_pair_of_controllers_counts_steps_of_fourteen_bits():
    state = TakeoverState()
    move = ControllerMove(Source(ControllerKind.CC14, 1, 20), 8192, 16383, 0)
    assert state.move(move.position, 1 / 16383, (0.501, 0.501), Takeover.PICKUP) is None
    assert state.move(8208 / 16383, 1 / 16383, (0.501, 0.501), Takeover.PICKUP) is not None
