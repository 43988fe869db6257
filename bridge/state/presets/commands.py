"""Commands that list, load, save, delete and step through presets while the band plays."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass

from bridge.common.atomic_files import plain_name
from bridge.common.errors import (
    BridgeError,
    FailureCode,
    ParameterError,
    RefusedError,
    SupersededError,
)
from bridge.controls.parameters import Value
from bridge.controls.readings import PresetReading
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.controls.target import CommandHandler, Reply, done
from bridge.state.presets.folder import PresetFolder
from model.formats.names import composed

__all__ = ["PresetCommands"]

logger = logging.getLogger(__name__)

_PROGRAMS = 128
_UNNAMED = "last"


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A preset as it was when it was loaded or saved."""

    name: str
    values: Mapping[ControlKey, Value]


class PresetCommands:
    """Moves presets between their folder and the control store.

    Files are read and written on a thread, one at a time and in the order asked for.

    Args:
        store: Controls to set and to save.
        folder: The presets.
    """

    def __init__(self, store: ControlStore, folder: PresetFolder) -> None:
        self._store = store
        self._folder = folder
        self._loaded = _Loaded("", {})
        self._lock = asyncio.Lock()
        self.commands: Mapping[str, CommandHandler] = {
            "preset/list": self._list,
            "preset/load": self._load,
            "preset/select": self._select,
            "preset/save": self._save,
            "preset/delete": self._delete,
            "preset/next": self._next,
            "preset/prev": self._prev,
        }
        """For ``ControlTarget.commands``."""

    @property
    def reading(self) -> PresetReading:
        """The preset that is on, and whether a control was moved since."""
        store, loaded = self._store, self._loaded
        moved = any(store.value(key) != value for key, value in loaded.values.items())
        return PresetReading(name=loaded.name, modified=moved)

    def mark_loaded(self, name: str, values: Mapping[ControlKey, Value]) -> None:
        """Set the preset that the program was started with."""
        self._loaded = _Loaded(composed(name), dict(values))

    async def load(self, name: str) -> str:
        """Set the controls as a preset says, all in one step; return its name as listed.

        Raises:
            RefusedError: Code 9, there is no such preset, or it cannot be read.
            ConfigError: An entry of it is wrong. Nothing was changed then.
            ParameterError: The band refused some of it; the message says what.
        """
        listed = plain_name(name)
        async with self._lock:
            change = self._begin(listed, await self._read(listed))
        await change
        return listed

    async def select(self, number: int) -> str:
        """Load a preset by its index in the list and return its name.

        Args:
            number: From 0.

        Raises:
            RefusedError: Code 9, there are not that many.
            BridgeError: See ``load``.
        """
        async with self._lock:
            names = await asyncio.to_thread(self._folder.names)
            if not 0 <= number < len(names):
                raise RefusedError(
                    f"no preset {number}: there are {len(names)}, counted from 0",
                    FailureCode.FILE,
                )
            change = self._begin(names[number], await self._read(names[number]))
        await change
        return names[number]

    async def save_current(self) -> None:
        """Save over the preset that is on, or as ``last`` where none is.

        Raises:
            RefusedError: Code 9, the file cannot be written.
        """
        await self._save(self._loaded.name or _UNNAMED)

    async def program_change(self, bank: int, number: int) -> None:
        """Load the preset of a MIDI program change.

        Args:
            bank: 0..16383, of 128 presets each.
            number: 0..127.

        Raises:
            BridgeError: See ``select``.
        """
        await self.select(bank * _PROGRAMS + number)

    async def _step(self, by: int) -> str:
        """Load the next preset in the list, or the one before; the list wraps around.

        One that cannot be read is passed over, so that it keeps nobody from those behind it.
        """
        async with self._lock:
            names = await asyncio.to_thread(self._folder.names)
            if not names:
                text = "there are no presets yet; /liveband/preset/save NAME makes one"
                raise RefusedError(text, FailureCode.FILE)
            if self._loaded.name in names:
                index = names.index(self._loaded.name) + by
            else:
                index = 0 if by > 0 else -1
            for further in range(len(names)):
                name = names[(index + further * by) % len(names)]
                try:
                    values = await self._read(name)
                except BridgeError as error:
                    failure = error
                    logger.warning("passed over: %s", error)
                else:
                    change = self._begin(name, values)
                    break
            else:
                raise failure
        await change
        return name

    async def _read(self, name: str) -> Mapping[ControlKey, Value]:
        return await asyncio.to_thread(self._folder.load, name)

    def _begin(
        self, name: str, values: Mapping[ControlKey, Value]
    ) -> Coroutine[object, object, None]:
        """Show the values of a preset; await the result to have them in force.

        That may take until the beat; the next preset may be begun before.
        """
        change = self._store.set_together(values)
        self._loaded = _Loaded(name, values)
        return self._finish(name, len(values), change)

    async def _finish(
        self,
        name: str,
        count: int,
        change: Coroutine[object, object, Mapping[ControlKey, Exception]],
    ) -> None:
        failures = await change
        if failures and all(isinstance(each, SupersededError) for each in failures.values()):
            later = ", ".join(sorted(map(str, failures)))
            text = f"preset {name!r} waited for the beat, and later changes came first: {later}"
            raise RefusedError(text, FailureCode.SUPERSEDED)
        if failures:
            why = "; ".join(sorted(f"{key}: {error}" for key, error in failures.items()))
            raise ParameterError(
                f"preset {name!r} is on, but {len(failures)} of {count} controls are not: {why}"
            )

    async def _list(self) -> Sequence[Reply]:
        names = await asyncio.to_thread(self._folder.names)
        replies = [("preset/list", (number, name)) for number, name in enumerate(names)]
        return [*replies, done("preset/list", len(names))]

    async def _load(self, name: str) -> Sequence[Reply]:
        return [done("preset/load", await self.load(name))]

    async def _select(self, number: int) -> Sequence[Reply]:
        return [done("preset/select", await self.select(number))]

    async def _next(self) -> Sequence[Reply]:
        return [done("preset/next", await self._step(1))]

    async def _prev(self) -> Sequence[Reply]:
        return [done("preset/prev", await self._step(-1))]

    async def _save(self, name: str | None = None) -> Sequence[Reply]:
        """Save under a name; without one, over the preset that is on."""
        async with self._lock:
            wanted = name or self._loaded.name
            if not wanted:
                raise RefusedError(
                    "no preset is on; give a name to save under", FailureCode.FILE
                )
            listed, store = plain_name(wanted), self._store
            saved = {key: store.value(key) for key, row in store.rows if row.in_presets}
            await asyncio.to_thread(self._folder.save, listed, saved)
            self._loaded = _Loaded(listed, saved)
            return [done("preset/save", listed)]

    async def _delete(self, name: str) -> Sequence[Reply]:
        listed = plain_name(name)
        async with self._lock:
            await asyncio.to_thread(self._folder.delete, listed)
            if self._loaded.name == listed:
                self._loaded = _Loaded("", {})
            return [done("preset/delete", listed)]
