"""A checkpoint says what it is, and what is wrong with it."""

import json

import pytest
import torch

from model.autoencoder import Autoencoder
from model.checkpoint import (
    load_autoencoder,
    load_checkpoint,
    read_record,
    save_checkpoint,
    write_record,
)
from model.config import AutoencoderConfig, GeneratorConfig, from_mapping
from model.errors import CheckpointError, ModelConfigError
from model.generator import Generator

CODEC = AutoencoderConfig(
    latent=4, encoder_inner=8, encoder_hop=8, decoder_hop=8, decoder_inner=8
)
BAND = GeneratorConfig(latent=4, channels=8, depth=1, heads=2, window=4, condition=4)


@pytest.fixture
def folder(tmp_path):
    torch.manual_seed(0)
    save_checkpoint(tmp_path / "mine", Autoencoder(CODEC), Generator(BAND), {"steps": 3})
    return tmp_path / "mine"


def test_round_trip(folder):
    checkpoint = load_checkpoint(folder)
    assert (checkpoint.name, checkpoint.training) == ("mine", {"steps": 3})
    assert checkpoint.generator.config == BAND
    assert checkpoint.autoencoder.config == CODEC


def test_missing_names_the_shipped_ones():
    with pytest.raises(CheckpointError, match=r"no checkpoint .nowhere.*shipped"):
        load_checkpoint("nowhere")


def test_damaged_weights(folder):
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"oops")
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(folder)


def test_lost_weights(folder):
    (folder / "weights.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"no weights\.safetensors"):
        load_checkpoint(folder)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 99}, "format 99"),
        ({"generator": {"depth": 2}}, "does not fit"),
        ({"generator": {"deepth": 2}}, "did you mean 'depth'"),
        ({"generator": None}, "no generator"),
    ],
)
def test_config_that_does_not_fit(folder, change, words):
    file = folder / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    with pytest.raises(CheckpointError, match=words):
        load_checkpoint(folder)


def test_config_that_is_not_json(folder):
    (folder / "config.json").write_text("{")
    with pytest.raises(CheckpointError, match="not valid JSON"):
        load_checkpoint(folder)


def test_an_interrupted_record_leaves_the_old_one(folder, monkeypatch):
    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_record(folder, {"steps": 4})
    assert read_record(folder) == {"steps": 3}
    assert {file.name for file in folder.iterdir()} == {"config.json", "weights.safetensors"}
    monkeypatch.undo()
    write_record(folder, {"steps": 4})
    assert read_record(folder) == {"steps": 4}


def test_autoencoder_alone(tmp_path):
    save_checkpoint(tmp_path / "codec", Autoencoder(CODEC), None, {})
    assert load_autoencoder(tmp_path / "codec").config == CODEC


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        (AutoencoderConfig, {"hop": 1000}, "multiple of inner"),
        (GeneratorConfig, {"heads": 5}, "twice"),
        (GeneratorConfig, {"channels": "192"}, "channels must be of the type int, got '192'"),
        (GeneratorConfig, [1], "named settings"),
        (GeneratorConfig, {"anticipations": [2, 0]}, "ascend"),
        (GeneratorConfig, {"stems": ["bass", "bass"]}, "different names"),
    ],
)
def test_contradictory_sizes(kind, values, words):
    with pytest.raises(ModelConfigError, match=words):
        from_mapping(kind, values)
