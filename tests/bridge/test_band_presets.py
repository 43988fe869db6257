"""Presets and sessions of a band keep what every player has of its own."""

import asyncio
from argparse import ArgumentParser

import pytest

from bridge.commands.options import add_player_options, player_settings
from bridge.common.errors import ConfigError, RefusedError
from bridge.config import RunSettings
from bridge.controls.controls import Controls
from bridge.controls.parameters import PARAMETERS
from bridge.controls.store import ControlStore
from bridge.osc.testing import FakeBand
from bridge.state.presets.commands import Librarian
from bridge.state.presets.file_format import parse
from bridge.state.presets.folder import PresetShelf


@pytest.fixture
def desks():
    """The desk of a first player in a band of two, with one for a third beside it."""
    mates = [
        ControlStore(FakeBand(), Controls().apply("stem", stem)) for stem in ("bass", "piano")
    ]
    return ControlStore(FakeBand(), Controls().apply("players", 2), mates=mates), *mates


def test_the_first_desk_reaches_what_is_the_others_own(desks):
    first, second, third = desks
    names = [name for name, _ in first.rows]
    assert "player/2/stem" in names
    assert "player/2/anticipation" not in names
    assert "player/3/stem" not in names, "the third does not play"
    assert first.value("player/2/stem") == "bass"
    assert first.value("player/3/stem") == "piano"

    async def scene():
        change = first.set_together({"player/2/noise": 0.5, "noise": 0.25, "mute": True})
        assert second.controls["noise"] == 0.5, "seen at once"
        assert await change == {}

    asyncio.run(scene())
    assert second.target.applied == [{"noise": 0.5}]
    assert first.target.applied == [{"mute": True, "noise": 0.25}]
    assert third.target.applied == []


def test_a_refusal_is_told_by_its_full_name_and_taken_back(desks):
    first, second, _ = desks
    second.target.refuse = lambda names: RefusedError("busy") if "stem" in names else None

    async def scene():
        return await first.set_together({"player/2/stem": "piano", "player/2/noise": 0.5})

    failures = asyncio.run(scene())
    assert list(failures) == ["player/2/stem"]
    assert (second.controls["stem"], second.controls["noise"]) == ("bass", 0.5)


def test_a_preset_brings_everyone_back(desks, tmp_path):
    first, second, _ = desks
    librarian = Librarian(first, PresetShelf(tmp_path, PARAMETERS))

    async def scene():
        await first.set_together({"player/2/gain/out": -6.0, "stem": "guitar"})
        await librarian.commands["preset/save"]("verse")
        await first.set_together({"player/2/gain/out": 0.0, "stem": "drums", "players": 1})
        assert librarian.reading.modified
        await librarian.load("verse")

    asyncio.run(scene())
    assert (first.controls["stem"], second.controls["gain/out"]) == ("guitar", -6.0)
    assert first.controls["players"] == 1, "who plays is of the moment"
    assert not librarian.reading.modified
    assert '"player/2/gain/out" = -6.0' in (tmp_path / "verse.toml").read_text()


@pytest.mark.parametrize("name", ["player/1/stem", "player/9/stem", "player/2/anticipation"])
def test_what_no_player_has_of_its_own_is_refused(name):
    with pytest.raises(ConfigError, match="there is no control"):
        parse(f'[controls]\n"{name}" = 1', PARAMETERS)


def test_a_session_of_a_band_begins_as_a_band():
    parser = ArgumentParser()
    add_player_options(parser, seed=-1)
    kept = {"players": 2, "stem": "bass", "player/2/stem": "piano"}

    def players(*options):
        arguments = parser.parse_args(["--checkpoint", "passthrough", *options])
        return player_settings(arguments, RunSettings(), kept).players

    assert players() == ("bass", "piano")
    assert players("--players", "drums, bass") == ("drums", "bass")
    with pytest.raises(ConfigError, match="leave --stem out"):
        players("--players", "drums", "--stem", "bass")
