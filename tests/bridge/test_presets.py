"""Presets are text a person can edit, files never half written, and one step on stage."""

import asyncio
import os
import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.common.atomic_files import natural_order, plain_name, write_user_file
from bridge.common.errors import BridgeError, ConfigError, ParameterError, RefusedError
from bridge.controls.controls import Controls, coerce
from bridge.controls.parameters import PARAMETERS, Kind
from bridge.controls.readings import PresetReading
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.state.presets.commands import PresetCommands
from bridge.state.presets.file_format import PresetContents, parse_preset, preset_toml
from bridge.state.presets.folder import PresetFolder
from tests.bridge.fake_band import FakeBand


def any_value(row):
    if row.kind is Kind.TOGGLE:
        return st.booleans()
    if row.kind is Kind.CHOICE:
        return st.sampled_from(row.choices)
    if row.kind is Kind.INT:
        return st.integers(int(row.low), int(row.high))
    return st.floats(row.low, row.high)


def first_players(**values):
    """Return values by key, their names with two underscores for a slash."""
    return {ControlKey(1, name.replace("__", "/")): value for name, value in values.items()}


@given(
    st.fixed_dictionaries(
        {ControlKey(1, row.name): any_value(row) for row in PARAMETERS.controls}
    )
)
def test_what_is_written_is_read_back(values):
    assert parse_preset(preset_toml(values), PARAMETERS) == (PresetContents(values), [])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[controls]\n"gian/in" = 1', "did you mean 'gain/in'"),
        ("[controls]\nsteam = 1", "did you mean 'stem'"),
        ("[controls]\nreset = 1", "reset has no value"),
        ("[controls]\nstatus = 1", "status has no value"),
        ("[controls]\ngain.in = -6", "quotes"),
        ('[controls]\nstem = "kazoo"', "drums, bass"),
        ('[controls]\nnoise = "much"', "noise takes 0 to 2"),
        ("[controls]\nnoise = [1]", "noise takes 0 to 2"),
        ("[controls]\nnoise = nan", "noise takes 0 to 2"),
        ("[controls]\nnoise = 1979-05-27", "noise takes 0 to 2"),
        ("[controls]\nnoise = 1" + 400 * "0", "noise takes 0 to 2"),
    ],
)
def test_what_does_not_fit_is_left_out_with_what_was_expected(text, named):
    rest = '"gain/out" = -6.0\n'
    contents, (reason,) = parse_preset(f"{text}\n{rest}", PARAMETERS)
    assert named in reason
    assert contents.values == first_players(gain__out=-6.0)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[controls]\nnoise = ?\n", "line 2"),
        ("[control]\nnoise = 1", "[controls]"),
        ("controls = 3", "[controls]"),
        ("", "[controls]"),
        ("\0" * 100, "line 1"),
        ("a = " + "[" * 9000, "nested too deeply"),
        ("[controls]\nnoise = 1" + 5000 * "0", "not TOML"),
    ],
)
def test_a_wrong_text_says_what_was_expected(text, named):
    with pytest.raises(ConfigError) as refusal:
        parse_preset(text, PARAMETERS)
    assert named in str(refusal.value)


def test_values_out_of_range_are_clamped_with_a_notice():
    contents, left_out = parse_preset(
        '[controls]\n"gain/out" = 99\nanticipation = 0.4', PARAMETERS
    )
    assert (contents.values, left_out) == (first_players(gain__out=12.0, anticipation=0.1), [])
    assert [notice.split()[0] for notice in contents.notices] == ["gain/out", "anticipation"]


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a\\b", "/etc/passwd", ".hidden", "C:x", "a\0b", "con",
     "LPT1.txt", "x" * 65, "end.", "end ", " x", "a..b", "a\nb"],
)  # fmt: skip
def test_a_name_never_leads_out_of_the_folder(name, tmp_path):
    presets = PresetFolder(tmp_path / "presets", PARAMETERS)
    for act in (presets.load, presets.delete, lambda each: presets.save(each, {"noise": 1.0})):
        with pytest.raises(RefusedError) as refusal:
            act(name)
        assert refusal.value.code == 9
    assert list(tmp_path.iterdir()) == []


