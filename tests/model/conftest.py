"""A rendered folder as the data commands would leave it, small and made on the spot."""

import pytest
import torch

from tests.model.songs import write_song


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _same_draws():
    """Draw the same numbers whatever ran before."""
    torch.manual_seed(0)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory):
    """Three tiny songs per split in the layout of ``liveband data render``."""
    root = tmp_path_factory.mktemp("rendered")
    for split in ("train", "test"):
        for number in range(3):
            write_song(root / split / f"song{number}", number)
    return root
