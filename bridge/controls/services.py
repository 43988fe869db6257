"""Registry of what stands behind the rows of the parameter table, and behind the commands."""

from collections.abc import Callable, Coroutine, Iterable, Mapping

from bridge.common.errors import ConfigError
from bridge.controls.controls import Controls
from bridge.controls.parameters import Kind, Table
from bridge.controls.table import ControlKey
from bridge.controls.target import (
    IN_FORCE,
    CommandHandler,
    Position,
    Reader,
    Trigger,
    WaitingParts,
)

__all__ = ["Services"]

Apply = Callable[[Controls, frozenset[ControlKey]], Coroutine[object, object, WaitingParts]]


class Services:
    """Implements ``ControlTarget`` with what the parts of the program were registered for.

    Args:
        apply: Puts changed values into force; see ``ControlTarget.apply``.
        position: Tells where the audio host is; see ``ControlTarget.position``.
    """

    def __init__(self, apply: Apply, position: Callable[[], Position | None]) -> None:
        self.apply = apply
        self.position = position
        self.commands: dict[str, CommandHandler] = {}
        self.readings: dict[str, Reader] = {}
        self.triggers: dict[str, Trigger] = {}
        self.consumers: dict[str, list[str]] = {}
        """Parts that carry out, tell or heed something, by its name."""

    def add(
        self,
        part: str,
        *,
        controls: Iterable[str] = (),
        triggers: Mapping[str, Trigger] | None = None,
        readings: Mapping[str, Reader] | None = None,
        commands: Mapping[str, CommandHandler] | None = None,
    ) -> None:
        """Register a part of the program.

        Args:
            part: Name of it, for messages.
            controls: Controls that it heeds; several parts may heed the same.
            triggers: What it carries out, by name of the row.
            readings: What it tells, by name of the row.
            commands: What it carries out, by path below the root.

        Raises:
            ConfigError: Another part carries out or tells one of these already.
        """
        triggers, readings, commands = triggers or {}, readings or {}, commands or {}
        for name in (*triggers, *readings, *commands):
            if name in self.consumers:
                raise ConfigError(f"{part}: {name} is {self.consumers[name][0]}'s already")
        for name in (*controls, *triggers, *readings, *commands):
            self.consumers.setdefault(name, []).append(part)
        self.triggers |= triggers
        self.readings |= readings
        self.commands |= commands

    async def fire(self, key: ControlKey, controls: Controls) -> WaitingParts:
        """Carry out a trigger and return when it is taken; see ``ControlTarget.fire``."""
        trigger = self.triggers[key.name]
        return await trigger(key.player, controls.of(key.player)) or IN_FORCE

    def check(self, table: Table) -> None:
        """Check that every row of the table has something behind it, and the other way round.

        Raises:
            ConfigError: A row would do nothing, or a part is registered for a row that is
                not there.
        """
        triggers, readings = set(self.triggers), set(self.readings)
        registered = {Kind.TRIGGER: triggers, Kind.READING: readings}
        controls = set(self.consumers) - triggers - readings
        idle = [row.name for row in table if row.name not in registered.get(row.kind, controls)]
        if idle:
            raise ConfigError(
                f"no part of the program is registered for {', '.join(idle)}; see "
                "bridge.app.compose"
            )
        absent = self.consumers.keys() - self.commands.keys() - table.by_name.keys()
        if absent:
            raise ConfigError(f"the parameter table has no row {', '.join(sorted(absent))}")
