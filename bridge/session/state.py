"""Saved state of an NSM session: one file with every control, and the banks beside it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from bridge.common.errors import RefusedError
from bridge.common.remembered_files import RememberedFiles
from bridge.controls.parameters import Table, Value
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.engine.bank_files import adopt_banks, copy_banks, modification_times
from bridge.state.presets.file_format import PresetContents, parse_preset, preset_toml

__all__ = ["BANKS_FOLDER", "SessionState", "read_state"]

_FILE = "controls.toml"
BANKS_FOLDER = "banks"
"""Subfolder of a session with its banks."""


def read_state(
    folder: Path, table: Table, files: RememberedFiles
) -> Mapping[ControlKey, Value]:
    """Return the values that a session was saved with; none for a new one.

    Args:
        folder: Of the session.
        table: The controls.
        files: Sets a file aside that cannot be used, and notes what does not fit the controls.
    """
    parse = partial(parse_preset, table=table)
    return files.read(folder / _FILE, parse, PresetContents({})).values


class SessionState:
    """Saves the controls and banks of a band in the folder of a session.

    Args:
        store: Controls of the band.
        folder: Folder of the session; made when first saved.
        banks: Folder of the band's banks.
        reload_banks: Makes the engine read that folder again.
        files: Knows what could not be used; one of its own where none is given.
    """

    def __init__(
        self,
        store: ControlStore,
        folder: Path,
        banks: Path,
        reload_banks: Callable[[], Awaitable[None]],
        files: RememberedFiles | None = None,
    ) -> None:
        self._store = store
        self._folder = folder
        self._banks = banks
        self._reload_banks = reload_banks
        self._files = files or RememberedFiles()
        self._saved = self._values(), modification_times(banks)

    @property
    def dirty(self) -> bool:
        """Whether a control or a bank has changed since the last saving."""
        return (self._values(), modification_times(self._banks)) != self._saved

    @property
    def files(self) -> RememberedFiles:
        """Knows what of the sessions could not be used."""
        return self._files

    async def read(self, folder: Path) -> dict[ControlKey, Value]:
        """Return every value of another session; those not saved have their defaults.

        So have those that cannot be read, which the files then know.
        """
        table = self._store.controls.table
        saved = await asyncio.to_thread(read_state, folder, table, self._files)
        return {key: table[key.name].default for key in table.control_keys()} | dict(saved)

    async def switch_to(self, folder: Path, values: Mapping[ControlKey, Value]) -> None:
        """Apply another session, and forget what was heard in this one.

        What waits for the beat by the session's ``quantize`` comes into force at its time.

        Args:
            folder: Folder of that session; made when first saved.
            values: Values of every control.

        Raises:
            RefusedError: A control was refused; the others are in force.
        """
        self._folder = folder
        await asyncio.to_thread(adopt_banks, folder / BANKS_FOLDER, self._banks, self._files)
        await self._reload_banks()
        failures = await self._store.hand_over(values)
        await self._store.start(ControlKey(1, "reset"))
        self._saved = self._values(), modification_times(self._banks)
        for key, failure in failures.items():
            raise RefusedError(f"{key}: {failure}") from failure

    async def save(self) -> None:
        """Write every control, and the banks.

        Raises:
            RefusedError: Code 9, a file cannot be written.
        """
        values, banks = self._values(), modification_times(self._banks)
        parse = partial(parse_preset, table=self._store.controls.table)
        await asyncio.to_thread(
            self._files.replace, self._folder / _FILE, preset_toml(values), parse
        )
        await asyncio.to_thread(copy_banks, self._banks, self._folder / BANKS_FOLDER)
        self._saved = values, banks

    def _values(self) -> dict[ControlKey, Value]:
        return {key: self._store.value(key) for key, _ in self._store.rows}
