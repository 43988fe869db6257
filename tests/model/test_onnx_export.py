"""Graphs lie beside their checkpoint, fit its weights, and are played without torch."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import model.onnx
from model.checkpoint import save_checkpoint
from model.errors import CheckpointError, MissingTool
from model.networks.autoencoder import Autoencoder
from model.networks.config import AutoencoderConfig, GeneratorConfig
from model.networks.generator import Generator
from model.onnx.export import export, find_graphs
from model.onnx.graph import GraphBuilder
from model.onnx.runtime import Network, onnx_runtime

CODEC = AutoencoderConfig(
    latent=6, encoder_inner=16, encoder_hop=24, decoder_hop=24, decoder_inner=16
)
BAND = GeneratorConfig(
    latent=6, channels=32, context_depth=1, depth=1, heads=2, window=8, condition=8
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    torch.manual_seed(0)
    where = tmp_path / "small"
    save_checkpoint(where, Autoencoder(CODEC), Generator(BAND), {})
    return where


def _written(folder):
    return {file: file.stat().st_mtime_ns for file in (folder / "onnx").glob("*.onnx")}


def test_the_first_run_makes_them_and_the_next_finds_them(folder):
    first = find_graphs(folder)
    written = _written(folder)
    assert {file.parent for file in first.files.values()} == {folder / "onnx"}
    assert find_graphs(folder) == first
    assert _written(folder) == written


def test_other_weights_make_other_graphs(folder):
    before = find_graphs(folder)
    torch.manual_seed(1)
    save_checkpoint(folder, Autoencoder(CODEC), Generator(BAND), {})
    written = _written(folder)
    assert find_graphs(folder).identity != before.identity
    assert all(_written(folder)[file] != then for file, then in written.items())


def test_a_changed_training_record_does_not(folder):
    find_graphs(folder)
    written = _written(folder)
    facts = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**facts, "training": {"steps": 1}}))
    find_graphs(folder)
    assert _written(folder) == written


def test_damaged_graphs_are_made_again(folder):
    graph = find_graphs(folder).files["decoder"]
    graph.write_bytes(graph.read_bytes()[:-1])
    Network(find_graphs(folder).files["decoder"])


@pytest.mark.parametrize(
    "record", ["", "\0" * 100, "[]", '{"files": [1]}', '{"files": {"decoder": 1}}', "[" * 9000]
)
def test_a_damaged_record_of_graphs_is_made_again(folder, record):
    find_graphs(folder)
    (folder / "onnx" / "graphs.json").write_text(record)
    Network(find_graphs(folder).files["decoder"])


def test_where_the_folder_cannot_be_written_the_cache_can(folder, monkeypatch, tmp_path):
    mkdir = Path.mkdir

    def refuse(self, *arguments, **options):
        if self == folder / "onnx":
            raise PermissionError(f"read-only: {self}")
        mkdir(self, *arguments, **options)

    monkeypatch.setattr(Path, "mkdir", refuse)
    file = export(folder).files["decoder"]
    assert tmp_path / "cache" in file.parents
    written = file.stat().st_mtime_ns
    assert find_graphs(folder).files["decoder"] == file
    assert file.stat().st_mtime_ns == written


def test_nowhere_to_write_is_told(folder, monkeypatch, tmp_path):
    (folder / "onnx").write_text("in the way")
    (tmp_path / "cache").write_text("in the way too")
    with pytest.raises(CheckpointError, match="XDG_CACHE_HOME"):
        export(folder)


def test_damaged_weights_are_refused(folder):
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match="damaged"):
        export(folder)


def test_a_lone_autoencoder_is_refused(folder):
    save_checkpoint(folder, Autoencoder(CODEC), None, {})
    with pytest.raises(CheckpointError, match="no generator"):
        find_graphs(folder)


def test_making_them_needs_a_package(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    for name in ("networks", "graph", "layers"):
        monkeypatch.delitem(sys.modules, f"model.onnx.{name}", raising=False)
        monkeypatch.delattr(model.onnx, name, raising=False)
    with pytest.raises(MissingTool, match="pip install onnx,"):
        export(folder)


def test_playing_them_needs_a_package(folder, monkeypatch):
    graphs = find_graphs(folder)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(MissingTool, match="pip install onnxruntime, or play with"):
        Network(graphs.files["decoder"])


def test_a_fresh_process_plays_without_torch(folder):
    shutil.rmtree(folder / "onnx", ignore_errors=True)
    code = f"""
import sys
import numpy as np
from bridge.checkpoints.loader import load_model
from bridge.protocols import Conditions

model = load_model({str(folder)!r})
model.condition(1, Conditions(stem="bass"))
model.listen(np.zeros(model.hop, np.float32))
assert model.play().shape == (1, model.hop)
print(sorted({{"torch", "scipy", "onnxruntime", "onnx"}} & set(sys.modules)))
"""
    for expected in ("['onnx', 'onnxruntime']", "['onnxruntime']"):
        answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert answer.stdout.strip() == expected, answer.stderr


def test_eight_bits_are_close_to_the_weights():
    rng = np.random.default_rng(0)
    matrix = rng.standard_normal((48, 40)).astype(np.float32)
    x = rng.standard_normal((5, 40)).astype(np.float32)
    g = GraphBuilder("one", {"layer.weight": matrix})
    g.output("y", g.linear(g.input("x", "B", 40), "layer", small=True), "B", 48)
    session = onnx_runtime().InferenceSession(g.model().SerializeToString())
    (y,) = session.run(None, {"x": x})
    error = np.square(y - x @ matrix.T).mean() / np.square(x @ matrix.T).mean()
    assert 0 < error < 1e-3
