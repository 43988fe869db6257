"""The file of the discriminator beside a checkpoint, from which training can continue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import Tensor

from model.errors import CheckpointError, ModelConfigError
from model.formats.atomic_files import write_atomically
from model.formats.checkpoint_folder import find_folder
from model.networks.config import from_mapping
from model.networks.discriminator import Discriminator, DiscriminatorConfig

__all__ = ["FILE", "load_discriminator", "save_discriminator"]

FILE = "discriminator.safetensors"
"""Name of the file; its sizes are in its metadata, its weights are float16."""


def save_discriminator(folder: Path, discriminator: Discriminator) -> None:
    """Write a discriminator beside the weights of a checkpoint.

    Args:
        folder: Folder of the checkpoint.
        discriminator: Discriminator that the generator was trained against.
    """
    weights = {
        name: value.detach().cpu().half().contiguous()
        for name, value in discriminator.state_dict().items()
    }
    sizes = json.dumps(asdict(discriminator.config))
    write_atomically(folder / FILE, save(weights, metadata={"discriminator": sizes}))


def load_discriminator(where: str | Path) -> Discriminator | None:
    """Return the discriminator beside a checkpoint, or None where there is none.

    Args:
        where: Folder of the checkpoint, or its shipped name.

    Raises:
        CheckpointError: There is no such checkpoint, or the file is damaged.
    """
    file = find_folder(where) / FILE
    if not file.exists():
        return None
    try:
        with safe_open(file, "pt") as opened:
            sizes = json.loads((opened.metadata() or {})["discriminator"])
        weights = {name: value.float() for name, value in load_file(file).items()}
        discriminator = Discriminator(from_mapping(DiscriminatorConfig, sizes))
        _load(discriminator, weights)
    except (SafetensorError, ModelConfigError, KeyError, ValueError, RuntimeError) as error:
        raise CheckpointError(
            f"{file} is no discriminator that can be read: {error}; remove it to begin anew"
        ) from error
    return discriminator


def _load(discriminator: Discriminator, weights: Mapping[str, Tensor]) -> None:
    """Load weights, also of a discriminator that was told no levels and lacks two parts."""
    levels = {
        name: value
        for name, value in discriminator.state_dict().items()
        if name.startswith(("probe.", "listen."))
    }
    lacking = levels if levels.keys().isdisjoint(weights) else {}
    discriminator.load_state_dict({**lacking, **weights})
