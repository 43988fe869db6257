"""Every file that is made from the parameter table, by its path from the root."""

from collections.abc import Mapping
from pathlib import Path

from bridge.controls.parameters import PARAMETERS, Table
from tools.surfaces import (
    max_package,
    open_stage,
    pd,
    pictures,
    reaper,
    supercollider,
    touchosc,
)

__all__ = ["SURFACES", "made", "stale"]

SURFACES = (max_package, open_stage, pd, pictures, reaper, supercollider, touchosc)
"""Modules that each make the files of one surface: ``files(table)``."""


def made(table: Table = PARAMETERS) -> Mapping[str, bytes]:
    """Return the content of each file, always the same for the same table."""
    contents: dict[str, str | bytes] = {}
    for surface in SURFACES:
        contents |= surface.files(table)
    return {
        path: content if isinstance(content, bytes) else content.encode()
        for path, content in sorted(contents.items())
    }


def stale(root: Path, table: Table = PARAMETERS) -> list[str]:
    """Return the paths whose files are missing or say something else."""
    return [
        path
        for path, content in made(table).items()
        if not (root / path).is_file() or (root / path).read_bytes() != content
    ]
