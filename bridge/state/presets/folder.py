"""The folder of presets: listing, loading, saving and deleting."""

import logging
import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from bridge.common.atomic_files import natural_order, plain_name
from bridge.common.errors import FailureCode, RefusedError
from bridge.common.remembered_files import Parsed, RememberedFiles
from bridge.controls.parameters import Table, Value
from bridge.controls.table import ControlKey
from bridge.state.presets.file_format import PresetContents, parse_preset, preset_toml
from model.formats.names import composed, entries_in, find_named, is_plain_name

__all__ = ["PresetFolder"]

logger = logging.getLogger(__name__)

_SUFFIX = ".toml"


class PresetFolder:
    """Presets by name, one file each. Every method may wait for the disk.

    Args:
        folder: Made when the first preset is saved.
        table: The controls.
        files: Knows what could not be used; one of its own where none is given.
    """

    def __init__(
        self, folder: Path, table: Table, files: RememberedFiles | None = None
    ) -> None:
        self.folder = folder
        self._table = table
        self._files = files or RememberedFiles()

    def use_table(self, table: Table) -> None:
        """Read presets with another table of controls from now on."""
        self._table = table

    def names(self) -> tuple[str, ...]:
        """Return the names of all presets in natural order; MIDI program 0 is the first."""
        found = {
            composed(path.stem)
            for path in entries_in(self.folder)
            if path.suffix == _SUFFIX and os.path.isfile(path)  # noqa: PTH113 - never raises
        }
        return tuple(sorted(filter(is_plain_name, found), key=natural_order))

    def load(self, name: str) -> Mapping[ControlKey, Value]:
        """Return the values of a preset.

        Raises:
            RefusedError: Code 9, there is no such preset, or it cannot be read; what cannot
                be read is set aside.
            ConfigError: An entry of it is wrong; the message names file, key and what to write.
        """
        path = self._path(name)
        try:
            contents = self._files.read_all(path, self._parse)
        except FileNotFoundError:
            raise RefusedError(self._not_found(name), FailureCode.FILE) from None
        _log(path, contents)
        return contents.values

    def load_what_fits(self, name: str) -> Mapping[ControlKey, Value] | None:
        """Return what can be used of a preset, to begin with; None where there is none of it.

        What is missing or wrong is noted by the files, and does not keep us from playing.

        Raises:
            RefusedError: Code 9, it is no name.
        """
        path = self._path(name)
        if not os.path.lexists(path):
            self._files.note(self._not_found(name))
        contents = self._files.read(path, self._parse, None)
        if contents is None:
            return None
        _log(path, contents)
        return contents.values

    def save(self, name: str, values: Mapping[ControlKey, Value]) -> None:
        """Write a preset, over one of that name.

        One of that name that cannot be used is set aside first.

        Raises:
            RefusedError: Code 9, it is no name, or the file cannot be written.
        """
        self._files.replace(self._path(name), preset_toml(values), self._parse)

    def delete(self, name: str) -> None:
        """Remove a preset.

        Raises:
            RefusedError: Code 9, there is no such preset, or it cannot be removed.
        """
        path = self._path(name)
        try:
            path.unlink()
        except FileNotFoundError:
            raise RefusedError(self._not_found(name), FailureCode.FILE) from None
        except OSError as error:
            text = f"{path} cannot be removed: {error.strerror}"
            raise RefusedError(text, FailureCode.FILE) from error

    def _parse(self, text: str) -> Parsed[PresetContents]:
        return parse_preset(text, self._table)

    def _path(self, name: str) -> Path:
        entry = f"{plain_name(name)}{_SUFFIX}"
        return find_named(self.folder, entry) or self.folder / entry

    def _not_found(self, name: str) -> str:
        name, known = composed(name), self.names()
        near = get_close_matches(name, known, 1)
        if near:
            hint = f"did you mean {near[0]!r}?"
        elif known:
            hint = f"there are {', '.join(known)}"
        else:
            hint = "none has been saved yet, see /liveband/preset/save"
        return f"no preset {name!r} in {self.folder}; {hint}"


def _log(path: Path, contents: PresetContents) -> None:
    for notice in contents.notices:
        logger.warning("%s: %s", path, notice)
