"""``NAME-1s``: a checkpoint by its name and the anticipation to begin at."""

import argparse
import asyncio
import json

import pytest

from bridge.__main__ import main
from bridge.checkpoints.catalogue import (
    PASSTHROUGH,
    control_table,
    default_bidirectional,
    find_checkpoint,
    live_names,
    model_capabilities,
    named_capabilities,
)
from bridge.checkpoints.switcher import ModelSwitcher
from bridge.commands.options import add_player_options, player_settings
from bridge.common.errors import ConfigError, RefusedError
from bridge.config import RunSettings
from bridge.controls.controls import Controls
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.protocols import Conditions
from model.errors import CheckpointError
from model.evaluation.comparison import find_checkpoints
from model.formats.checkpoint_folder import checkpoint_names, find_folder, own_checkpoints
from tests.bridge.fake_band import FakeBand


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    """A factory of the player's own checkpoints, as far as their words go."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    def make(name, anticipations=(0, 2, 20), kind="baseline"):
        folder = own_checkpoints() / name
        folder.mkdir(parents=True)
        generator = {"stems": ["drums", "bass"], "anticipations": anticipations}
        config = {
            "format": 1,
            "kind": kind,
            "autoencoder": {"sample_rate": 48_000, "hop": 2400},
            "generator": generator,
            "weights_sha256": "5a" * 32,
        }
        (folder / "config.json").write_text(json.dumps(config))
        return folder

    return make


def settings(*words, preset=None):
    parser = argparse.ArgumentParser()
    add_player_options(parser, seed=0)
    values = {ControlKey(1, name): value for name, value in (preset or {}).items()}
    return player_settings(parser.parse_args(words), RunSettings(), values)


@pytest.mark.parametrize(("name", "seconds"), [("smg-0s", 0), ("smg-0.1s", 0.1), ("smg-1s", 1)])
def test_the_name_says_where_to_begin_and_the_others_stay_on_offer(own, name, seconds):
    folder = own("smg")
    assert find_checkpoint(name) == folder
    offered = named_capabilities(name)
    assert (offered.name, offered.where) == ("smg", str(folder))
    assert model_capabilities(f"{folder}-{seconds:g}s").begins_s == offered.begins_s == seconds
    row = control_table(name)["anticipation"]
    assert (row.choices, row.default) == ((0.0, 0.1, 1.0), seconds)
    kept = offered.fit(Conditions(stem="bass", anticipation_hops=2))
    assert kept.anticipation_hops == seconds * 20
    assert settings("--checkpoint", name).anticipation_s == seconds
    assert (
        settings("--checkpoint", name, preset={"anticipation": 0.1}).anticipation_s == seconds
    )


def test_the_shipped_one_too():
    assert settings("--checkpoint", "default-1s").anticipation_s == 1
    assert settings().anticipation_s == 0.1


def test_a_folder_of_that_very_name_is_meant_first(own):
    own("smg")
    dedicated = own("smg-0s", anticipations=(0,))
    assert find_checkpoint("smg-0s") == dedicated
    assert named_capabilities("smg-0s").name == "smg-0s"
    assert named_capabilities("smg-0s").begins_s is None
    assert settings("--checkpoint", "smg-0s").anticipation_s == 0


def test_what_is_not_on_offer_is_refused_with_what_is(own):
    own("smg", anticipations=(0, 20))
    with pytest.raises(ConfigError, match=r"'smg' does not play 0\.1 s.*smg-0s, smg-1s"):
        model_capabilities("smg-0.1s")
    with pytest.raises(RefusedError, match=r"smg-0s, smg-1s") as refused:
        named_capabilities("smg-0.1s")
    assert refused.value.code == 30
    for name in ("nobody-1s", f"{PASSTHROUGH}-1s", "smg-s", "-1s"):
        with pytest.raises(RefusedError, match="no checkpoint"):
            named_capabilities(name)


COMMANDS = (
    "run",
    "render mix.wav stem.wav",
    "demo",
    "bench",
    "doctor --osc-port 1",
    "export",
    "evaluate songs",
    "evaluate songs --all",
    "evaluate songs --codec",
    "page songs --out site",
    "card",
)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_names_what_was_probably_meant(own, capsys, caplog, tmp_path, line):
    command = line.split()
    songs = tmp_path / "songs"
    songs.mkdir()
    words = [str(tmp_path / word) if word in ("songs", "site") else word for word in command]
    positional = command[0] in ("export", "card")
    asked = ["default-1"] if positional else ["--checkpoint", "default-1"]
    assert main([*words, *asked]) == (3 if command[0] == "doctor" else 2)
    said = "".join((*capsys.readouterr(), caplog.text))
    assert "did you mean 'default-1s', which begins 'default' 1 s ahead?" in said


def test_live_commands_and_those_of_the_model_find_the_same_names(own):
    own("smg")
    own("bidirectional")
    for name in checkpoint_names():
        assert find_folder(name) == find_checkpoint(name)
    assert find_folder("smg") == own_checkpoints() / "smg"
    assert find_folder("bidirectional").parent == find_folder(None).parent
    assert find_folder(str(own_checkpoints() / "smg")) == own_checkpoints() / "smg"
    assert find_folder("smg-1s") == find_folder(f"{own_checkpoints() / 'smg'}-0.1s")


def lookups():
    """Every way from what somebody typed to a checkpoint, with the errors it may raise."""
    return [
        (find_checkpoint, ConfigError),
        (model_capabilities, ConfigError),
        (named_capabilities, RefusedError),
        (find_folder, CheckpointError),
        (lambda name: find_checkpoints([name]), CheckpointError),
    ]


@pytest.mark.parametrize("number", range(5))
def test_every_lookup_understands_and_suggests_the_same(own, number):
    find, error = lookups()[number]
    own("smg", anticipations=(0, 20))
    own("smg-0.1s", anticipations=(2,))
    for name in ("smg", "smg-0s", "smg-1s", "smg-0.1s"):
        assert find(name)
    for name, words in {
        "smg-1": r"did you mean 'smg-1s', which begins 'smg' 1 s ahead",
        "default-0.1": r"did you mean 'default-0.1s'",
        "defualt-1s": r"did you mean 'default-1s'",
        "sng": r"did you mean 'smg'",
        "smg-0.5s": r"'smg' does not play 0\.5 s ahead; ask for smg-0s, smg-1s",
    }.items():
        with pytest.raises(error, match=words):
            find(name)


def test_one_word_against_another_is_an_error(own, capsys):
    own("smg")
    where = ["--checkpoint", "smg-0s", "--anticipation"]
    assert settings(*where, "0").anticipation_s == 0
    assert main(["render", "mix.wav", "stem.wav", *where, "1"]) == 2
    assert "smg-0s begins 0 s ahead, --anticipation says 1" in capsys.readouterr().err


def test_a_change_of_model_begins_there_for_every_player(own):
    own("smg")
    store = ControlStore(FakeBand(), Controls())
    fitted, noted = [], []

    def replace(_loader, fit, _patience_s):
        fitted.append(fit(Conditions(stem="bass", anticipation_hops=2)).anticipation_hops)

    models = ModelSwitcher(
        store, model_capabilities("default"), str, replace, lambda *n: noted.append(n)
    )
    for name in ("smg-1s", "smg", "smg-0s"):
        said = asyncio.run(models.change(name))
        assert not any("anticipation" in address for address in said)
    assert fitted == [20, 2, 0]
    assert [controls["anticipation"] for _, controls in noted] == [1] * 16 + [0] * 8


def test_the_shipped_bidirectional_one_is_found_by_its_kind(own):
    own("a whole one", anticipations=(0,), kind="bidirectional")
    assert model_capabilities(default_bidirectional()).kind == "bidirectional"
    assert default_bidirectional() != "a whole one"


def test_without_a_shipped_one_your_own_is(own, tmp_path, monkeypatch):
    monkeypatch.setattr("model.formats.checkpoint_folder.SHIPPED", tmp_path / "nothing shipped")
    with pytest.raises(ConfigError, match="liveband train bidirectional"):
        default_bidirectional()
    own("smg")
    (own("broken") / "config.json").write_text("{")
    own("whole", anticipations=(0,), kind="bidirectional")
    assert default_bidirectional() == "whole"
    with pytest.raises(ConfigError, match="render --bidirectional"):
        model_capabilities("whole-0s")


def test_what_cannot_play_live_is_not_offered_to_a_band(own):
    own("smg")
    (own("broken") / "config.json").write_text("{")
    own("whole", anticipations=(0,), kind="bidirectional")
    names = set(checkpoint_names())
    assert {"smg", "broken", "whole", "bidirectional"} < names
    assert set(live_names()) == names - {"whole", "bidirectional"} | {PASSTHROUGH}
    with pytest.raises(RefusedError, match="there are ") as refused:
        named_capabilities("nobody")
    assert "whole" not in str(refused.value)
    for name in ("whole", "whole-0s"):
        with pytest.raises(RefusedError, match="render --bidirectional"):
            named_capabilities(name)
