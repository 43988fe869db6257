"""Initial weights of the generator's training, taken from a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from model.checkpoint import load_generator
from model.errors import CheckpointError, ModelConfigError
from model.networks.baseline.network import Baseline
from model.networks.config import GeneratorConfig
from model.networks.discriminator import Discriminator
from model.networks.generator import Generator
from model.training.discriminator_file import load_discriminator

__all__ = [
    "InitialNetworks",
    "copy_matching_weights",
    "copy_trunk_weights",
    "load_initial_networks",
]

_NAMES = ("stems", "anticipations", "grooves", "confidence")
"""Settings in which two generators may differ and still share weights."""
_OWN_OF_TRUNKS = ("noise", "seed_noise")
"""Further settings in which the trunk of a baseline may: codes stand in for both."""


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
    _require_alike(target.config, source.config, _NAMES)
    target.load_state_dict(_known_weights(target, source))


@torch.no_grad()
def copy_trunk_weights(baseline: Baseline, source: Generator) -> None:
    """Copy the weights of a generator to the trunk of a baseline, as far as both have them.

    What reads codes instead of noise, the seed, and the output keep their initial weights.

    Args:
        baseline: The weights of its trunk are written.
        source: Generator of the same sizes; its lists of names may differ.

    Raises:
        ModelConfigError: The sizes differ.
    """
    trunk = baseline.trunk
    _require_alike(trunk.config, source.config, (*_NAMES, *_OWN_OF_TRUNKS))
    weights, own = _known_weights(trunk, source), trunk.state_dict()
    for name in ("seed", "leave"):
        for part in ("weight", "bias"):
            weights[f"{name}.{part}"] = own[f"{name}.{part}"]
    join = own["join.weight"].clone()
    join[:, trunk.config.noise :] = source.join.weight[:, source.config.noise :]
    weights["join.weight"] = join
    trunk.load_state_dict(weights)


def _known_weights(target: Generator, source: Generator) -> dict[str, Tensor]:
    """Return the source's weights, embeddings in the target's order of names."""
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
    return weights


def _require_alike(wanted: GeneratorConfig, known: GeneratorConfig, but: Sequence[str]) -> None:
    if replace(known, **{name: getattr(wanted, name) for name in but}) != wanted:
        raise ModelConfigError(
            f"cannot begin with a generator of other sizes: {_sizes(known)}, where the preset "
            f"asks for {_sizes(wanted)}; choose another preset or checkpoint"
        )


def _sizes(config: GeneratorConfig) -> str:
    return (
        f"{config.channels} channels, {config.context_depth} + {config.depth} blocks, "
        f"{config.heads} heads, window {config.window}"
    )
