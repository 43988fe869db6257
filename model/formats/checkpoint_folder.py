"""Folders of checkpoints: names, lookup, ``config.json`` and the digest of the weights.

A checkpoint has the name of its folder if that came with the package or lies in the user's own
folder of checkpoints; where both hold one of a name, the shipped one is meant. ``NAME-1s`` is
the checkpoint ``NAME`` begun at an anticipation of 1 s, unless a folder has that very name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from model.errors import CheckpointError, ModelConfigError, UnknownCheckpointError
from model.formats.atomic_files import write_atomically, write_together
from model.formats.checkpoint_start import meant_name, split_start, start_hops, unmet_start
from model.formats.names import composed, find_named, is_plain_name
from model.formats.user_folders import data_folder

__all__ = [
    "BASELINE",
    "BIDIRECTIONAL",
    "CONFIG",
    "DEFAULT",
    "FORMAT",
    "KINDS",
    "LIVEBAND",
    "SHIPPED",
    "WEIGHTS",
    "checkpoint_names",
    "digest",
    "errors_of_networks",
    "existing_folder",
    "find_folder",
    "find_spelled",
    "kind_of",
    "likely_grooves",
    "named_folder",
    "own_checkpoints",
    "read_config",
    "require_generator",
    "stated_kind",
    "unknown_checkpoint",
    "verified_weights",
    "write_checkpoint",
    "write_config",
]

FORMAT = 1
"""Version of the folder's layout; a reader refuses any other."""
SHIPPED = Path(__file__).parents[1] / "checkpoints"
"""Where the checkpoints that come with the package lie."""
DEFAULT = "default"
"""Name of the one that is played when nobody names another."""
CONFIG, WEIGHTS = "config.json", "weights.safetensors"
LIVEBAND, BIDIRECTIONAL, BASELINE = "liveband", "bidirectional", "baseline"
KINDS = {
    LIVEBAND: "play it with liveband run or liveband render",
    BIDIRECTIONAL: "it hears a whole piece before it plays: liveband render --bidirectional",
    BASELINE: "it names codes: play it with liveband run or liveband render",
}
"""What a checkpoint can be, and what to do with each; tables keep this order."""


def own_checkpoints() -> Path:
    """Return the user's own folder of checkpoints; it need not exist."""
    return data_folder() / "checkpoints"


def checkpoint_names() -> tuple[str, ...]:
    """Return the names of all checkpoints that have one, the shipped ones first."""
    return tuple(dict.fromkeys((*_names_in(SHIPPED), *_names_in(own_checkpoints()))))


def named_folder(name: str) -> Path:
    """Return the folder that a name stands for; it need not exist."""
    shipped, own = SHIPPED / name, own_checkpoints()
    return shipped if (shipped / CONFIG).is_file() else find_named(own, name) or own / name


def existing_folder(name_or_path: str) -> Path | None:
    """Return the folder of a checkpoint by its path or, failing that, its name; else None."""
    for folder in (Path(name_or_path).expanduser(), named_folder(name_or_path)):
        if (folder / CONFIG).is_file():
            return folder
    return None


def find_folder(where: str | Path | None) -> Path:
    """Return the folder of a checkpoint.

    Args:
        where: Folder, or one of :func:`checkpoint_names`, either also with an anticipation,
            ``NAME-1s``; the default one if None.

    Raises:
        UnknownCheckpointError: There is none, or it does not play at that anticipation; the
            message lists what there is.
        CheckpointError: Its config is damaged.
    """
    wanted = str(where or DEFAULT)
    found = find_spelled(wanted)
    if found is None:
        raise UnknownCheckpointError(unknown_checkpoint(wanted, checkpoint_names()))
    folder, start_s = found
    if start_s is not None:
        _check_start(folder, start_s)
    return folder


def find_spelled(name_or_path: str) -> tuple[Path, float | None] | None:
    """Return the folder of a checkpoint, and the anticipation at the end of its name.

    Args:
        name_or_path: See :func:`find_folder`.

    Returns:
        The folder, and seconds, None where the name says none; None where there is no folder.
    """
    for name, start_s in ((name_or_path, None), split_start(name_or_path)):
        folder = existing_folder(name)
        if folder is not None:
            return folder, start_s
    return None


def unknown_checkpoint(name_or_path: str, choices: Sequence[str]) -> str:
    """Return what to say of a checkpoint that is not there, with what may have been meant.

    Args:
        name_or_path: As it was asked for.
        choices: Names that can be asked for.
    """
    named = f"one of {', '.join(choices)}" if choices else "the name of one"
    hint = meant_name(name_or_path, choices)
    return (
        f"no checkpoint {name_or_path!r}: it is neither a folder with a {CONFIG} nor {named} "
        f"(shipped, or in {own_checkpoints()}); "
        + (hint or "make one with 'liveband train', or leave it out")
    )


