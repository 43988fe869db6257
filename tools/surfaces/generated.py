"""All generated files, by their paths from the root of the repository."""

from collections.abc import Mapping
from pathlib import Path

from bridge.controls.parameters import PARAMETERS, Table
from tools.surfaces import (
    browser,
    clap,
    lv2,
    max_package,
    open_stage,
    pd,
    pictures,
    plugin_controls,
    reaper,
    supercollider,
    touchosc,
)

__all__ = ["SURFACES", "generated_files", "outdated_files"]

SURFACES = (
    browser,
    clap,
    lv2,
    max_package,
    open_stage,
    pd,
    pictures,
    plugin_controls,
    reaper,
    supercollider,
    touchosc,
)
"""Modules that each make the files of one surface: ``files(table)``."""


def generated_files(table: Table = PARAMETERS) -> Mapping[str, bytes]:
    """Return the content of each file; the same for the same table."""
    contents: dict[str, str | bytes] = {}
    for surface in SURFACES:
        contents |= surface.files(table)
    return {
        path: content if isinstance(content, bytes) else content.encode()
        for path, content in sorted(contents.items())
    }


def outdated_files(root: Path, table: Table = PARAMETERS) -> list[str]:
    """Return the paths of files that are missing or differ."""
    return [
        path
        for path, content in generated_files(table).items()
        if not (root / path).is_file() or (root / path).read_bytes() != content
    ]
