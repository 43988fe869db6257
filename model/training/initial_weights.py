"""Initial weights of the generator's training, taken from a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import nn

from model.checkpoint import load_generator
from model.errors import CheckpointError, ModelConfigError
from model.networks.config import GeneratorConfig
from model.networks.discriminator import Discriminator
from model.networks.generator import Generator
from model.training.discriminator_file import load_discriminator

__all__ = ["InitialNetworks", "copy_matching_weights", "load_initial_networks"]


@dataclass(frozen=True, slots=True)
class InitialNetworks:
    """Networks whose weights a training begins with."""

    generator: Generator
    discriminator: Discriminator | None
    """None if the checkpoint has none."""


def load_initial_networks(where: str | None) -> InitialNetworks | None:
    """Read the networks of a checkpoint, by path or shipped name; None for None.

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
    return InitialNetworks(generator, load_discriminator(where))


@torch.no_grad()
def copy_matching_weights(target: Generator, source: Generator) -> None:
    """Copy the weights of one generator to another, of the same kind or not.

    Embeddings of stem classes, grooves and anticipations are copied row by row, by name; rows
    that the source lacks keep their initial weights.

    Args:
        target: Its weights are written.
        source: Generator of the same sizes; its lists of names may differ.

    Raises:
        ModelConfigError: The sizes differ.
    """
    names = ("stems", "anticipations", "grooves", "confidence")
    alike = {name: getattr(target.config, name) for name in names}
    if replace(source.config, **alike) != target.config:
        raise ModelConfigError(
            f"cannot begin with a generator of other sizes: {_sizes(source.config)}, where "
            f"the preset asks for {_sizes(target.config)}; choose another preset or checkpoint"
        )
    known, wanted = source.config, target.config
    rows: dict[str, tuple[nn.Embedding, Sequence[object], Sequence[object]]] = {
        "stem": (source.stem, known.stems, wanted.stems),
        "groove": (source.groove, (None, *known.grooves), (None, *wanted.grooves)),
        "anticipation": (source.anticipation, known.anticipations, wanted.anticipations),
        "late": (source.late, known.anticipations, wanted.anticipations),
    }
    weights = source.state_dict()
    for name, (table, had, has) in rows.items():
        grown = getattr(target, name).weight.clone()
        for row, value in enumerate(has):
            if value in had:
                grown[row] = table.weight[had.index(value)]
        weights[f"{name}.weight"] = grown
    target.load_state_dict(weights)


def _sizes(config: GeneratorConfig) -> str:
    return (
        f"{config.channels} channels, {config.context_depth} + {config.depth} blocks, "
        f"{config.heads} heads, window {config.window}"
    )
