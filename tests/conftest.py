"""What every test leaves behind as it found it."""

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _float_mode():
    """Count in subnormal numbers again after a test that loaded a model into this process.

    Engines flush them to zero, for their whole process, which is theirs alone on stage.
    """
    yield
    if np.float32(1e-40) * np.float32(0.5) == 0:
        import torch

        torch.set_flush_denormal(False)
