"""The state of a live session: every control, kept in one file and put back from it."""

import asyncio
from pathlib import Path

from bridge.desk import Desk
from bridge.errors import ConfigError, RefusedError
from bridge.keep import CODE_FILE, write_whole
from bridge.parameters import Table, Value
from bridge.presets.text import parse, text_of

__all__ = ["SessionState", "read_state"]

_FILE = "controls.toml"


def read_state(folder: Path, table: Table) -> dict[str, Value]:
    """Return the values that a session was saved with; none of a new one.

    Raises:
        ConfigError: The file has a mistake, which the message names.
        RefusedError: Code 9, it cannot be read.
    """
    path = folder / _FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"{path} cannot be read: {error}", CODE_FILE) from error
    try:
        values, _ = parse(text, table)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    return values


class SessionState:
    """Keeps the controls of a desk in a folder.

    Args:
        desk: Whose controls.
        folder: Where; made when first saved.
    """

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._folder = folder
        self._kept = self._values()

    @property
    def dirty(self) -> bool:
        """Whether a control was moved since it was saved."""
        return self._values() != self._kept

    async def save(self) -> None:
        """Write every control.

        Raises:
            RefusedError: Code 9, the file cannot be written.
        """
        values = self._values()
        await asyncio.to_thread(write_whole, self._folder / _FILE, text_of(values))
        self._kept = values

    def _values(self) -> dict[str, Value]:
        controls = self._desk.controls
        return {row.name: controls[row.name] for row in controls.table.controls}
