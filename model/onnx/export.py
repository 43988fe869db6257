"""ONNX graphs of a checkpoint on disk, written once and checked against its weights."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.errors import CheckpointError, MissingTool
from model.formats.atomic_files import write_atomically
from model.formats.checkpoint_folder import (
    LIVEBAND,
    digest,
    errors_of_networks,
    find_folder,
    kind_of,
    likely_grooves,
    read_config,
    require_generator,
    verified_weights,
)
from model.networks.config import AutoencoderConfig, GeneratorConfig, from_mapping
from model.packed_weights import unpack

__all__ = ["DTYPES", "Graphs", "cache_folder", "export", "find_graphs"]

logger = logging.getLogger(__name__)

DTYPES = ("float32", "int8")
"""Types of the weights of the generator's blocks; all else is float32."""
FORMAT = 1
"""Version of the graphs; others are made anew."""
_FOLDER, _RECORD = "onnx", "graphs.json"


@dataclass(frozen=True, slots=True)
class Graphs:
    """The graphs of one checkpoint, with its configuration."""

    checkpoint: str
    """The checkpoint's name."""
    identity: str
    """Of its weights: their SHA-256."""
    autoencoder: AutoencoderConfig
    generator: GeneratorConfig
    files: Mapping[str, Path]
    """By name: ``encoder decoder steering context.int8 stems.int8 ...``."""
    likely_grooves: Mapping[str, tuple[str, ...]]
    """See :func:`model.formats.checkpoint_folder.likely_grooves`."""


def find_graphs(where: str | Path | None = None, dtypes: Collection[str] = DTYPES) -> Graphs:
    """Return a checkpoint's graphs, made now if there are none that fit its weights.

    Args:
        where: Folder, or name of a shipped checkpoint; the default one if None.
        dtypes: Of the generator's blocks. Graphs of others are not checked, which would make
            the start longer.

    Raises:
        CheckpointError: The checkpoint is missing, damaged, of another version or of a kind
            without graphs, or has no generator; or there is nowhere to write them.
        MissingTool: They have to be made, and the package ``onnx`` is not installed.
    """
    folder = find_folder(where)
    facts = read_config(folder)
    for home in _homes(folder):
        graphs = _read(home, folder, facts, dtypes)
        if graphs is not None:
            return graphs
    return export(where)


def export(where: str | Path | None = None) -> Graphs:
    """Write a checkpoint's graphs beside it, or into the cache where that is not allowed.

    Args:
        where: Folder, or name of a shipped checkpoint; the default one if None.

    Raises:
        CheckpointError: See :func:`find_graphs`; or neither place can be written to.
        MissingTool: The package ``onnx`` is not installed.
    """
    folder = find_folder(where)
    facts = read_config(folder)
    made = _make(folder, facts)
    beside, cache = _homes(folder)
    try:
        home = _write(beside, facts, made)
    except OSError as refusal:
        logger.info("%s cannot be written to (%s), using %s", beside, refusal, cache)
        try:
            home = _write(cache, facts, made)
        except OSError as error:
            raise CheckpointError(
                f"the graphs of {folder.name} can be written neither to {beside} ({refusal}) "
                f"nor to {cache} ({error}); make room in one, or name another folder in "
                "XDG_CACHE_HOME"
            ) from error
    graphs = _read(home, folder, facts, DTYPES)
    if graphs is None:
        raise CheckpointError(f"the graphs just written to {home} are gone; try again")
    logger.info("wrote the graphs of %s to %s", folder.name, home)
    return graphs


def cache_folder() -> Path:
    """Return the folder for graphs of checkpoints in folders that cannot be written to."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "liveband"


def _homes(folder: Path) -> tuple[Path, Path]:
    """Return the folders that may hold a checkpoint's graphs, the preferred one first."""
    name = f"{folder.name}-{hashlib.sha256(bytes(folder.resolve())).hexdigest()[:8]}"
    return folder / _FOLDER, cache_folder() / _FOLDER / name


def _read(
    home: Path, folder: Path, facts: dict[str, Any], dtypes: Collection[str]
) -> Graphs | None:
    """Return the graphs in a folder, None if they are damaged or of other weights."""
    unwanted = tuple(f".{dtype}" for dtype in DTYPES if dtype not in dtypes)
    try:
        record = json.loads((home / _RECORD).read_text())
        names = (name for name in record["files"] if not name.endswith(unwanted))
        files = {name: home / f"{name}.onnx" for name in names}
        fits = record["origin"] == _origin(facts) and all(
            digest(file) == record["files"][name] for name, file in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not fits:
        return None
    return Graphs(
        folder.name,
        facts["weights_sha256"],
        *_configs(folder, facts),
        files,
        likely_grooves(facts),
    )


def _origin(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts that graphs are made from, as JSON gives them back."""
    kept = {key: facts[key] for key in ("weights_sha256", "autoencoder", "generator")}
    return {"format": FORMAT, **kept}


def _configs(folder: Path, facts: dict[str, Any]) -> tuple[AutoencoderConfig, GeneratorConfig]:
    kind = kind_of(facts)
    if kind != LIVEBAND:
        raise CheckpointError(
            f"a checkpoint of the kind {kind!r} has no graphs; it plays with --engine torch"
        )
    require_generator(folder, facts)
    with errors_of_networks(folder):
        return (
            from_mapping(AutoencoderConfig, facts["autoencoder"]),
            from_mapping(GeneratorConfig, facts["generator"]),
        )


def _make(folder: Path, facts: dict[str, Any]) -> dict[str, bytes]:
    """Return every graph, serialised."""
    codec, band = _configs(folder, facts)
    try:
        from model.onnx import networks
    except ModuleNotFoundError as error:
        raise MissingTool(
            f"making graphs of {folder} needs {error.name}: pip install onnx, or play with "
            "--engine torch"
        ) from error
    from safetensors.numpy import load_file

    weights = unpack(load_file(verified_weights(folder, facts)))

    def part(prefix: str) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
        return {
            name.removeprefix(prefix): values
            for name, values in weights.items()
            if name.startswith(prefix)
        }

    generator = part("generator.")
    try:
        graphs = {
            "encoder": networks.encoder(codec, part("autoencoder.encoder.")),
            "decoder": networks.decoder(codec, part("autoencoder.decoder.")),
            "steering": networks.steering(band, generator),
        }
        for dtype in DTYPES:
            small = dtype == "int8"
            graphs[f"context.{dtype}"] = networks.context(band, generator, small=small)
            graphs[f"stems.{dtype}"] = networks.stems(band, generator, small=small)
    except KeyError as error:
        raise CheckpointError(
            f"checkpoint {folder} does not fit this version: it has no weights {error}"
        ) from error
    return {name: graph.SerializeToString(deterministic=True) for name, graph in graphs.items()}


def _write(home: Path, facts: dict[str, Any], made: dict[str, bytes]) -> Path:
    """Write all files, each atomically, the record last."""
    home.mkdir(parents=True, exist_ok=True)
    digests = {name: hashlib.sha256(graph).hexdigest() for name, graph in made.items()}
    record = json.dumps({"origin": _origin(facts), "files": digests}, indent=2) + "\n"
    for name, content in made.items():
        write_atomically(home / f"{name}.onnx", content)
    write_atomically(home / _RECORD, record)
    return home
