"""The state of a live session: every control in one file, the banks in others beside it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from bridge.common.atomic_files import write_whole
from bridge.common.errors import ConfigError, FailureCode, RefusedError
from bridge.controls.parameters import Table, Value
from bridge.controls.store import ControlStore
from bridge.engine.bank_files import modification_times, copy_banks
from bridge.state.presets.file_format import parse, text_of

__all__ = ["BANKS_FOLDER", "SessionState", "read_state"]

_FILE = "controls.toml"
BANKS_FOLDER = "banks"
"""Where a session keeps its banks, within its own folder."""


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
        raise RefusedError(f"{path} cannot be read: {error}", FailureCode.FILE) from error
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
        banks: Folder of the band's banks, which the session takes along.
        look: Has the engine hold what there are files of in that folder.
    """

    def __init__(
        self, desk: ControlStore, folder: Path, banks: Path, look: Callable[[], Awaitable[None]]
    ) -> None:
        self._desk = desk
        self._folder = folder
        self._banks = banks
        self._look = look
        self._kept = self._values(), modification_times(banks)

    @property
    def dirty(self) -> bool:
        """Whether a control was moved, or a bank changed, since it was saved."""
        return (self._values(), modification_times(self._banks)) != self._kept

    async def read(self, folder: Path) -> dict[str, Value]:
        """Return every value of another session; what it has not saved has its default.

        Raises:
            ConfigError: The file there has a mistake.
            RefusedError: Code 9, it cannot be read.
        """
        table = self._desk.controls.table
        saved = await asyncio.to_thread(read_state, folder, table)
        return {row.name: row.default for row in table.controls} | saved

    async def move(self, folder: Path, values: Mapping[str, Value]) -> None:
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
        failures = await self._desk.set_together(values)
        await self._desk.fire("reset")
        self._kept = self._values(), modification_times(self._banks)
        for name, failure in failures.items():
            raise RefusedError(f"{name}: {failure}") from failure

    async def save(self) -> None:
        """Write every control, and the banks beside them.

        Raises:
            RefusedError: Code 9, a file cannot be written.
        """
        values, banks = self._values(), modification_times(self._banks)
        await asyncio.to_thread(write_whole, self._folder / _FILE, text_of(values))
        await asyncio.to_thread(copy_banks, self._banks, self._folder / BANKS_FOLDER)
        self._kept = values, banks

    def _values(self) -> dict[str, Value]:
        return {name: self._desk.value(name) for name, _ in self._desk.rows}
