"""The folder of a checkpoint: where it lies, and whether it is whole. Reads no weights."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from model.errors import CheckpointError

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
    "digest",
    "find_folder",
    "kind_of",
    "likely_grooves",
    "read_facts",
    "sound_weights",
    "write_facts",
]

FORMAT = 1
"""Version of the folder's layout; a reader refuses any other."""
SHIPPED = Path(__file__).parent / "checkpoints"
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


def find_folder(where: str | Path | None) -> Path:
    """Return the folder of a checkpoint.

    Args:
        where: Folder, or name of a folder in :data:`SHIPPED`; the default one if None.

    Raises:
        CheckpointError: There is none; the message lists those there are.
    """
    for folder in (Path(where or DEFAULT), SHIPPED / str(where or DEFAULT)):
        if (folder / CONFIG).exists():
            return folder
    shipped = sorted(p.parent.name for p in SHIPPED.glob(f"*/{CONFIG}"))
    raise CheckpointError(
        f"no checkpoint {str(where or DEFAULT)!r}: neither a folder with a {CONFIG} nor one "
        f"of the shipped ones ({', '.join(shipped) or 'none'}); train one: liveband train"
    )


def read_facts(folder: Path) -> dict[str, Any]:
    """Return what a checkpoint's ``config.json`` says.

    Raises:
        CheckpointError: It is damaged, incomplete or of another format.
    """
    file = folder / CONFIG
    try:
        facts = json.loads(file.read_text())
    except OSError as error:
        raise CheckpointError(f"{file} cannot be read: {error}; get it again") from error
    except (ValueError, RecursionError) as error:
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


def likely_grooves(facts: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the grooves that suit unknown music, by stem class, the likeliest first.

    They are chosen by measurement, after a training; a checkpoint may say nothing of them.

    Raises:
        CheckpointError: One is none of its generator's grooves.
    """
    known = facts.get("generator", {}).get("grooves", ())
    told = {
        stem: tuple(map(str, each)) for stem, each in facts.get("likely_grooves", {}).items()
    }
    unknown = sorted({groove for each in told.values() for groove in each} - {*known})
    if unknown:
        raise CheckpointError(f"likely_grooves names {unknown}, which the checkpoint lacks")
    return told


def write_facts(folder: Path, facts: dict[str, Any]) -> None:
    """Write a checkpoint's ``config.json``, whole or not at all.

    Args:
        folder: Must be there.
        facts: Anything JSON can hold.
    """
    unfinished = folder / f".{CONFIG}.part"
    try:
        unfinished.write_text(json.dumps(facts, indent=2) + "\n")
        unfinished.replace(folder / CONFIG)
    finally:
        unfinished.unlink(missing_ok=True)


def kind_of(facts: dict[str, Any]) -> str:
    """Return which of :data:`KINDS` a checkpoint is; those that do not say are LiveBand's.

    Raises:
        CheckpointError: This version does not know the kind.
    """
    kind = str(facts.get("kind", LIVEBAND))
    if kind not in KINDS:
        raise CheckpointError(
            f"this checkpoint is of the kind {kind!r}, this version knows {', '.join(KINDS)}; "
            "get a newer version"
        )
    return kind


def sound_weights(folder: Path, facts: dict[str, Any]) -> Path:
    """Return the file of a checkpoint's weights, which is as it was when it was written.

    Raises:
        CheckpointError: It is missing or damaged.
    """
    file = folder / WEIGHTS
    if not file.exists():
        raise CheckpointError(f"checkpoint {folder} has no {WEIGHTS}; get it again")
    if digest(file) != facts["weights_sha256"]:
        raise CheckpointError(
            f"{file} is damaged: its SHA-256 is not the one in {CONFIG}; get it again"
        )
    return file


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
