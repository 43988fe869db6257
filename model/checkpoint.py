"""Checkpoints: a folder with ``weights.safetensors`` and a ``config.json`` that explains it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from model.autoencoder import Autoencoder
from model.config import AutoencoderConfig, GeneratorConfig, from_mapping
from model.errors import CheckpointError, ConfigError
from model.generator import Generator

__all__ = [
    "FORMAT",
    "SHIPPED",
    "Checkpoint",
    "load_autoencoder",
    "load_checkpoint",
    "load_generator",
    "read_record",
    "save_checkpoint",
    "write_record",
]

FORMAT = 1
"""Version of the folder's layout; a reader refuses any other."""
SHIPPED = Path(__file__).parent / "checkpoints"
"""Where the checkpoints that come with the package lie."""
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The networks of a checkpoint and the record of how they were made."""

    name: str
    autoencoder: Autoencoder
    generator: Generator
    training: dict[str, Any]
    """Data, steps, figures; free form, written by the training."""


def save_checkpoint(
    folder: Path,
    autoencoder: Autoencoder,
    generator: Generator | None,
    training: dict[str, Any],
) -> None:
    """Write a checkpoint; weights are stored as float16.

    Args:
        folder: Made if missing; its name is the checkpoint's name.
        autoencoder: Whitened.
        generator: Trained on this autoencoder's latents; None for an autoencoder alone.
        training: What the reader should know of the training; anything JSON can hold.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        f"{part}.{name}": value.detach().half().contiguous()
        for part, network in (("autoencoder", autoencoder), ("generator", generator))
        if network is not None
        for name, value in network.state_dict().items()
    }
    file = folder / "weights.safetensors"
    save_file(weights, file)
    facts = {
        "format": FORMAT,
        "autoencoder": asdict(autoencoder.config),
        "generator": None if generator is None else asdict(generator.config),
        "weights_sha256": _digest(file),
        "training": training,
    }
    (folder / "config.json").write_text(json.dumps(facts, indent=2) + "\n")


def load_checkpoint(where: str | Path | None = None) -> Checkpoint:
    """Read a checkpoint by path or by the name of a shipped one.

    Args:
        where: Folder, or name of a folder in :data:`SHIPPED`; the default one if None.

    Returns:
        Networks in float32, in evaluation mode, gradients off.

    Raises:
        CheckpointError: It is missing, of another format, or damaged.
    """
    folder, facts, weights = _read(where)
    generator = _generator(folder, facts, weights)
    if generator is None:
        raise CheckpointError(
            f"checkpoint {folder} has no generator; train one: liveband train"
        )
    autoencoder = _autoencoder(folder, facts, weights)
    return Checkpoint(folder.name, autoencoder, generator, facts.get("training", {}))


def load_autoencoder(where: str | Path) -> Autoencoder:
    """Read only the autoencoder of a checkpoint, by path or shipped name.

    Raises:
        CheckpointError: It is missing, of another format, or damaged.
    """
    return _autoencoder(*_read(where))


def load_generator(where: str | Path) -> Generator | None:
    """Read only the generator of a checkpoint; None if it is an autoencoder alone.

    Raises:
        CheckpointError: It is missing, of another format, or damaged.
    """
    return _generator(*_read(where))


def read_record(where: str | Path | None) -> dict[str, Any]:
    """Return the training record of a checkpoint: data, steps, figures.

    Raises:
        CheckpointError: It is missing or of another format.
    """
    record: dict[str, Any] = _facts(_find(where)).get("training", {})
    return record


def write_record(where: str | Path | None, record: dict[str, Any]) -> None:
    """Replace the training record of a checkpoint; the weights stay as they are.

    Raises:
        CheckpointError: It is missing or of another format.
    """
    folder = _find(where)
    facts = {**_facts(folder), "training": record}
    (folder / "config.json").write_text(json.dumps(facts, indent=2) + "\n")


def _read(where: str | Path | None) -> tuple[Path, dict[str, Any], dict[str, Tensor]]:
    folder = _find(where)
    facts = _facts(folder)
    file = folder / "weights.safetensors"
    if not file.exists():
        raise CheckpointError(f"checkpoint {folder} has no weights.safetensors; get it again")
    if _digest(file) != facts["weights_sha256"]:
        raise CheckpointError(
            f"{file} is damaged: its SHA-256 is not the one in config.json; get it again"
        )
    try:
        return folder, facts, load_file(file)
    except SafetensorError as error:
        raise CheckpointError(f"{file} is no safetensors file: {error}") from error


def _autoencoder(
    folder: Path, facts: dict[str, Any], weights: dict[str, Tensor]
) -> Autoencoder:
    try:
        autoencoder = Autoencoder(from_mapping(AutoencoderConfig, facts["autoencoder"]))
        _fill(autoencoder, weights, "autoencoder.")
    except (ConfigError, KeyError, RuntimeError) as error:
        raise CheckpointError(
            f"checkpoint {folder} does not fit this version: {error}"
        ) from error
    return autoencoder


def _generator(
    folder: Path, facts: dict[str, Any], weights: dict[str, Tensor]
) -> Generator | None:
    if facts["generator"] is None:
        return None
    try:
        generator = Generator(from_mapping(GeneratorConfig, facts["generator"]))
        _fill(generator, weights, "generator.")
    except (ConfigError, KeyError, RuntimeError) as error:
        raise CheckpointError(
            f"checkpoint {folder} does not fit this version: {error}"
        ) from error
    return generator


def _find(where: str | Path | None) -> Path:
    for folder in (Path(where or DEFAULT), SHIPPED / str(where or DEFAULT)):
        if (folder / "config.json").exists():
            return folder
    shipped = sorted(p.parent.name for p in SHIPPED.glob("*/config.json"))
    raise CheckpointError(
        f"no checkpoint {str(where or DEFAULT)!r}: neither a folder with a config.json nor one "
        f"of the shipped ones ({', '.join(shipped) or 'none'}); train one: liveband train"
    )


def _facts(folder: Path) -> dict[str, Any]:
    file = folder / "config.json"
    try:
        facts = json.loads(file.read_text())
    except ValueError as error:
        raise CheckpointError(f"{file} is not valid JSON: {error}; get it again") from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        found = facts.get("format") if isinstance(facts, dict) else None
        raise CheckpointError(
            f"{file} has format {found!r}, this version reads {FORMAT}; get a matching one"
        )
    for key in ("autoencoder", "generator", "weights_sha256"):
        if key not in facts:
            raise CheckpointError(f"{file} lacks {key!r}; get it again")
    return facts


def _fill(network: nn.Module, weights: dict[str, Tensor], prefix: str) -> None:
    own = {
        k.removeprefix(prefix): v.float() for k, v in weights.items() if k.startswith(prefix)
    }
    network.load_state_dict(own)
    network.eval().requires_grad_(False)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
