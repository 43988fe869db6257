"""Checkpoints: folders with ``weights.safetensors`` and ``config.json``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.numpy import load_file, save
from torch import Tensor, nn

from model.autoencoder import Autoencoder
from model.baseline.coding import Coding
from model.baseline.network import Baseline
from model.bidirectional import BidirectionalGenerator
from model.config import AutoencoderConfig, GeneratorConfig, from_mapping
from model.errors import CheckpointError, ModelConfigError
from model.formats.atomic_files import write_atomically
from model.formats.checkpoint_folder import (
    BASELINE,
    BIDIRECTIONAL,
    FORMAT,
    KINDS,
    LIVEBAND,
    SHIPPED,
    WEIGHTS,
    digest,
    find_folder,
    kind_of,
    likely_grooves,
    read_config,
    verified_weights,
    write_config,
)
from model.generator import Generator
from model.packed_weights import pack, unpack

__all__ = [
    "FORMAT",
    "GENERATORS",
    "SHIPPED",
    "AnyCheckpoint",
    "BaselineCheckpoint",
    "Checkpoint",
    "load_any",
    "load_autoencoder",
    "load_baseline",
    "load_bidirectional",
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
    generator: Generator
    training: dict[str, Any]
    """Data, steps, figures; free form, written by the training."""
    identity: str
    """SHA-256 of the weights' file: copies of a checkpoint share it."""
    kind: str = LIVEBAND
    """``liveband`` or ``bidirectional``."""
    folder: Path | None = None
    """Folder it was read from; None if it was not read from one."""
    likely_grooves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """See :func:`model.formats.checkpoint_folder.likely_grooves`."""


@dataclass(frozen=True, slots=True)
class BaselineCheckpoint:
    """Checkpoint of the baseline; see :class:`Checkpoint`."""

    name: str
    autoencoder: Autoencoder
    generator: Baseline
    training: dict[str, Any]
    identity: str
    kind: str = BASELINE
    likely_grooves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


AnyCheckpoint = Checkpoint | BaselineCheckpoint
"""A checkpoint of any kind that plays."""


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
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        f"{part}.{name}": value.detach().float().cpu().numpy()
        for part, network in (("autoencoder", autoencoder), ("generator", generator))
        if network is not None
        for name, value in network.state_dict().items()
    }
    file = folder / WEIGHTS
    write_atomically(file, save(pack(weights)))
    facts = {
        "format": FORMAT,
        "kind": _kind(generator),
        "autoencoder": asdict(autoencoder.config),
        "generator": _described(generator),
        "weights_sha256": digest(file),
        "training": training,
    }
    write_config(folder, facts)


def load_checkpoint(where: str | Path | None = None) -> Checkpoint:
    """Read a checkpoint by path or by the name of a shipped one.

    Args:
        where: Folder, or name of a folder in :data:`SHIPPED`; the default one if None.

    Returns:
        Networks in float32, in evaluation mode, gradients off.

    Raises:
        CheckpointError: It is missing, of another format or kind, or damaged.
    """
    return _load(where, LIVEBAND, Generator)


def load_bidirectional(where: str | Path) -> Checkpoint:
    """Read a checkpoint of the bidirectional kind, by path or shipped name.

    Raises:
        CheckpointError: It is missing, of another format or kind, or damaged.
    """
    return _load(where, BIDIRECTIONAL, BidirectionalGenerator)


def load_baseline(where: str | Path) -> BaselineCheckpoint:
    """Read a checkpoint of the baseline, by path or shipped name.

    Raises:
        CheckpointError: It is missing, of another format or kind, or damaged.
    """
    folder, facts, weights = _read(where)
    _require_kind(folder, facts, BASELINE)
    with _checkpoint_error(folder):
        values = dict(facts["generator"])
        coding = from_mapping(Coding, values.pop("coding"))
        baseline = Baseline(from_mapping(GeneratorConfig, values), coding)
        _fill(baseline, weights, "generator.")
    return BaselineCheckpoint(
        name=folder.name,
        autoencoder=_autoencoder(folder, facts, weights),
        generator=baseline,
        training=facts.get("training", {}),
        identity=facts["weights_sha256"],
    )


def load_any(where: str | Path | None = None) -> AnyCheckpoint:
    """Read a checkpoint of any kind, by path or shipped name; the default one if None.

    Raises:
        CheckpointError: It is missing, of another format or an unknown kind, or damaged.
    """
    folder = find_folder(where)
    kind = kind_of(read_config(folder))
    network = GENERATORS[kind]
    if issubclass(network, Baseline):
        return load_baseline(folder)
    return _load(folder, kind, network)


def _load(where: str | Path | None, kind: str, network: type[Generator]) -> Checkpoint:
    folder, facts, weights = _read(where)
    _require_kind(folder, facts, kind)
    generator = _generator(folder, facts, weights, network)
    if generator is None:
        raise CheckpointError(
            f"checkpoint {folder} has no generator; train one: liveband train"
        )
    autoencoder = _autoencoder(folder, facts, weights)
    return Checkpoint(
        name=folder.name,
        autoencoder=autoencoder,
        generator=generator,
        training=facts.get("training", {}),
        identity=facts["weights_sha256"],
        kind=kind,
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
    return _generator(folder, facts, weights, Generator)


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


@contextmanager
def _checkpoint_error(folder: Path) -> Iterator[None]:
    """Raise errors of building a checkpoint's networks as :class:`CheckpointError`.

    Raises:
        CheckpointError: A setting or a weight is missing or invalid.
    """
    try:
        yield
    except (
        ArithmeticError,
        ModelConfigError,
        KeyError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        raise CheckpointError(
            f"checkpoint {folder} does not fit this version: {error}"
        ) from error


def _autoencoder(
    folder: Path, facts: dict[str, Any], weights: dict[str, Tensor]
) -> Autoencoder:
    with _checkpoint_error(folder):
        autoencoder = Autoencoder(from_mapping(AutoencoderConfig, facts["autoencoder"]))
        _fill(autoencoder, weights, "autoencoder.")
    return autoencoder


def _generator(
    folder: Path, facts: dict[str, Any], weights: dict[str, Tensor], network: type[Generator]
) -> Generator | None:
    if facts["generator"] is None:
        return None
    with _checkpoint_error(folder):
        generator = network(from_mapping(GeneratorConfig, facts["generator"]))
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


def _require_kind(folder: Path, facts: dict[str, Any], kind: str) -> None:
    found = kind_of(facts)
    if found != kind:
        raise CheckpointError(
            f"checkpoint {folder} is of the kind {found!r}, needed is {kind!r}; {KINDS[found]}"
        )
