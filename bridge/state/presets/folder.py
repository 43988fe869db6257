"""The folder of presets: listing, loading, saving and deleting."""

import logging
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from bridge.common.atomic_files import natural_order, plain_name, write_user_file
from bridge.common.errors import FailureCode, RefusedError
from bridge.controls.parameters import Table, Value
from bridge.controls.table import ControlKey
from bridge.state.presets.file_format import preset_toml, read_preset
from model.formats.atomic_files import is_plain_name

__all__ = ["PresetFolder"]

logger = logging.getLogger(__name__)

_SUFFIX = ".toml"


class PresetFolder:
    """Presets by name, one file each. Every method may wait for the disk.

    Args:
        folder: Made when the first preset is saved.
        table: The controls.
    """

    def __init__(self, folder: Path, table: Table) -> None:
        self.folder = folder
        self._table = table

    def use_table(self, table: Table) -> None:
        """Read presets with another table of controls from now on."""
        self._table = table

    def names(self) -> tuple[str, ...]:
        """Return the names of all presets in natural order; MIDI program 0 is the first."""
        found = (path.stem for path in self.folder.glob(f"*{_SUFFIX}") if path.is_file())
        return tuple(sorted(filter(is_plain_name, found), key=natural_order))

    def load(self, name: str) -> dict[ControlKey, Value]:
        """Return the values of a preset.

        Raises:
            RefusedError: Code 9, there is no such preset, or it cannot be read.
            ConfigError: Its text is wrong; the message names file, key and what to write.
        """
        path = self._path(name)
        try:
            values, notices = read_preset(path, self._table)
        except FileNotFoundError:
            raise RefusedError(self._not_found(name), FailureCode.FILE) from None
        for notice in notices:
            logger.warning("%s: %s", path, notice)
        return values

    def save(self, name: str, values: Mapping[ControlKey, Value]) -> None:
        """Write a preset, over one of that name.

        Raises:
            RefusedError: Code 9, the name is a path, or the file cannot be written.
        """
        write_user_file(self._path(name), preset_toml(values))

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

    def _path(self, name: str) -> Path:
        return self.folder / f"{plain_name(name)}{_SUFFIX}"

    def _not_found(self, name: str) -> str:
        known = self.names()
        near = get_close_matches(name, known, 1)
        if near:
            hint = f"did you mean {near[0]!r}?"
        elif known:
            hint = f"there are {', '.join(known)}"
        else:
            hint = "none has been saved yet, see /liveband/preset/save"
        return f"no preset {name!r} in {self.folder}; {hint}"
