"""From an empty folder to figures with what a fresh clone has, at smoke scale."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from model.__main__ import main
from model.checkpoint import save_checkpoint
from model.networks.annotation import COUNT
from model.networks.autoencoder import Autoencoder
from model.presets import load_preset

FONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
SMOKE = ["--preset", "smoke"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Songs, latents and a checkpoint, made by the commands."""
    root = tmp_path_factory.mktemp("nothing")
    songs, codec, latents = root / "songs", root / "codec", root / "latents"
    fonts = ["--fonts", str(FONT), "--test-fonts"]
    assert (
        main(
            [
                "data",
                "render",
                str(songs),
                "--songs",
                "5",
                "--seconds",
                "12",
                "--seed",
                "3",
                *fonts,
            ]
        )
        == 0
    )
    torch.manual_seed(0)
    untrained = Autoencoder(load_preset("smoke").autoencoder).eval()
    save_checkpoint(codec, untrained, None, {"codec": {}})
    assert main(["data", "encode", str(songs), str(codec), str(latents), *SMOKE]) == 0
    train = ["train", "liveband", str(latents), str(codec), str(root / "run"), *SMOKE]
    assert main([*train, "--threads", "1"]) == 0
    return root


def test_songs_are_described(made, capsys):
    assert main(["data", "describe", str(made / "songs"), "--json", "--songs", "0"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["total"]["songs"] == 5


def test_latents_hold_what_the_tracker_said(made):
    files = sorted((made / "latents").glob("*/*.npz"))
    assert files
    for file in files:
        with np.load(file) as arrays:
            hops = len(arrays["stem"])
            assert arrays["anticipations"].tolist() == [0, 2, 20]
            assert arrays["tracked"].shape == (3, hops, COUNT + 1)
            assert arrays["tracked"][..., COUNT].max() <= 1


def test_the_checkpoint_is_scored(made, capsys):
    few = ["--quick", "--jobs", "1", "--songs", "1", "--seconds", "2", "--json"]
    checkpoint = str(made / "run" / "checkpoint")
    assert main(["evaluate", str(made / "songs"), "--checkpoint", checkpoint, *few]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["rows"]
    assert "liveband 0.1 s" in {row["system"] for row in rows}
