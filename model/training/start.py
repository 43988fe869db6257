"""What a new training of the generator begins with: the networks of a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import nn

from model.checkpoint import load_generator
from model.config import GeneratorConfig
from model.discriminator import Discriminator
from model.errors import CheckpointError, ConfigError
from model.generator import Generator
from model.training.kept_discriminator import load_discriminator

__all__ = ["Start", "begin_with", "load_start"]


@dataclass(frozen=True, slots=True)
class Start:
    """Networks to begin with."""

    generator: Generator
    discriminator: Discriminator | None
    """None where the checkpoint came without."""


def load_start(where: str | None) -> Start | None:
    """Return the networks of a checkpoint, by path or shipped name; None for None.

    Raises:
        CheckpointError: It is missing, of another kind, damaged, or an autoencoder alone.
    """
    if where is None:
        return None
    generator = load_generator(where)
    if generator is None:
        raise CheckpointError(
            f"{where} is an autoencoder alone: it has no generator to start with"
        )
    return Start(generator, load_discriminator(where))


@torch.no_grad()
def begin_with(pupil: Generator, teacher: Generator) -> None:
    """Give a generator the weights of another one, of its own kind or not.

    What both know by name, stem classes, grooves and anticipations, is copied row by row;
    what the pupil alone knows keeps its initial weights.

    Args:
        pupil: Its weights are written.
        teacher: Of the same sizes; it may know other names.

    Raises:
        ConfigError: The sizes differ.
    """
    names = ("stems", "anticipations", "grooves", "confidence")
    alike = {name: getattr(pupil.config, name) for name in names}
    if replace(teacher.config, **alike) != pupil.config:
        raise ConfigError(
            f"cannot begin with a generator of other sizes: {_sizes(teacher.config)}, where "
            f"the preset asks for {_sizes(pupil.config)}; choose another preset or checkpoint"
        )
    known, wanted = teacher.config, pupil.config
    rows: dict[str, tuple[nn.Embedding, Sequence[object], Sequence[object]]] = {
        "stem": (teacher.stem, known.stems, wanted.stems),
        "groove": (teacher.groove, (None, *known.grooves), (None, *wanted.grooves)),
        "anticipation": (teacher.anticipation, known.anticipations, wanted.anticipations),
        "late": (teacher.late, known.anticipations, wanted.anticipations),
    }
    weights = teacher.state_dict()
    for name, (table, had, has) in rows.items():
        grown = getattr(pupil, name).weight.clone()
        for row, value in enumerate(has):
            if value in had:
                grown[row] = table.weight[had.index(value)]
        weights[f"{name}.weight"] = grown
    pupil.load_state_dict(weights)


def _sizes(config: GeneratorConfig) -> str:
    return (
        f"{config.channels} channels, {config.context_depth} + {config.depth} blocks, "
        f"{config.heads} heads, window {config.window}"
    )
