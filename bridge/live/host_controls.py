"""Controls moved by a host program, taken into the control store, and values told back to it.

What the host's automation moves is in force already when it gets here: the audio callback and
the engine have taken it at its frame. So the store only shows it. What the host moved before
they could, as when a project is opened, is put into force as if a control surface had sent it.
"""

import asyncio
import logging
from collections.abc import Callable

from bridge.audio.shared.counters import EngineState
from bridge.audio.shared.host_program import HostChange
from bridge.audio.shared.share import AudioShare
from bridge.common.background import BackgroundTasks, TaskErrors
from bridge.common.errors import ParameterError
from bridge.common.refusal_log import RefusalLog
from bridge.controls.controls import coerce
from bridge.controls.host_values import host_number, host_value
from bridge.controls.parameters import MAX_PLAYERS, PARAMETERS, Kind, Parameter, Value
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.engine.host_follower import HOST_CONDITIONS
from bridge.engine.supervisor import Supervisor
from bridge.live.players import Players
from bridge.tempo import QuantizeGrid

__all__ = ["HostControls"]

logger = logging.getLogger(__name__)

_INTERVAL_S = 0.01
_CALLBACKS = frozenset({"bypass", "mute", "enable", "listen", "gain/in", "gain/out"})
"""Controls that the plugin puts into force itself, as ``plugins/core/instance.c`` has it."""
_REFUSED = "%s of the host is refused: %s"
_PACE = "pace"
"""Kind of refusal where changes come too fast."""
_BY_CC = {row.cc: row for row in PARAMETERS if row.kind is Kind.TRIGGER}


class HostControls:
    """Keeps the control store and a host program in agreement.

    Args:
        share: Where host and program tell each other.
        store: Controls of all surfaces, with their first values in force.
        players: Put controls into force.
        supervisor: Owner of the engine.
        checkpoint: Returns the name of the checkpoint that plays.
        errors: Told what goes wrong.
    """

    def __init__(
        self,
        share: AudioShare,
        store: ControlStore,
        players: Players,
        supervisor: Supervisor,
        checkpoint: Callable[[], str],
        errors: TaskErrors,
    ) -> None:
        self._share, self._store = share, store
        self._players, self._supervisor = players, supervisor
        self._checkpoint, self._told = checkpoint, ""
        self._changes = BackgroundTasks(errors)
        self._kept = share.change_count
        self._next = share.oldest_change
        self._moved: dict[ControlKey, Value] = {}
        self._refusals = RefusalLog(logger)
        store.follow(self._tell)

    async def run(self) -> None:
        """Follow the host until cancelled."""
        try:
            while True:
                with self._changes.errors.caught("host controls"):
                    await self._update()
                await asyncio.sleep(_INTERVAL_S)
        finally:
            await self._changes.close()

    async def _update(self) -> None:
        lost = 0
        while self._next < self._share.change_count:
            index, self._next = self._next, self._next + 1
            change = self._share.change(index)
            if change is None:
                lost += 1
            else:
                self._take(index, change)
        self._tell_lost(lost)
        self._send_moved()
        if not self._share.settled and self._supervisor.status.state is EngineState.LIVE:
            await self._settle()
        if self._checkpoint() != self._told and self._share.settled:
            self._tell_all()

    def _tell_lost(self, lost: int) -> None:
        if not lost:
            self._refusals.accept(_PACE)
            return
        text = "the host moves controls faster than they can be followed; %d changes are lost"
        self._refusals.refuse(_PACE, text, lost)

    async def _settle(self) -> None:
        """Tell the host that all it has asked for is in force."""
        await self._changes.finish()
        grid = QuantizeGrid(self._store.controls.text("quantize"))
        await asyncio.wrap_future(self._supervisor.requantize(grid))  # what was sent is taken
        self._tell_all()
        self._share.settled = self._next == self._share.change_count

    def _take(self, index: int, change: HostChange) -> None:
        if change.cc is not None:
            self._fire(index, change.player, _BY_CC.get(change.cc))
            return
        row = PARAMETERS.by_number.get(change.number or 0)
        if row is None or (change.player > 1 and not row.each):
            return
        key = ControlKey(change.player, row.name)
        try:
            asked = host_value(row, change.value, self._offered(row))
            value = coerce(self._store.controls.table[row.name], asked)
        except ParameterError as error:
            self._refusals.refuse(key, _REFUSED, key, error)
            return
        if self._is_in_force(index, row.name):
            self._refusals.accept(key)
            self._store.adopt({key: value.value})
            self._players.adopt(change.player, self._store.controls)
        else:
            self._moved[key] = value.value

    def _fire(self, index: int, player: int, row: Parameter | None) -> None:
        if row is None or (row.name == "reset" and self._is_engines(index)):
            return
        self._send_moved()
        key = ControlKey(player if row.each else 1, row.name)
        self._changes.start("host controls", self._store.fire(key))

    def _send_moved(self) -> None:
        moved, self._moved = self._moved, {}
        if moved:
            self._changes.start("host controls", self._hand_over(moved))

    async def _hand_over(self, moved: dict[ControlKey, Value]) -> None:
        refused = await self._store.hand_over(moved)
        for key in moved:
            if key in refused:
                self._refusals.refuse(key, _REFUSED, key, refused[key])
            else:
                self._refusals.accept(key)

    def _is_in_force(self, index: int, name: str) -> bool:
        if name in _CALLBACKS:
            return index >= self._kept
        return name in HOST_CONDITIONS and self._is_engines(index)

    def _is_engines(self, index: int) -> bool:
        """Return whether the engine takes a change by itself."""
        ready = self._supervisor.status.ready
        return ready is not None and index >= ready.first_host_change

    # -- values for the host's projects -----------------------------------------------------

    def _tell(self, key: ControlKey) -> None:
        row = self._store.controls.table[key.name]
        if row.number is not None:
            known = PARAMETERS[row.name]
            number = host_number(known, self._store.value(key), row.choices)
            self._share.tell_value(key.player, row.number, number)

    def _tell_all(self) -> None:
        for key in self._store.controls.table.control_keys(MAX_PLAYERS):
            self._tell(key)
        self._told = self._checkpoint()
        self._share.tell_checkpoint(self._told)

    def _offered(self, row: Parameter) -> tuple[Value, ...]:
        """Return the choices of a control that the checkpoint has."""
        return self._store.controls.table[row.name].choices
