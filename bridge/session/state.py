"""The state of a live session: every control in one file, the banks in others beside it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from bridge.common.atomic_files import write_user_file
from bridge.common.errors import ConfigError, FailureCode, RefusedError
from bridge.controls.parameters import Table, Value
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.engine.bank_files import copy_banks, modification_times
from bridge.state.presets.file_format import parse_preset, preset_toml

__all__ = ["BANKS_FOLDER", "SessionState", "read_state"]

_FILE = "controls.toml"
BANKS_FOLDER = "banks"
"""Where a session keeps its banks, within its own folder."""


def read_state(folder: Path, table: Table) -> dict[ControlKey, Value]:
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
        raise RefusedError(f"{path} cannot be read: {error}", FailureCode.FILE) from error
    try:
        values, _ = parse_preset(text, table)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    return values


class SessionState:
    """Keeps the controls of a band in a folder.

    Args:
        store: Whose controls.
        folder: Where; made when first saved.
        banks: Folder of the band's banks, which the session takes along.
        look: Has the engine hold what there are files of in that folder.
    """

    def __init__(
        self,
        store: ControlStore,
        folder: Path,
        banks: Path,
        look: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._folder = folder
        self._banks = banks
        self._look = look
        self._kept = self._values(), modification_times(banks)

    @property
    def dirty(self) -> bool:
        """Whether a control was moved, or a bank changed, since it was saved."""
        return (self._values(), modification_times(self._banks)) != self._kept

    async def read(self, folder: Path) -> dict[ControlKey, Value]:
        """Return every value of another session; what it has not saved has its default.

        Raises:
            ConfigError: The file there has a mistake.
            RefusedError: Code 9, it cannot be read.
        """
        table = self._store.controls.table
        saved = await asyncio.to_thread(read_state, folder, table)
        return {key: table[key.name].default for key in table.control_keys()} | saved

    async def move(self, folder: Path, values: Mapping[ControlKey, Value]) -> None:
        """Put another session into force, and forget what was heard in this one.

        Args:
            folder: Where it is kept; made when first saved.
            values: Of every control.

        Raises:
            RefusedError: A control was refused; the others are in force.
        """
        self._folder = folder
        await asyncio.to_thread(copy_banks, folder / BANKS_FOLDER, self._banks)
        await self._look()
        failures = await self._store.set_together(values)
        await self._store.fire(ControlKey(1, "reset"))
        self._kept = self._values(), modification_times(self._banks)
        for key, failure in failures.items():
            raise RefusedError(f"{key}: {failure}") from failure

    async def save(self) -> None:
        """Write every control, and the banks beside them.

        Raises:
            RefusedError: Code 9, a file cannot be written.
        """
        values, banks = self._values(), modification_times(self._banks)
        await asyncio.to_thread(write_user_file, self._folder / _FILE, preset_toml(values))
        await asyncio.to_thread(copy_banks, self._banks, self._folder / BANKS_FOLDER)
        self._kept = values, banks

    def _values(self) -> dict[ControlKey, Value]:
        return {key: self._store.value(key) for key, _ in self._store.rows}
