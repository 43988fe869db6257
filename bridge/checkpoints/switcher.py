"""Which checkpoints there are, which one plays, and how another is put in its place."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from bridge.checkpoints.catalogue import live_names, named_capabilities
from bridge.common.errors import ConfigError, EnvironmentMissing, FailureCode, RefusedError
from bridge.controls.capabilities import ModelCapabilities
from bridge.controls.controls import Controls
from bridge.controls.parameters import MAX_PLAYERS, ROOT, Table
from bridge.controls.store import ControlStore
from bridge.controls.target import CommandHandler, Reply
from bridge.engine.loader import ModelLoader
from bridge.engine.messages import ModelLoaded
from bridge.protocols import Conditions

__all__ = ["ModelSwitcher"]

_LOAD_S = 120.0
"""Longest wait for a model to be ready, on a slow disk."""

Replace = Callable[[ModelLoader, Callable[[Conditions], Conditions], float], ModelLoaded]
"""What ``Supervisor.replace`` is."""


class ModelSwitcher:
    """Carries out ``model`` and ``model/list``, and tells ``model/info``.

    Args:
        store: Gets the choices of the model that plays.
        offer: What the model offers that plays first.
        loader: Makes a loader of where a checkpoint is; what it refuses is refused.
        replace: Has another engine take over; waits for it.
        note: Told of every player's controls that have changed by it.
        retable: Called with the new table, for whoever else keeps to its choices.
    """

    def __init__(
        self,
        store: ControlStore,
        offer: ModelCapabilities,
        loader: Callable[[str], ModelLoader],
        replace: Replace,
        note: Callable[[int, Controls], None],
        retable: Sequence[Callable[[Table], None]] = (),
    ) -> None:
        self._store = store
        self._offer = offer
        self._loader = loader
        self._replace = replace
        self._note = note
        self._retable = retable
        self.commands: Mapping[str, CommandHandler] = {
            "model": self._change,
            "model/list": self._list,
        }
        """For ``ControlTarget.commands``."""

    @property
    def offer(self) -> ModelCapabilities:
        """What the model that plays can be asked for."""
        return self._offer

    async def change(self, name: str) -> Mapping[str, str]:
        """Have the checkpoint of a name play; return once it does.

        ``NAME-1s`` begins 1 s ahead, else the anticipation in force is kept. A stem, groove
        or anticipation that it does not have becomes its default or nearest.

        Returns:
            What became of those, in words, by address.

        Raises:
            RefusedError: Code 30, there is none or it cannot play; 6, another is on its way.
                The old one goes on playing.
        """
        offer = await asyncio.to_thread(named_capabilities, name)
        begin = {} if offer.begins_s is None else {"anticipation": offer.begins_s}
        try:
            load = await asyncio.to_thread(self._loader, offer.where)
        except (ConfigError, EnvironmentMissing) as error:
            raise RefusedError(str(error), FailureCode.MODEL_LOAD) from error
        await asyncio.to_thread(self._replace, load, offer.fit, _LOAD_S)
        self._offer, table, said = offer, offer.table(), {}
        for key, text in self._store.retable(table, begin).items():
            said[f"{ROOT}/{key}"] = text
        for player in range(1, MAX_PLAYERS + 1):
            self._note(player, self._store.controls)
        for retable in self._retable:
            retable(table)
        return said

    async def _change(self, name: str | None = None) -> Sequence[Reply]:
        if name is None:
            return [("model", (self._offer.name,))]
        said = await self.change(name)
        notices = [
            ("fail", (address, FailureCode.CLAMPED, text)) for address, text in said.items()
        ]
        return [*notices, ("done", (f"{ROOT}/model", self._offer.name))]

    async def _list(self) -> Sequence[Reply]:
        names = await asyncio.to_thread(live_names)
        told: list[Reply] = [
            ("model/list", (number, name)) for number, name in enumerate(names)
        ]
        return [*told, ("done", (f"{ROOT}/model/list", len(names)))]
