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
from bridge.controls.table import ControlKey
from bridge.state.presets.commands import PresetCommands
from bridge.state.presets.file_format import parse_preset
from bridge.state.presets.folder import PresetFolder
from tests.bridge.fake_band import FakeBand


@pytest.fixture
def store():
    """The controls of a band of two, and of a third player who may join."""
    controls = Controls().apply("players", 2)
    for player, stem in ((2, "bass"), (3, "piano")):
        controls = controls.of(player).apply("stem", stem)
    return ControlStore(FakeBand(), controls)


def test_the_store_holds_what_is_the_others_own(store):
    keys = [key for key, _ in store.rows]
    assert ControlKey(2, "stem") in keys
    assert ControlKey(2, "anticipation") not in keys
    assert ControlKey(3, "stem") not in keys, "the third does not play"
    assert store.value(ControlKey(2, "stem")) == "bass"
    assert store.value(ControlKey(3, "stem")) == "piano"

    async def scene():
        changes = {(2, "noise"): 0.5, (1, "noise"): 0.25, (1, "mute"): True}
        change = store.set_together({ControlKey(*key): changes[key] for key in changes})
        assert store.controls.of(2)["noise"] == 0.5, "seen at once"
        assert await change == {}

    asyncio.run(scene())
    assert store.target.applied == [{"player/2/noise": 0.5}, {"mute": True, "noise": 0.25}]


def test_a_refusal_is_told_by_its_key_and_taken_back(store):
    stem, noise = ControlKey(2, "stem"), ControlKey(2, "noise")
    store.target.refuse = lambda names: RefusedError("busy") if str(stem) in names else None

    async def scene():
        return await store.set_together({stem: "piano", noise: 0.5})

    failures = asyncio.run(scene())
    assert list(failures) == [stem]
    assert (store.value(stem), store.value(noise)) == ("bass", 0.5)


def test_a_busy_player_holds_up_nobody_else(store):
    store.target.gate.clear()
    others = {ControlKey(2, "noise"): 0.5}

    async def scene():
        waiting = asyncio.ensure_future(store.set(ControlKey(1, "stem"), "piano"))
        await asyncio.sleep(0)
        assert await store.set_together(others) == {}
        assert store.target.applied == [{"player/2/noise": 0.5}]
        store.target.gate.set()
        await waiting

    asyncio.run(scene())


def test_a_preset_brings_everyone_back(store, tmp_path):
    presets = PresetCommands(store, PresetFolder(tmp_path, PARAMETERS))
    gain, stem, players = (
        ControlKey(2, "gain/out"),
        ControlKey(1, "stem"),
        ControlKey(1, "players"),
    )

    async def scene():
        await store.set_together({gain: -6.0, stem: "guitar"})
        await presets.commands["preset/save"]("verse")
        await store.set_together({gain: 0.0, stem: "drums", players: 1})
        assert presets.reading.modified
        await presets.load("verse")

    asyncio.run(scene())
    assert (store.value(stem), store.value(gain)) == ("guitar", -6.0)
    assert store.value(players) == 1, "who plays is of the moment"
    assert not presets.reading.modified
    assert '"player/2/gain/out" = -6.0' in (tmp_path / "verse.toml").read_text()


@pytest.mark.parametrize("name", ["player/1/stem", "player/9/stem", "player/2/anticipation"])
def test_what_no_player_has_of_its_own_is_refused(name):
    contents, (reason,) = parse_preset(f'[controls]\n"{name}" = 1', PARAMETERS)
    assert "there is no control" in reason
    assert contents.values == {}


def test_a_session_of_a_band_begins_as_a_band():
    parser = ArgumentParser()
    add_player_options(parser, seed=-1)
    names = {(1, "players"): 2, (1, "stem"): "bass", (2, "stem"): "piano"}
    kept = {ControlKey(*key): value for key, value in names.items()}

    def players(*options):
        arguments = parser.parse_args(["--checkpoint", "passthrough", *options])
        return player_settings(arguments, RunSettings(), kept).players

    assert players() == ("bass", "piano")
    assert players("--players", "drums, bass") == ("drums", "bass")
    with pytest.raises(ConfigError, match="leave --stem out"):
        players("--players", "drums", "--stem", "bass")