def _check_start(folder: Path, start_s: float) -> None:
    """Check that a checkpoint plays at the anticipation in its name.

    Raises:
        UnknownCheckpointError: It does not.
        CheckpointError: Its config is damaged.
    """
    config = read_config(folder)
    require_generator(folder, config)
    try:
        anticipations = [*map(int, config["generator"].get("anticipations", ()))]
        rate_hz = config["autoencoder"]["sample_rate"] / config["autoencoder"]["hop"]
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise CheckpointError(
            f"{folder / CONFIG} does not say at which anticipations it plays ({error!r}); get "
            "it again"
        ) from error
    if start_hops(anticipations, start_s, rate_hz) is None:
        raise UnknownCheckpointError(unmet_start(folder.name, anticipations, start_s, rate_hz))


def _names_in(folder: Path) -> list[str]:
    found = sorted(path.parent.name for path in folder.glob(f"*/{CONFIG}"))
    return [composed(name) for name in found if is_plain_name(name)]


def read_config(folder: Path) -> dict[str, Any]:
    """Return what a checkpoint's ``config.json`` says.

    Raises:
        CheckpointError: It is damaged, incomplete or of another format.
    """
    file = folder / CONFIG
    config = _read_json(file)
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        found = config.get("format") if isinstance(config, dict) else None
        raise CheckpointError(
            f"{file} has format {found!r}, this version reads {FORMAT}; get a matching one"
        )
    for key in ("autoencoder", "generator", "weights_sha256"):
        if key not in config:
            raise CheckpointError(f"{file} lacks {key!r}; get it again")
    return config


def stated_kind(folder: Path) -> str | None:
    """Return the kind that a ``config.json`` states, be the rest damaged; None without one."""
    try:
        config = _read_json(folder / CONFIG)
    except CheckpointError:
        return None
    return str(config.get("kind", LIVEBAND)) if isinstance(config, dict) else None


def _read_json(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CheckpointError(f"{file} cannot be read: {error}; get it again") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{file} is not valid JSON: {error}; get it again") from error


def likely_grooves(config: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the grooves that suit unknown music, by stem class, the likeliest first.

    They are chosen by measurement, after a training; a checkpoint may say nothing of them.

    Raises:
        CheckpointError: One is none of its generator's grooves.
    """
    known = config.get("generator", {}).get("grooves", ())
    told = {
        stem: tuple(map(str, each)) for stem, each in config.get("likely_grooves", {}).items()
    }
    unknown = sorted({groove for each in told.values() for groove in each} - {*known})
    if unknown:
        raise CheckpointError(f"likely_grooves names {unknown}, which the checkpoint lacks")
    return told


def write_config(folder: Path, config: dict[str, Any]) -> None:
    """Write a checkpoint's ``config.json`` atomically.

    Args:
        folder: Must exist.
        config: Anything JSON can hold.

    Raises:
        OSError: It cannot be written.
    """
    write_atomically(folder / CONFIG, _as_text(config))


def write_checkpoint(folder: Path, weights: bytes, config: dict[str, Any]) -> None:
    """Write the weights of a checkpoint and its ``config.json``, which fit each other.

    Args:
        folder: Must exist.
        weights: Content of the file of weights.
        config: Anything JSON can hold; ``weights_sha256`` is added.

    Raises:
        OSError: They cannot be written; a checkpoint that was there stays.
    """
    facts = {**config, "weights_sha256": hashlib.sha256(weights).hexdigest()}
    write_together({folder / WEIGHTS: weights, folder / CONFIG: _as_text(facts).encode()})


def _as_text(config: dict[str, Any]) -> str:
    return json.dumps(config, indent=2) + "\n"


def kind_of(config: dict[str, Any]) -> str:
    """Return which of :data:`KINDS` a checkpoint is; those that do not say are LiveBand's.

    Raises:
        CheckpointError: This version does not know the kind.
    """
    kind = str(config.get("kind", LIVEBAND))
    if kind not in KINDS:
        raise CheckpointError(
            f"this checkpoint is of the kind {kind!r}, this version knows {', '.join(KINDS)}; "
            "get a newer version"
        )
    return kind


def require_generator(folder: Path, config: dict[str, Any]) -> None:
    """Check that a checkpoint is more than an autoencoder.

    Raises:
        CheckpointError: It has no generator.
    """
    if config["generator"] is None:
        raise CheckpointError(
            f"checkpoint {folder} has no generator; train one: liveband train"
        )


@contextmanager
def errors_of_networks(folder: Path) -> Iterator[None]:
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


def verified_weights(folder: Path, config: dict[str, Any]) -> Path:
    """Return the file of a checkpoint's weights, which is as it was when it was written.

    Raises:
        CheckpointError: It is missing or damaged.
    """
    file = folder / WEIGHTS
    if not file.exists():
        raise CheckpointError(f"checkpoint {folder} has no {WEIGHTS}; get it again")
    if digest(file) != config["weights_sha256"]:
        raise CheckpointError(
            f"{file} is damaged: its SHA-256 is not the one in {CONFIG}; get it again"
        )
    return file


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
