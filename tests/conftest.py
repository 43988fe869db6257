"""Settings of the test run, and the processor's float mode restored after every test."""

import os

import numpy as np
import pytest
from hypothesis import settings

# A busy machine is not a failure, and two runs of one commit try the same examples.
# `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def _float_mode():
    """Count in subnormal numbers again after a test that loaded a model into this process.

    Engines flush them to zero, for their whole process, which is theirs alone on stage.
    """
    yield
    if np.float32(1e-40) * np.float32(0.5) == 0:
        import torch

        torch.set_flush_denormal(False)


def pytest_configure(config):
    """Leave one core to each of several workers (``-n``), which would else fight over all."""
    if hasattr(config, "workerinput"):
        os.environ.setdefault("OMP_NUM_THREADS", "1")
