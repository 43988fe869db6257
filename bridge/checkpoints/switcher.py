"""Switching of the model while the band plays, and the commands for it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from bridge.checkpoints.catalogue import live_names, named_capabilities
from bridge.common.errors import ConfigError, EnvironmentMissing, FailureCode, RefusedError
from bridge.controls.capabilities import ModelCapabilities
from bridge.controls.controls import Controls
from bridge.controls.parameters import MAX_PLAYERS, ROOT, Table
from bridge.controls.store import ControlStore
from bridge.controls.target import CommandHandler, Reply, done
from bridge.engine.loader import ModelLoader
from bridge.engine.messages import ModelLoaded
from bridge.protocols import Conditions

__all__ = ["ModelSwitcher"]

_LOAD_S = 120.0
"""Longest wait for a model to be ready, on a slow disk."""

Replace = Callable[[ModelLoader, Callable[[Conditions], Conditions], float], ModelLoaded]
"""Type of ``Supervisor.replace``."""


class ModelSwitcher:
    """Carries out ``model`` and ``model/list``.

    Args:
        store: Takes the choices of the model that plays.
        capabilities: Capabilities of the first model.
        loader: Returns the loader of a checkpoint's folder, or refuses it.
        replace: Makes another engine take over and waits for it.
        note: Called with every player and its controls after a change.
        use_table: Called with the new table of controls after a change.
    """

    def __init__(
        self,
        store: ControlStore,
        capabilities: ModelCapabilities,
        loader: Callable[[str], ModelLoader],
        replace: Replace,
        note: Callable[[int, Controls], None],
        use_table: Sequence[Callable[[Table], None]] = (),
    ) -> None:
        self._store = store
        self.capabilities = capabilities
        """Capabilities of the model that plays."""
        self._loader = loader
        self._replace = replace
        self._note = note
        self._use_table = use_table
        self.commands: Mapping[str, CommandHandler] = {
            "model": self._change,
            "model/list": self._list,
        }
        """For ``ControlTarget.commands``."""

    async def change(self, name: str) -> Mapping[str, str]:
        """Switch to the checkpoint of a name; return once it plays.

        ``NAME-1s`` begins 1 s ahead, else the anticipation in force is kept. A stem, groove
        or anticipation that it does not have becomes its default or nearest.

        Returns:
            Notices about those, by address.

        Raises:
            RefusedError: Code 30, there is none or it cannot play; 6, another change is under
                way. The old model plays on.
        """
        capabilities = await asyncio.to_thread(named_capabilities, name)
        start_s = capabilities.begins_s
        begin = {} if start_s is None else {"anticipation": start_s}
        try:
            load = await asyncio.to_thread(self._loader, capabilities.where)
        except (ConfigError, EnvironmentMissing) as error:
            raise RefusedError(str(error), FailureCode.MODEL_LOAD) from error
        await asyncio.to_thread(self._replace, load, capabilities.fit, _LOAD_S)
        self.capabilities, table = capabilities, capabilities.table()
        changed = self._store.use_table(table, begin)
        for player in range(1, MAX_PLAYERS + 1):
            self._note(player, self._store.controls)
        for use in self._use_table:
            use(table)
        return {f"{ROOT}/{key}": text for key, text in changed.items()}

    async def _change(self, name: str | None = None) -> Sequence[Reply]:
        if name is None:
            return [("model", (self.capabilities.name,))]
        changed = await self.change(name)
        notices = [
            ("fail", (address, FailureCode.CLAMPED, text)) for address, text in changed.items()
        ]
        return [*notices, done("model", self.capabilities.name)]

    async def _list(self) -> Sequence[Reply]:
        names = await asyncio.to_thread(live_names)
        replies: list[Reply] = [
            ("model/list", (number, name)) for number, name in enumerate(names)
        ]
        return [*replies, done("model/list", len(names))]
