"""Conversion of the weights of the package BeatNet for the beat tracker.

Example:
    ``pip download --no-deps BeatNet==1.1.3``, then
    ``python -m tools.convert_beatnet BeatNet-1.1.3-py3-none-any.whl beatnet.safetensors``
"""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.beat_tracker.network import BeatNetwork
from model.beat_tracker.weights import save_weights

__all__ = ["convert", "main"]

_NETWORKS = (1, 2, 3)


def convert(wheel: Path) -> dict[str, NDArray[np.float16]]:
    """Return the arrays of a wheel's three networks, stacked along a new first axis.

    Args:
        wheel: Of BeatNet 1.1.3.

    Raises:
        OSError: The file cannot be read.
        KeyError: It is another package or version.
        CheckpointError: An array has an unexpected shape.
    """
    import torch

    networks = []
    with zipfile.ZipFile(wheel) as archive:
        for number in _NETWORKS:
            data = archive.read(f"BeatNet/models/model_{number}_weights.pt")
            networks.append(torch.load(io.BytesIO(data), map_location="cpu", weights_only=True))
    stacked = {
        name: np.stack([network[name].numpy() for network in networks]).astype(np.float16)
        for name in networks[0]
    }
    BeatNetwork(stacked)
    return stacked


def main(arguments: Sequence[str] | None = None) -> None:
    """Convert the wheel named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args(arguments)
    save_weights(asked.out, convert(asked.wheel), {})


if __name__ == "__main__":
    main()
