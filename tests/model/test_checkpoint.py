"""A checkpoint says what it is, and what is wrong with it."""

import errno
import json
import os
import re
from pathlib import Path

import pytest
import torch

from model.checkpoint import (
    load_autoencoder,
    load_checkpoint,
    read_record,
    save_checkpoint,
    write_record,
)
from model.errors import CheckpointError, ModelConfigError
from model.networks.autoencoder import Autoencoder
from model.networks.config import AutoencoderConfig, GeneratorConfig, from_mapping
from model.networks.generator import Generator

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


@pytest.fixture
def disk(monkeypatch):
    """Names of what reached the disk, and ``> NAME`` of files that were replaced, in order."""
    done = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(file):
        name = Path(f"/proc/self/fd/{file}").readlink().name
        done.append(re.sub(r"\.\w{8}\.part$", "", name))
        fsync(file)

    def note_replace(path, target):
        done.append(f"> {target.name}")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    return done


def test_weights_and_config_are_on_the_disk_before_either_is_replaced(folder, disk):
    save_checkpoint(folder, Autoencoder(CODEC), Generator(BAND), {"steps": 4})
    assert disk == [
        ".weights.safetensors",
        ".config.json",
        "> weights.safetensors",
        "> config.json",
        folder.name,
        folder.parent.name,
    ]
    disk.clear()
    write_record(folder, {"steps": 5})
    assert disk == [".config.json", "> config.json", folder.name]
    assert read_record(folder) == {"steps": 5}


@pytest.mark.parametrize("written", [0, 1])
def test_a_full_disk_leaves_the_checkpoint_that_was_there(folder, monkeypatch, written):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    synced = []

    def full(file):
        synced.append(file)
        if len(synced) > written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save_checkpoint(folder, Autoencoder(CODEC), Generator(BAND), {"steps": 4})
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize("code", [errno.EINVAL, errno.EIO])
def test_only_a_folder_that_cannot_be_synced_at_all_is_passed_over(folder, monkeypatch, code):
    def refuse(file):
        if Path(f"/proc/self/fd/{file}").readlink().is_dir():
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    if code == errno.EINVAL:
        write_record(folder, {"steps": 5})
    else:
        with pytest.raises(OSError, match="Input/output error"):
            write_record(folder, {"steps": 5})
    assert load_checkpoint(folder).training == {"steps": 5}


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
