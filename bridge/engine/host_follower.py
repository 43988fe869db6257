"""Control changes and tempo of a host program, followed by the engine hop by hop.

Both come through shared memory with the frame that they hold from, and count from the hop of
the mix that holds this frame, however early or late the engine gets there: so automation and
transport land on the same hop live, in freewheel and in every repetition of an export.
"""

import logging
from dataclasses import replace
from typing import Any

from bridge.audio.shared.host_program import HostChange
from bridge.audio.shared.share import AudioShare
from bridge.common.errors import BridgeError
from bridge.common.latency import HOPS_PER_SECOND
from bridge.common.refusal_log import RefusalLog
from bridge.controls.host_values import host_value
from bridge.controls.parameters import PARAMETERS, Parameter, Value
from bridge.stream.hop_scheduler import HopScheduler
from bridge.tempo import Timekeeping

__all__ = ["HOST_CONDITIONS", "HostFollower"]

logger = logging.getLogger(__name__)

HOST_CONDITIONS = frozenset({"stem", "anticipation", "noise", "groove", "freeze"})
"""Controls that the engine takes from the host by itself; ``reset`` is the one trigger."""
_RESET_CC = PARAMETERS["reset"].cc
_PACE = "pace"
"""Kind of refusal where changes come too fast."""


class HostFollower:
    """Applies what the host program tells to a scheduler.

    Args:
        share: Where the host tells it.
        scheduler: Asked to play accordingly.
    """

    def __init__(self, share: AudioShare, scheduler: HopScheduler) -> None:
        self._share, self._scheduler = share, scheduler
        self._refusals = RefusalLog(logger)
        self.first_change = self._next = share.change_count
        """Number of the first change that is applied here; those before it are the control
        process's to pass on."""
        self.timekeeping = Timekeeping()
        """Source of the beat as the control process chose it; its frames are absolute."""

    def apply_changes(self, end: int) -> None:
        """Apply every change logged for a frame before ``end``, in their order.

        Args:
            end: Absolute frame; the mix is written up to it, so all of them are logged.
        """
        while self._next < self._share.change_count:
            change = self._share.change(self._next)
            if change is not None and change.frame >= end:
                return
            self._next += 1
            if change is None:
                text = "the host moves controls faster than the engine can follow"
                self._refusals.refuse(_PACE, text)
            else:
                self._refusals.accept(_PACE)
                self._apply(change)

    def _apply(self, change: HostChange) -> None:
        if change.cc is not None and change.cc == _RESET_CC:
            self._scheduler.reset()
        if change.number is None or change.player not in self._scheduler.known:
            return
        row = PARAMETERS.by_number.get(change.number)
        if row is None or row.name not in HOST_CONDITIONS:
            return
        kind = (change.player, row.name)
        wanted = self._scheduler.changes.wanted(change.player)
        try:
            asked = self._condition(row, change.value)
            self._scheduler.condition(
                replace(wanted, **asked), player=change.player, asked=frozenset(asked)
            )
        except BridgeError as error:
            text = "the host's automation of %s is refused: %s"
            self._refusals.refuse(kind, text, row.name, error)
        else:
            self._refusals.accept(kind)

    def _condition(self, row: Parameter, number: float) -> dict[str, Any]:
        """Return the field of the conditions that a control is, with its value.

        Raises:
            ParameterError: It is no finite number.
        """
        value = host_value(row, number, self._offered(row))
        if row.name == "anticipation":
            return {"anticipation_hops": round(float(value) * HOPS_PER_SECOND)}
        return {row.name: value}

    def _offered(self, row: Parameter) -> tuple[Value, ...]:
        """Return the choices of a control that the model has."""
        model = self._scheduler.model
        match row.name:
            case "stem":
                return model.stems
            case "groove":
                return model.grooves
            case "anticipation":
                return tuple(hops / HOPS_PER_SECOND for hops in model.anticipations)
        return ()

    def timekeeping_of(self, epoch: int, end: int) -> Timekeeping:
        """Return the source of the beat, its frames counted from the epoch.

        Args:
            epoch: Absolute frame of hop 0.
            end: Absolute frame up to which the mix is heard.
        """
        chosen, tempo = self.timekeeping, self.timekeeping.tempo
        if chosen.use_host and (tempo is None or tempo.on_transport or not tempo.rolling):
            told = self._share.host_tempo(end)
            if told is not None and (told.rolling or tempo is None or tempo.on_transport):
                return replace(chosen, tempo=told.moved(-epoch))
        if tempo is None:
            return chosen
        here = tempo.moved(-epoch)
        if tempo.on_transport:
            ahead = self._share.transport_offset
            here = replace(here.moved(-ahead.frames), rolling=ahead.rolling)
        return replace(chosen, tempo=here)
