"""A checkpoint whose words have wrong types is named, whatever they are, and hides no other."""

import json
import os
from pathlib import Path

import pytest

from bridge.checkpoints.catalogue import (
    find_checkpoint,
    live_names,
)
from bridge.checkpoints.loader import load_model
from bridge.common.errors import EnvironmentMissing
from model.formats.checkpoint_folder import checkpoint_names, own_checkpoints

_DEEP = "[" * 100_000


def spoilt(text, path, value):
    """Return a config with one setting changed; all of it where no path is given."""
    if not path:
        return value
    config = json.loads(text)
    *parents, last = path.split(".")
    table = config
    for name in parents:
        table = table[name]
    table[last] = value
    return json.dumps(config)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Make one's own checkpoint from a shipped one, its config spoilt."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    def make(shipped: str, path: str, value: object) -> Path:
        whole, folder = find_checkpoint(shipped), own_checkpoints() / "spoilt"
        folder.mkdir(parents=True)
        os.link(whole / "weights.safetensors", folder / "weights.safetensors")
        config = (whole / "config.json").read_text(encoding="utf-8")
        (folder / "config.json").write_text(spoilt(config, path, value), encoding="utf-8")
        return folder

    return make


@pytest.mark.parametrize(
    ("shipped", "path", "value"),
    [
        ("streammusicgen", "generator.coding", None),
        ("streammusicgen", "generator.coding.codes", 256.0),
        ("streammusicgen", "generator.coding.delays", [0, 1.5, 1, 1]),
        ("streammusicgen", "generator.coding.temperature", "hot"),
        ("streammusicgen", "generator.coding.temperature", float("nan")),
        ("streammusicgen", "autoencoder", None),
        ("default", "autoencoder", None),
        ("default", "autoencoder", [1]),
        ("default", "autoencoder.inner", 0),
        ("default", "autoencoder.decoder_depth", [2]),
        ("default", "generator", None),
        ("default", "generator.channels", "192"),
        ("default", "generator.anticipations", [0, float("inf")]),
        ("default", "generator.anticipations", [0, 1.5]),
        ("default", "", _DEEP),
        ("default", "", "[1]"),
    ],
    ids=lambda value: str(value)[:20],
)
@pytest.mark.parametrize("engine", ["", "torch"])
def test_a_config_of_wrong_types_is_told_in_a_sentence(own, shipped, path, value, engine):
    folder = own(shipped, path, value)
    with pytest.raises(EnvironmentMissing, match="cannot be used: ") as damaged:
        load_model(str(folder), engine)
    assert str(folder) in str(damaged.value)


@pytest.mark.parametrize(
    ("path", "value"), [("", _DEEP), ("generator.anticipations", [0, float("inf")])]
)
def test_it_breaks_no_list_of_checkpoints(own, path, value):
    own("default", path, value)
    assert "spoilt" in checkpoint_names()
    assert {"default", "streammusicgen", "spoilt"} < set(live_names())
