"""The table is consistent, and a row is all that a new control takes."""

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from bridge.common.errors import ConfigError
from bridge.controls.parameters import PARAMETERS, Kind, Parameter, Table
from bridge.osc.commands import COMMANDS
from bridge.osc.dispatch import Addresses
from tests.bridge.fake_band import FakeBand


def test_every_control_of_the_first_slice_is_there():
    names = set(PARAMETERS.by_name)
    assert names >= {
        "stem", "anticipation", "reset", "enable", "bypass", "mute", "listen", "gain/in",
        "gain/out", "noise", "seed", "reseed", "fade", "panic", "status", "status/engine",
        "status/audio", "latency", "meter/in", "meter/out",
    }  # fmt: skip


def test_names_do_not_hide_commands_or_mirrors():
    for row in PARAMETERS:
        assert row.name not in COMMANDS
        assert row.name.split("/")[0] not in ("n", "p", "player")


def test_every_row_has_help_of_one_line():
    for row in PARAMETERS:
        assert 5 < len(row.help) <= 90
        assert not row.help.endswith(".")
        assert "|" not in row.help


def test_numbers_are_those_published():
    numbers = {row.name: row.number for row in PARAMETERS.controls}
    assert numbers == {
        "stem": 0, "anticipation": 1, "enable": 2, "bypass": 3, "mute": 4, "listen": 5,
        "gain/in": 7, "gain/out": 8, "noise": 14, "seed": 15, "fade": 17,
        "midi/channel": 27, "midi/takeover": 28, "midi/feedback": 29, "midi/clock": 33,
        "transport/source": 20, "transport/follow": 21, "transport/reset_on": 22, "tempo": 23,
        "transport/beats": 30, "groove": 31, "freeze": 6, "autoconnect": 26, "reset/to": 32,
        "quantize": 18, "players": 34, "latency/loop": 35, "ear/tempo/min": 36,
        "ear/tempo/max": 37, "ear/hold": 38, "ear/silence": 39,
    }  # fmt: skip


def test_every_reading_has_its_source_and_only_plain_fields():
    readings = [row for row in PARAMETERS if row.kind is Kind.READING]
    assert {row.name for row in readings} == set(FakeBand().readings) | {"status/osc"}
    for row in readings:
        for field in fields(row.reading):
            assert field.type in (int, float, bool, str) or field.name == "state"


def test_a_row_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        PARAMETERS["stem"].default = "bass"


@pytest.mark.parametrize(
    "change",
    [
        {"default": 13.0},
        {"low": 12.0, "high": 12.0},
        {"number": None},
        {"kind": Kind.TRIGGER},
        {"kind": Kind.CHOICE, "choices": ("a", "b"), "default": "c"},
        {"kind": Kind.READING},
    ],
)
def test_a_row_that_contradicts_itself_is_refused(change):
    with pytest.raises(ConfigError, match="gain/out"):
        replace(PARAMETERS["gain/out"], **change)


@pytest.mark.parametrize("same", ["name", "number", "cc"])
def test_two_rows_cannot_share_what_tells_them_apart(same):
    first, second = PARAMETERS["gain/in"], PARAMETERS["gain/out"]
    with pytest.raises(ConfigError, match="shared"):
        Table((first, replace(second, **{same: getattr(first, same)})))


def test_the_stems_are_those_of_the_checkpoint():
    table = PARAMETERS.with_choices("stem", ("kazoo", "triangle"), "triangle")
    assert table["stem"].choices == ("kazoo", "triangle")
    assert table["stem"].default == "triangle"
    assert [row.name for row in table] == [row.name for row in PARAMETERS]
    with pytest.raises(ConfigError, match="none of"):
        PARAMETERS.with_choices("stem", ("kazoo",), "bass")
    with pytest.raises(ConfigError, match="no choices"):
        PARAMETERS.with_choices("gain/in", ("loud",), "loud")


def test_adding_a_row_is_all_it_takes():
    row = Parameter(
        name="density",
        kind=Kind.FLOAT,
        help="How much it plays",
        default=0.5,
        number=16,
    )
    addresses = Addresses(Table((*PARAMETERS.rows, row)))
    assert {"/liveband/density", "/liveband/n/density", "/liveband/p/16"} <= set(
        addresses.targets
    )
