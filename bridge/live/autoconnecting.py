"""Keeps our wires on the audio server: by rule, as remembered, and on command."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from bridge.audio.autoconnect import AutoConnector, PortGraph, connections_toml
from bridge.common.atomic_files import write_user_file
from bridge.common.errors import BridgeError
from bridge.controls.parameters import ROOT
from bridge.controls.target import CommandHandler, Reply

__all__ = ["Patchbay", "Wiring"]

logger = logging.getLogger(__name__)


class Patchbay(Protocol):
    """The audio server, as far as wires go."""

    def graph(self) -> PortGraph:
        """Return ports and our wires; empty while there is no server. May take a while."""

    async def connect(self, source: str, destination: str) -> None:
        """Make a wire."""


class Wiring:
    """Looks at the graph now and then and makes the wires that are due.

    Args:
        patchbay: Where wires are made.
        keeper: Says which.
        wanted: Whether wires are to be made at all, right now.
        file: Where wires are remembered from run to run.
    """

    def __init__(
        self,
        patchbay: Patchbay,
        keeper: AutoConnector,
        wanted: Callable[[], bool],
        file: Path,
    ) -> None:
        self._patchbay = patchbay
        self._keeper = keeper
        self._wanted = wanted
        self._file = file
        self._kept = keeper.remembered
        self.commands: Mapping[str, CommandHandler] = {
            "jack/graph": self._tell,
            "jack/restore": self._restore,
        }
        """For ``ControlTarget.commands``."""

    async def look(self) -> None:
        """Make what is due, and remember what there is."""
        try:
            graph = await asyncio.to_thread(self._patchbay.graph)
        except BridgeError as error:  # the server is going; the next look will know
            logger.debug("wires: %s", error)
            return
        due = self._keeper.due(graph)
        if self._wanted():
            await self._make(due)
        if self._keeper.remembered != self._kept:
            self._kept = self._keeper.remembered
            try:
                await asyncio.to_thread(
                    write_user_file, self._file, connections_toml(self._kept)
                )
            except BridgeError as error:
                logger.warning("wires: %s", error)

    async def _make(self, wires: Sequence[tuple[str, str]]) -> int:
        made = 0
        for source, destination in wires:
            try:
                await self._patchbay.connect(source, destination)
            except BridgeError as error:
                logger.warning("wires: %s", error)
            else:
                logger.info("connected %s to %s", source, destination)
                made += 1
        return made

    async def _tell(self) -> Sequence[Reply]:
        graph = await asyncio.to_thread(self._patchbay.graph)
        told: list[Reply] = [("jack/graph", wire) for wire in sorted(graph.connections)]
        return [*told, ("done", (f"{ROOT}/jack/graph", len(told)))]

    async def _restore(self) -> Sequence[Reply]:
        graph = await asyncio.to_thread(self._patchbay.graph)
        made = await self._make(self._keeper.missing(graph))
        return [("done", (f"{ROOT}/jack/restore", made))]