def test_random_names_stay_in_the_folder(tmp_path):
    folder = tmp_path / "presets"
    presets = PresetFolder(folder, PARAMETERS)
    source = random.Random(1)
    for _ in range(300):
        name = "".join(source.choices(string.printable + "äß語", k=source.randint(1, 12)))
        try:
            presets.save(name, {"noise": 0.5})
        except RefusedError:
            continue
        assert plain_name(name) in presets.names()
        assert presets.load(name) == first_players(noise=0.5)
    assert [path for path in tmp_path.rglob("*") if path.parent != folder] == [folder]


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "a.toml"
    write_user_file(path, "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("model.formats.atomic_files.os.fsync", full)
    with pytest.raises(RefusedError, match="No space left") as refusal:
        write_user_file(path, "new")
    assert refusal.value.code == 9
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a.toml", "old")]


def test_names_are_listed_as_people_sort_them(tmp_path):
    for name in ("10 outro", "2 verse", "Intro", "intro b", ".hidden"):
        (tmp_path / f"{name}.toml").write_text("[controls]\n")
    (tmp_path / "note.txt").write_text("")
    assert PresetFolder(tmp_path, PARAMETERS).names() == (
        "2 verse", "10 outro", "Intro", "intro b",
    )  # fmt: skip
    assert sorted(["b2", "b10", "3"], key=natural_order) == ["3", "b2", "b10"]


def test_a_missing_preset_is_named_with_the_nearest(tmp_path):
    presets = PresetFolder(tmp_path, PARAMETERS)
    with pytest.raises(RefusedError, match="none has been saved yet"):
        presets.load("verse")
    presets.save("verse", {"noise": 1.0})
    with pytest.raises(RefusedError, match="did you mean 'verse'"):
        presets.load("vers")


def play(scene, tmp_path, **presets):
    """Run ``scene(commands, store, band)`` with presets in the folder."""
    folder = PresetFolder(tmp_path, PARAMETERS)
    for name, values in presets.items():
        folder.save(name, {ControlKey(1, control): value for control, value in values.items()})

    async def run():
        band = FakeBand()
        store = ControlStore(band, Controls())
        await asyncio.wait_for(scene(PresetCommands(store, folder), store, band), 30)

    asyncio.run(run())


def test_a_preset_is_one_step(tmp_path):
    async def scene(commands, store, band):
        await commands.load("verse")
        assert band.applied == [{"stem": "bass", "gain/out": -6.0, "noise": 0.5}]
        assert commands.reading == PresetReading(name="verse", modified=False)
        await store.set(ControlKey(1, "noise"), 0.6)
        assert commands.reading.modified

    play(scene, tmp_path, verse={"stem": "bass", "gain/out": -6.0, "noise": 0.5})


def test_a_broken_file_changes_nothing(tmp_path):
    async def scene(commands, store, band):
        (tmp_path / "verse.toml").write_text("[controls]\nnoise = 0.5\nsteam = 1\n")
        with pytest.raises(ConfigError, match=r"verse\.toml.*did you mean 'stem'"):
            await commands.load("verse")
        assert (band.applied, store.controls) == ([], Controls())
        assert commands.reading.name == ""

    play(scene, tmp_path)


def test_what_the_band_refuses_is_told_and_the_rest_is_on(tmp_path):
    async def scene(commands, store, band):
        band.refuse = lambda names: ParameterError("no bass here") if "stem" in names else None
        with pytest.raises(ParameterError, match="1 of 2 controls are not: stem: no bass here"):
            await commands.load("verse")
        assert (store.controls["stem"], store.controls["noise"]) == ("drums", 0.5)
        assert commands.reading == PresetReading(name="verse", modified=True)

    play(scene, tmp_path, verse={"stem": "bass", "noise": 0.5})


def test_stepping_goes_round(tmp_path):
    async def scene(commands, store, band):
        heard = []
        for verb in ("next", "next", "next", "prev", "prev"):
            (reply,) = await commands.commands[f"preset/{verb}"]()
            heard.append(reply[1][1])
        assert heard == ["a", "b", "a", "b", "a"]
        assert await commands.select(1) == "b"
        await commands.program_change(0, 0)
        assert commands.reading.name == "a"
        for number in (2, -1):
            with pytest.raises(RefusedError, match="there are 2"):
                await commands.select(number)
        with pytest.raises(RefusedError, match="no preset 16256"):
            await commands.program_change(127, 0)

    play(scene, tmp_path, a={"noise": 0.1}, b={"noise": 0.2})


def test_stepping_passes_over_what_cannot_be_read(tmp_path):
    (tmp_path / "b.toml").write_bytes(bytes(100))
    (tmp_path / "d.toml").write_text("[controls]\nsteam = 1\n")

    async def scene(commands, store, band):
        heard = []
        for verb in ("next", "next", "next", "prev"):
            (reply,) = await commands.commands[f"preset/{verb}"]()
            heard.append(reply[1][1])
        assert heard == ["a", "c", "a", "c"]
        for name in ("a", "c"):
            await commands.commands["preset/delete"](name)
        with pytest.raises(ConfigError, match="did you mean 'stem'"):
            await commands.commands["preset/next"]()

    play(scene, tmp_path, a={"noise": 0.1}, c={"noise": 0.2})
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.toml.set-aside", "d.toml"]


def test_a_closed_folder_has_no_presets_to_list(tmp_path, monkeypatch):
    presets = PresetFolder(tmp_path, PARAMETERS)
    presets.save("verse", {ControlKey(1, "noise"): 1.0})

    def closed(path, *_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    for refused in (["stat"], ["listdir", "scandir"]):
        with monkeypatch.context() as patch:
            for access in refused:
                patch.setattr(os, access, closed)
            assert presets.names() == ()


def test_the_first_step_back_is_the_last_preset(tmp_path):
    async def scene(commands, store, band):
        (reply,) = await commands.commands["preset/prev"]()
        assert reply == ("done", ("/liveband/preset/prev", "b"))

    play(scene, tmp_path, a={"noise": 0.1}, b={"noise": 0.2})


def test_without_presets_stepping_says_how_to_make_one(tmp_path):
    async def scene(commands, store, band):
        with pytest.raises(RefusedError, match="preset/save"):
            await commands.commands["preset/next"]()
        assert await commands.commands["preset/list"]() == [
            ("done", ("/liveband/preset/list", 0))
        ]

    play(scene, tmp_path)


def test_saving_keeps_the_sound_and_not_the_switches_of_the_moment(tmp_path):
    async def scene(commands, store, band):
        await store.set(ControlKey(1, "mute"), True)
        await store.set(ControlKey(1, "gain/out"), -3.0)
        with pytest.raises(RefusedError, match="give a name"):
            await commands.commands["preset/save"]()
        await commands.commands["preset/save"]("verse 2")
        assert commands.reading == PresetReading(name="verse 2", modified=False)
        kept = parse_preset((tmp_path / "verse 2.toml").read_text(), PARAMETERS)[0].values
        assert kept[ControlKey(1, "gain/out")] == -3.0
        assert not {"mute", "bypass", "enable", "listen"} & {key.name for key in kept}
        await store.set(ControlKey(1, "noise"), 0.25)
        await commands.commands["preset/save"]()
        assert (
            PresetFolder(tmp_path, PARAMETERS).load("verse 2")[ControlKey(1, "noise")] == 0.25
        )
        await commands.commands["preset/delete"]("verse 2")
        assert commands.reading.name == ""
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(BridgeError, match="no preset"):
            await commands.commands["preset/delete"]("verse 2")

    play(scene, tmp_path)


def test_a_hand_written_preset_may_hold_any_control(tmp_path):
    async def scene(commands, store, band):
        await commands.load("off")
        assert store.controls.flag("mute")
        assert coerce(PARAMETERS["mute"], True).value is True

    play(scene, tmp_path, off={"mute": True})


def test_over_osc(on_stage, tmp_path):
    async def scene(stage):
        store = stage.store
        commands = PresetCommands(store, PresetFolder(tmp_path, PARAMETERS))
        stage.band.commands |= commands.commands
        stage.band.readings["preset"] = lambda player: commands.reading
        peer = await stage.client()
        done, fail = "/liveband/done", "/liveband/fail"
        assert await peer.ask("/liveband/preset") == ("/liveband/preset", "", 0)
        save = "/liveband/preset/save"
        assert await peer.ask(save, "a 1") == (done, save, "a 1")
        assert (await peer.ask(save, "../a"))[:3] == (fail, save, 9)
        assert await peer.ask("/liveband/preset") == ("/liveband/preset", "a 1", 0)
        load = "/liveband/preset/load"
        assert (await peer.ask(load, "b"))[:3] == (fail, load, 9)
        assert await peer.ask(load, "a 1") == (done, load, "a 1")
        peer.send("/liveband/preset/list")
        assert await peer.next() == ("/liveband/preset/list", 0, "a 1")
        assert await peer.next() == (done, "/liveband/preset/list", 1)

    on_stage(scene)
