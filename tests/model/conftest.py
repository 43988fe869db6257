"""A rendered folder as the data commands would leave it, small and made on the spot."""

import json

import numpy as np
import pytest
import torch

RATE = 48000


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _same_draws():
    """Draw the same numbers whatever ran before."""
    torch.manual_seed(0)


def _song(folder, number):
    folder.mkdir(parents=True)
    rng = np.random.default_rng(number)
    seconds = np.arange(6 * RATE) / RATE
    beat = np.exp(-((seconds % 0.5) * 30))
    stems = {
        "drums": 0.3 * beat * rng.standard_normal(len(seconds)),
        "bass": 0.3 * np.sin(2 * np.pi * 55 * (1 + number % 3) * seconds),
        "piano": 0.1 * np.sin(2 * np.pi * 440 * seconds) * (0.2 + beat),
    }
    for name, audio in stems.items():
        np.save(folder / f"{name}.npy", audio.astype(np.float16))
    facts = {"stems": [{"class": n, "active_share": 1.0} for n in stems]}
    (folder / "song.json").write_text(json.dumps(facts))


@pytest.fixture(scope="session")
def rendered(tmp_path_factory):
    """Three tiny songs per split in the layout of ``liveband data render``."""
    root = tmp_path_factory.mktemp("rendered")
    for split in ("train", "test"):
        for number in range(3):
            _song(root / split / f"song{number}", number)
    return root
