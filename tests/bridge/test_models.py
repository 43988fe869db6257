"""The checkpoints there are, and what becomes of the controls when another one plays."""

import asyncio
import json
from dataclasses import replace

import pytest

from bridge.checkpoints.catalogue import (
    control_table,
    find_checkpoint,
    model_capabilities,
    named_capabilities,
)
from bridge.checkpoints.switcher import ModelSwitcher
from bridge.common.errors import ConfigError, RefusedError
from bridge.controls.controls import Controls
from bridge.controls.store import ControlStore
from bridge.osc.commands import COMMANDS
from bridge.protocols import Conditions
from model.formats.checkpoint_folder import checkpoint_names, own_checkpoints
from tests.bridge.fake_band import FakeBand


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    """A factory of the player's own checkpoints, as far as their words go."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    def make(name, stems=("bass", "kazoo"), anticipations=(0, 2), **others):
        folder = own_checkpoints() / name
        folder.mkdir(parents=True)
        generator = {"stems": stems, "anticipations": anticipations, **others}
        config = {
            "format": 1,
            "autoencoder": {},
            "generator": generator,
            "weights_sha256": "5a" * 32,
        }
        (folder / "config.json").write_text(json.dumps(config))
        return folder

    return make


def shipped():
    """Return the names of the checkpoints that come with the program."""
    folders = sorted(find_checkpoint("default").parent.iterdir())
    names = [folder.name for folder in folders if (folder / "config.json").is_file()]
    assert "default" in names
    return names


# -- which there are -------------------------------------------------------------------------


def test_those_of_the_program_and_the_players_own_are_found_by_name(own):
    mine = own("my trio")
    own("default")
    (own_checkpoints() / ".hidden").mkdir()
    (own_checkpoints() / "empty").mkdir()
    assert checkpoint_names() == (*shipped(), "my trio")
    assert find_checkpoint("my trio") == mine
    assert "default" in named_capabilities("default").where
    assert str(own_checkpoints()) not in named_capabilities("default").where
    offered = named_capabilities("my trio")
    assert (offered.name, offered.where) == ("my trio", str(mine))
    assert offered.reading.stems == "bass, kazoo"
    assert offered.reading.weights == "5a" * 6


@pytest.mark.parametrize("name", ["my tri", "..", "/etc", "model/checkpoints/default", ""])
def test_only_a_name_is_one(own, name):
    own("my trio")
    with pytest.raises(RefusedError, match="my trio") as refused:
        named_capabilities(name)
    assert refused.value.code == 30


def test_strangers_may_ask_which_plays_but_not_for_another():
    assert COMMANDS["model"].for_trusted
    assert COMMANDS["bank/prefill"].for_trusted
    assert not COMMANDS["model/list"].for_trusted


def test_a_damaged_one_is_told_with_its_folder(own):
    folder = own("broken")
    (folder / "config.json").write_text("{")
    with pytest.raises(RefusedError, match="cannot be used") as refused:
        named_capabilities("broken")
    assert refused.value.code == 30
    assert str(folder) in str(refused.value)


def test_what_a_checkpoint_lacks_becomes_its_default_or_nearest(own):
    own("duo", stems=("bass", "kazoo"), anticipations=(0, 2), grooves=["swing"])
    duo = named_capabilities("duo")
    asked = Conditions(stem="strings", anticipation_hops=20, groove="waltz", seed=5, noise=0.5)
    fitted = replace(asked, stem="bass", anticipation_hops=2, groove="auto")
    assert duo.fit(asked) == fitted
    assert duo.fit(fitted) == fitted
    table = duo.table()
    assert (table["stem"].default, table["anticipation"].choices) == ("bass", (0.0, 0.1))
    assert model_capabilities("passthrough").fit(asked).stem == "strings"


# -- another one, please ---------------------------------------------------------------------


class Studio:
    """A control store, and a stand-in for the supervisor."""

    def __init__(self, **values):
        self.controls = Controls(control_table("default"))
        for name, value in values.items():
            self.controls = self.controls.apply(name, value)
        for player in range(2, 9):
            own = self.controls.of(player).apply("stem", values.get("stem", "drums"))
            self.controls = own.of(1)
        self.store = ControlStore(FakeBand(), self.controls)
        self.replaced, self.noted, self.tables, self.seen = [], {}, [], []
        self.refuse = None
        self.models = ModelSwitcher(
            self.store,
            model_capabilities("default"),
            lambda where: where,
            self.replace,
            self.noted.__setitem__,
            [self.tables.append],
        )
        self.store.follow(lambda key: self.seen.append(str(key)))

    def replace(self, load, fit, timeout_s):
        if self.refuse:
            raise self.refuse
        self.replaced.append((load, fit(Conditions(stem="drums"))))

    def ask(self, name, *arguments):
        return asyncio.run(self.models.commands[name](*arguments))


def test_it_lists_and_tells_what_plays(own):
    own("my trio")
    studio = Studio()
    live = [name for name in shipped() if name != "bidirectional"]
    names = [*live, "my trio", "passthrough"]
    assert studio.ask("model/list") == [
        *(("model/list", pair) for pair in enumerate(names)),
        ("done", ("/liveband/model/list", len(names))),
    ]
    assert studio.ask("model") == [("model", ("default",))]
    assert studio.models.capabilities.reading.name == "default"


def test_what_the_engine_cannot_play_is_refused_and_nothing_changes(own):
    own("duo")
    studio = Studio()

    def loader(where):
        raise ConfigError(f"--engine onnx: {where} has no graphs")

    studio.models = ModelSwitcher(
        studio.store,
        model_capabilities("default"),
        loader,
        studio.replace,
        studio.noted.__setitem__,
        [],
    )
    with pytest.raises(RefusedError, match="has no graphs") as refused:
        studio.ask("model", "duo")
    assert refused.value.code == 30
    assert studio.replaced == []
    assert studio.models.capabilities.name == "default"


def test_another_one_plays_and_the_controls_say_what_it_has(own):
    folder = own("duo", stems=("bass", "kazoo"), anticipations=(0, 2))
    studio = Studio(stem="drums", anticipation=1.0, noise=0.25)
    replies = studio.ask("model", "duo")
    assert studio.replaced == [(str(folder), Conditions(stem="bass"))]
    addresses = {reply[1][0]: reply[1] for reply in replies if reply[0] == "fail"}
    assert set(addresses) == {
        "/liveband/stem",
        "/liveband/anticipation",
        *(f"/liveband/player/{player}/stem" for player in range(2, 9)),
    }
    assert addresses["/liveband/stem"][1] == 4
    assert "got 'drums'; bass applied" in addresses["/liveband/stem"][2]
    assert replies[-1] == ("done", ("/liveband/model", "duo"))
    for player in (1, 2):
        controls = studio.store.controls.of(player)
        assert controls.text("stem") == "bass"
        assert controls.real("anticipation") == 0.1
        assert controls.real("noise") == (0.25 if player == 1 else 1.0)
        assert studio.noted[player] is studio.store.controls
    assert {"stem", "anticipation"} <= set(studio.seen)
    assert studio.tables[0]["stem"].choices == ("bass", "kazoo")
    assert studio.models.capabilities.reading.name == "duo"


def test_a_value_that_both_have_stays(own):
    own("duo", stems=("kazoo", "bass"))
    studio = Studio(stem="bass")
    assert studio.ask("model", "duo") == [("done", ("/liveband/model", "duo"))]
    assert studio.store.controls.text("stem") == "bass"


def test_what_is_refused_changes_nothing(own):
    own("duo")
    studio = Studio(stem="drums")
    studio.refuse = RefusedError("3 tensors are missing", 30)
    with pytest.raises(RefusedError, match="3 tensors"):
        studio.ask("model", "duo")
    with pytest.raises(RefusedError, match="no checkpoint 'trio'"):
        studio.ask("model", "trio")
    assert studio.store.controls is studio.controls
    assert (studio.seen, studio.noted) == ([], {})
    assert studio.ask("model") == [("model", ("default",))]


def test_over_osc_with_its_new_choices(own, on_stage):
    own("duo", stems=("bass", "kazoo"))

    async def scene(stage):
        models = ModelSwitcher(
            stage.store,
            model_capabilities("default"),
            lambda where: where,
            lambda *_: None,
            _ignore,
        )
        stage.band.commands |= models.commands
        stage.band.readings["model/info"] = lambda player: models.capabilities.reading
        client, other = await stage.client(), await stage.client()
        await other.ask("/liveband/register")
        assert await client.ask("/liveband/stem", "kazoo") != (
            "/liveband/done",
            "/liveband/stem",
        )
        await client.rest()
        client.send("/liveband/model", "duo")
        answers = await client.rest()
        assert ("/liveband/done", "/liveband/model", "duo") in answers
        assert any(a[:3] == ("/liveband/fail", "/liveband/stem", 4) for a in answers)
        assert await client.ask("/liveband/stem", "kazoo") == (
            "/liveband/done", "/liveband/stem", "kazoo",
        )  # fmt: skip
        await asyncio.sleep(0.2)
        told = await other.rest()
        assert ("/liveband/stem", "kazoo") in told
        assert any(a[:2] == ("/liveband/model/info", "duo") for a in told)
        refused = await client.ask("/liveband/model", "../duo")
        assert refused[:3] == ("/liveband/fail", "/liveband/model", 9)

    on_stage(scene, controls=Controls(control_table("default")))


def _ignore(*_):
    pass
