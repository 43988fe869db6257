"""Access of MIDI devices to the control store: calls return at once, errors are logged."""

import logging
from collections.abc import Callable, Coroutine

from bridge.common.background import BackgroundTasks, TaskErrors
from bridge.controls.parameters import Table, Value
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey

__all__ = ["ProgramHook", "StoreAccess"]

logger = logging.getLogger(__name__)

ProgramHook = Callable[[int, int], Coroutine[object, object, None]]
"""Loads the preset of a bank 0..16383 and a program 0..127."""

MAX_UNDER_WAY = 1000
"""Most changes under way; further ones are dropped and counted."""


class StoreAccess:
    """Implements ``bridge.midi.router.ControlAccess`` with the control store and its loop.

    Args:
        store: The controls to change.
        on_program: Loads presets; None if there are none.
        errors: Told what a change raises.
    """

    def __init__(
        self, store: ControlStore, on_program: ProgramHook | None, errors: TaskErrors
    ) -> None:
        self._store = store
        self._on_program = on_program
        self._under_way = BackgroundTasks(errors)
        self.dropped = 0
        """Changes dropped because too many were under way."""

    @property
    def table(self) -> Table:
        """The controls there are."""
        return self._store.controls.table

    def value(self, key: ControlKey) -> Value:
        """Return the value of a control."""
        return self._store.value(key)

    def set(self, key: ControlKey, value: Value) -> None:
        """Set a control."""
        if self._has_room():
            self._under_way.start(f"MIDI {key}", self._store.set(key, value))

    def fire(self, key: ControlKey) -> None:
        """Fire a trigger."""
        if self._has_room() or key.name == "panic":
            self._under_way.start(f"MIDI {key}", self._store.fire(key))

    def program(self, bank: int, number: int) -> None:
        """Choose a preset."""
        if self._on_program is None:
            logger.info("program %d of bank %d: there are no presets here", number, bank)
        elif self._has_room():
            self._under_way.start("MIDI program", self._on_program(bank, number))

    async def finish(self) -> None:
        """Wait for everything under way."""
        await self._under_way.finish()

    def close(self) -> None:
        """Cancel everything under way."""
        self._under_way.cancel()

    def _has_room(self) -> bool:
        room = len(self._under_way) < MAX_UNDER_WAY
        self.dropped += not room
        return room
