"""Tests of control values: conversion of what clients send, and refusals in words."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.common.errors import ParameterError
from bridge.controls.controls import Coerced, Controls, coerce, from_normalised, normalised
from bridge.controls.parameters import PARAMETERS, Kind
from bridge.osc.codec import Opaque

ROWS = st.sampled_from(PARAMETERS.controls)
ANYTHING = st.one_of(
    st.floats(),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.text(),
    st.sampled_from(["on", "BASS", "-1", "1e3", "nan", "inf", "0x10"]),
    st.builds(Opaque, st.sampled_from("btcrm")),
)


def held(row, value):
    """Whether ``value`` is one the row may hold, of its exact type."""
    if row.kind is Kind.CHOICE:
        return value in row.choices and type(value) is type(row.choices[0])
    if row.kind is Kind.TOGGLE:
        return type(value) is bool
    kind = int if row.kind is Kind.INT else float
    return type(value) is kind and row.low <= value <= row.high


@given(ROWS, ANYTHING)
def test_whatever_comes_is_held_or_refused(row, raw):
    refused = None
    try:
        coerced = coerce(row, raw)
    except ParameterError as error:
        refused = error
    if refused is None:
        assert held(row, coerced.value)
        assert coerce(row, coerced.value) == Coerced(coerced.value)
    else:
        assert refused.code in (2, 5)
        assert row.name in str(refused)
        assert len(str(refused)) < 300


@given(ROWS, st.floats(0, 1))
def test_the_mirror_reaches_only_what_the_row_holds(row, position):
    coerced = from_normalised(row, position)
    assert held(row, coerced.value)
    assert coerced.notice == ""
    assert 0.0 <= normalised(row, coerced.value) <= 1.0


@given(ROWS, st.data())
def test_a_value_survives_the_mirror(row, data):
    if row.kind is Kind.CHOICE:
        value = data.draw(st.sampled_from(row.choices))
    elif row.kind is Kind.TOGGLE:
        value = data.draw(st.booleans())
    else:
        value = coerce(row, data.draw(st.floats(row.low, row.high))).value
    back = from_normalised(row, normalised(row, value)).value
    assert back == value or math.isclose(back, value, abs_tol=1e-6)


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("stem", "BASS", "bass"),
        ("stem", " Piano ", "piano"),
        ("stem", 2, "guitar"),
        ("stem", 2.0, "guitar"),
        ("stem", "2", "guitar"),
        ("anticipation", 1, 1.0),
        ("anticipation", "0.1", 0.1),
        ("anticipation", struct.unpack(">f", struct.pack(">f", 0.1))[0], 0.1),
        ("mute", 1.0, True),
        ("mute", "off", False),
        ("mute", False, False),
        ("mute", "1", True),
        ("gain/out", True, 1.0),
        ("gain/out", "-6", -6.0),
        ("seed", 12.0, 12),
        ("seed", "-1", -1),
        ("seed", 2**31 - 1, 2**31 - 1),
    ],
)
def test_kindness_at_the_edge(name, raw, value):
    assert coerce(PARAMETERS[name], raw) == Coerced(value)


@pytest.mark.parametrize(
    ("name", "raw", "value", "words"),
    [
        ("anticipation", 0.37, 0.1, "0, 0.1, 1 s, got 0.37; 0.1 applied"),
        ("anticipation", -3, 0.0, "got -3; 0 applied"),
        ("gain/in", -100, -60.0, "-60 to 12 dB, got -100; -60 applied"),
        ("seed", 2**40, 2**31 - 1, "got 1.099511628e+12; 2147483647 applied"),
        ("seed", 1.5, 2, "got 1.5; 2 applied"),
        ("noise", 2.5, 2.0, "0 to 2, got 2.5; 2 applied"),
    ],
)
def test_what_was_changed_is_said(name, raw, value, words):
    coerced = coerce(PARAMETERS[name], raw)
    assert coerced.value == value
    assert words in coerced.notice


@pytest.mark.parametrize(
    ("name", "raw", "code", "words"),
    [
        ("stem", "kazoo", 5, "drums, bass, guitar, piano, strings, lead, other"),
        ("stem", 7, 5, "index 0 to 6, got 7"),
        ("stem", -1, 5, "got -1"),
        ("stem", 0.5, 5, "got 0.5"),
        ("stem", math.nan, 2, "nan"),
        ("gain/out", math.inf, 2, "inf"),
        ("gain/out", "loud", 2, "'loud'"),
        ("gain/out", "1e999", 2, "inf"),
        ("mute", "perhaps", 2, "on or off"),
        ("noise", Opaque("b"), 2, "OSC type 'b'"),
        ("stem", Opaque("t"), 2, "OSC type 't'"),
    ],
)
def test_what_cannot_be_is_refused_with_the_mend(name, raw, code, words):
    with pytest.raises(ParameterError, match=name) as caught:
        coerce(PARAMETERS[name], raw)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_a_fader_reaches_every_stem_evenly():
    row = PARAMETERS["stem"]
    reached = [from_normalised(row, step / 1000).value for step in range(1001)]
    counts = [reached.count(choice) for choice in row.choices]
    assert max(counts) - min(counts) <= 1


def test_the_mirror_clamps_and_says_so():
    coerced = from_normalised(PARAMETERS["gain/out"], 2)
    assert coerced.value == 12.0
    assert "0 to 1" in coerced.notice


def test_a_snapshot_never_changes():
    before = Controls()
    after = before.apply("gain/out", -6).apply("stem", "lead")
    assert (before.real("gain/out"), before.text("stem")) == (0.0, "drums")
    assert (after.real("gain/out"), after.text("stem")) == (-6.0, "lead")
    assert (after.whole("seed"), after.flag("enable")) == (-1, True)
    with pytest.raises(TypeError):
        after.changes["stem"] = "bass"
    with pytest.raises(KeyError):
        before.apply("volume", 11)


def test_the_bottom_of_a_gain_is_off():
    controls = Controls()
    assert controls.linear("gain/out") == 1.0
    assert controls.apply("gain/out", -60).linear("gain/out") == 0.0
    assert controls.apply("gain/out", -20).linear("gain/out") == pytest.approx(0.1)
