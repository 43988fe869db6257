"""Checkpoints: folders with ``weights.safetensors`` and ``config.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.numpy import load_file, save
from torch import Tensor, nn

from model.errors import CheckpointError
from model.formats.atomic_files import sync_folder
from model.formats.checkpoint_folder import (
    BASELINE,
    BIDIRECTIONAL,
    FORMAT,
    KINDS,
    LIVEBAND,
    SHIPPED,
    errors_of_networks,
    find_folder,
    kind_of,
    likely_grooves,
    read_config,
    require_generator,
    verified_weights,
    write_checkpoint,
    write_config,
)
from model.networks.autoencoder import Autoencoder
from model.networks.baseline.coding import Coding
from model.networks.baseline.network import Baseline
from model.networks.bidirectional import BidirectionalGenerator
from model.networks.config import AutoencoderConfig, GeneratorConfig, from_mapping
from model.networks.generator import Generator
from model.packed_weights import pack, unpack

__all__ = [
    "FORMAT",
    "GENERATORS",
    "SHIPPED",
    "Checkpoint",
    "load_autoencoder",
    "load_checkpoint",
    "load_generator",
    "read_record",
    "save_checkpoint",
    "write_record",
]

GENERATORS: dict[str, type[Generator] | type[Baseline]] = {
    LIVEBAND: Generator,
    BIDIRECTIONAL: BidirectionalGenerator,
    BASELINE: Baseline,
}
"""Class of the generator of each kind of checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The networks of a checkpoint and the record of their training."""

    name: str
    autoencoder: Autoencoder
    generator: Generator | Baseline
    training: dict[str, Any]
    """Data, steps, figures; free form, written by the training."""
    identity: str
    """SHA-256 of the weights' file: copies of a checkpoint share it."""
    kind: str
    """One of :data:`GENERATORS`."""
    folder: Path
    """Folder it was read from."""
    likely_grooves: Mapping[str, tuple[str, ...]]
    """See :func:`model.formats.checkpoint_folder.likely_grooves`."""


def save_checkpoint(
    folder: Path,
    autoencoder: Autoencoder,
    generator: Generator | Baseline | None,
    training: dict[str, Any],
) -> None:
    """Write a checkpoint; weights are stored as by :func:`model.packed_weights.pack`.

    Args:
        folder: Made if missing; its name is the checkpoint's name.
        autoencoder: Whitened.
        generator: Trained on this autoencoder's latents, of any kind; None for an autoencoder
            alone.
        training: Record of the training; anything that JSON can hold.

    Raises:
        OSError: It cannot be written; a checkpoint that was there stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        f"{part}.{name}": value.detach().float().cpu().numpy()
        for part, network in (("autoencoder", autoencoder), ("generator", generator))
        if network is not None
        for name, value in network.state_dict().items()
    }
    facts = {
        "format": FORMAT,
        "kind": _kind(generator),
        "autoencoder": asdict(autoencoder.config),
        "generator": _described(generator),
        "training": training,
    }
    write_checkpoint(folder, save(pack(weights)), facts)
    sync_folder(folder.parent)  # which may have got a new folder


def load_checkpoint(where: str | Path | None = None, kind: str | None = None) -> Checkpoint:
    """Read a checkpoint by path or by name.

    Args:
        where: Folder, or name of a checkpoint; the default one if None.
        kind: Kind it must be of, a key of :data:`GENERATORS`; any if None.

    Returns:
        Networks in float32, in evaluation mode, gradients off.

    Raises:
        CheckpointError: It is missing, of another format or kind, damaged, or has no generator.
    """
    folder, facts, weights = _read(where)
    _require_kind(folder, facts, kind)
    require_generator(folder, facts)
    return Checkpoint(
        name=folder.name,
        autoencoder=_autoencoder(folder, facts, weights),
        generator=_generator(folder, facts, weights),
        training=facts.get("training", {}),
        identity=facts["weights_sha256"],
        kind=kind_of(facts),
        folder=folder,
        likely_grooves=likely_grooves(facts),
    )


def load_autoencoder(where: str | Path) -> Autoencoder:
    """Read only the autoencoder of a checkpoint, by path or shipped name.

    Raises:
        CheckpointError: It is missing, of another format, or damaged.
    """
    return _autoencoder(*_read(where))


def load_generator(where: str | Path) -> Generator | None:
    """Read only the generator of a LiveBand checkpoint; None if it is an autoencoder alone.

    Raises:
        CheckpointError: It is missing, of another format or kind, or damaged.
    """
    folder, facts, weights = _read(where)
    _require_kind(folder, facts, LIVEBAND)
    if facts["generator"] is None:
        return None
    generator = _generator(folder, facts, weights)
    assert isinstance(generator, Generator)
    return generator


def read_record(where: str | Path | None) -> dict[str, Any]:
    """Return the training record of a checkpoint: data, steps, figures.

    Raises:
        CheckpointError: It is missing or of another format.
    """
    record: dict[str, Any] = read_config(find_folder(where)).get("training", {})
    return record


def write_record(where: str | Path | None, record: dict[str, Any]) -> None:
    """Replace the training record of a checkpoint; the weights stay as they are.

    Raises:
        CheckpointError: It is missing or of another format.
    """
    folder = find_folder(where)
    facts = {**read_config(folder), "training": record}
    write_config(folder, facts)


def _read(where: str | Path | None) -> tuple[Path, dict[str, Any], dict[str, Tensor]]:
    folder = find_folder(where)
    facts = read_config(folder)
    file = verified_weights(folder, facts)
    try:
        weights = unpack(load_file(file))
    except SafetensorError as error:
        raise CheckpointError(f"{file} is no safetensors file: {error}") from error
    return folder, facts, {name: torch.from_numpy(value) for name, value in weights.items()}


def _autoencoder(
    folder: Path, facts: dict[str, Any], weights: dict[str, Tensor]
) -> Autoencoder:
    with errors_of_networks(folder):
        autoencoder = Autoencoder(from_mapping(AutoencoderConfig, facts["autoencoder"]))
        _fill(autoencoder, weights, "autoencoder.")
    return autoencoder


def _generator(
    folder: Path, facts: dict[str, Any], weights: dict[str, Tensor]
) -> Generator | Baseline:
    network = GENERATORS[kind_of(facts)]
    generator: Generator | Baseline
    with errors_of_networks(folder):
        values = dict(facts["generator"])
        if issubclass(network, Baseline):
            coding = from_mapping(Coding, values.pop("coding"))
            generator = network(from_mapping(GeneratorConfig, values), coding)
        else:
            generator = network(from_mapping(GeneratorConfig, values))
        _fill(generator, weights, "generator.")
    return generator


def _fill(network: nn.Module, weights: dict[str, Tensor], prefix: str) -> None:
    own = {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}
    network.load_state_dict(own)
    network.eval().requires_grad_(False)


def _kind(generator: Generator | Baseline | None) -> str:
    exact = (kind for kind, network in GENERATORS.items() if type(generator) is network)
    return next(exact, LIVEBAND)


def _described(generator: Generator | Baseline | None) -> dict[str, Any] | None:
    """Return the configuration from which the network can be rebuilt."""
    if generator is None:
        return None
    described = asdict(generator.config)
    if isinstance(generator, Baseline):
        described["coding"] = asdict(generator.coding)
    return described


def _require_kind(folder: Path, facts: dict[str, Any], kind: str | None) -> None:
    found = kind_of(facts)
    if kind not in (None, found):
        raise CheckpointError(
            f"checkpoint {folder} is of the kind {found!r}, needed is {kind!r}; {KINDS[found]}"
        )
