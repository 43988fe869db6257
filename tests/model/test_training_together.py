"""Several processes train one network, as ``torchrun`` starts them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from model.checkpoint import load_checkpoint, save_checkpoint
from model.networks.autoencoder import Autoencoder
from model.presets import load_preset
from model.training.run_state import load_state
from tests.model.tiny import write_latents

ROOT = Path(__file__).parents[2]
TORCHRUN = Path(sys.executable).with_name("torchrun")


def _torchrun(processes, *words):
    command = [str(TORCHRUN), "--standalone", f"--nproc-per-node={processes}", "-m", "--"]
    command += words
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=200)


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """What one process and two processes say, by their number."""
    root = tmp_path_factory.mktemp("together")
    latents = write_latents(root / "latents")
    said = {}
    for count in (1, 2):
        out = root / str(count)
        out.mkdir()
        done = _torchrun(count, "tests.model.train_together", str(latents), str(out))
        assert done.returncode == 0, done.stderr
        said[count] = [json.loads((out / f"{n}.json").read_text()) for n in range(count)]
    return said


def test_gradients_are_averaged_and_flags_and_weights_are_shared(figures):
    for process in figures[2]:
        assert process["count"] == 2
        assert process["gradient"] == [1.5, 1.5, 1.5]
        assert process["unused"]
        assert process["shared"] == [0.0, 0.0]
        assert process["flags"] == [True, False]
        assert process["step"] == 5


def test_all_end_with_the_same_weights_which_are_not_those_of_one_alone(figures):
    first, second = (process["weights"] for process in figures[2])
    assert first == second
    (alone,) = (process["weights"] for process in figures[1])
    assert alone != first


def test_the_command_trains_together_and_one_writes(tmp_path):
    preset = load_preset("smoke")
    codec = Autoencoder(preset.autoencoder).eval()
    save_checkpoint(tmp_path / "codec", codec, None, {"codec": {}})
    latents = write_latents(tmp_path / "latents", preset.generator)
    run = tmp_path / "run"
    train = ["model", "train", "liveband", str(latents), str(tmp_path / "codec"), str(run)]
    done = _torchrun(2, *train, "--preset", "smoke", "--steps", "3")
    assert done.returncode == 0, done.stderr
    assert load_state(run / "state.pt")["step"] == 3
    assert len((run / "log.jsonl").read_text().splitlines()) == 1
    assert done.stderr.count("step 3 of 3") == 1
    assert torch.isfinite(load_checkpoint(run / "checkpoint").generator.leave.weight).all()
