"""Messages between the control process and the engine process, sent over their pipe."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bridge.common.errors import BridgeError, EngineError
from bridge.controls.beat_tracking import BeatCorrection
from bridge.tempo import QuantizeGrid, Timekeeping
from model.formats.conditions import Conditions, LikelyGrooves

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.stream.stem_hop import StemHop

__all__ = [
    "Answer",
    "Applied",
    "BankAction",
    "Begin",
    "CaughtUp",
    "Command",
    "CorrectBeat",
    "Failed",
    "LoadBank",
    "Loading",
    "ModelLoaded",
    "OutputReleased",
    "Ready",
    "ReleaseOutput",
    "Reply",
    "Request",
    "Reset",
    "SchedulerState",
    "SetConditions",
    "SetGrid",
    "SetTimekeeping",
    "Settled",
    "Stop",
    "TakeOver",
    "UseBank",
    "Waiting",
]


# -- from the control process to the engine --------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Begin:
    """First command: warm up, then play. Answered by ``ModelLoaded`` and ``Ready``."""

    share_name: str
    """Name of the share to play into."""
    conditions: tuple[Conditions, ...]
    """Conditions of each player, from player 1 on."""
    banks: Path | None = None
    """Folder of the bank files, which outlive the process; None for none."""
    standby: bool = False
    """Whether another engine is active: this one plays along without being heard, answers
    ``CaughtUp``, and is ``Ready`` once it has taken over."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command that is answered by ``Applied``, ``Waiting`` or ``Failed``."""

    id: int
    """Chosen by the sender; repeated in the answer."""


@dataclass(frozen=True, slots=True)
class SetConditions(Request):
    """Set the conditions of a player from the next hop on."""

    conditions: Conditions
    """All of them, not only what changed."""
    asked: frozenset[str] | None = None
    """Fields that wait for ``grid``; None for all."""
    grid: QuantizeGrid = QuantizeGrid.OFF
    """The line they wait for. If they do, ``Waiting`` is answered, and ``Settled`` follows."""
    player: int = 1
    """Number of the player; a new one may be switched on from then on."""


@dataclass(frozen=True, slots=True)
class Reset(Request):
    """Clear the memory of model and beat tracker."""

    grid: QuantizeGrid = QuantizeGrid.OFF
    """The line the reset waits for."""
    bank: int = 0
    """Bank that is recalled instead; 0 for none."""


@dataclass(frozen=True, slots=True)
class SetGrid(Request):
    """Let everything that waits wait for another line."""

    grid: QuantizeGrid
    """``OFF`` and ``HOP`` are met by the next hop."""


class BankAction(StrEnum):
    """Operations on a bank."""

    STORE = "store"
    RECALL = "recall"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class UseBank(Request):
    """Store the present state in a bank, recall one, or clear it."""

    action: BankAction
    bank: int
    """1..8."""


@dataclass(frozen=True, slots=True)
class LoadBank(Request):
    """Load a bank from its file."""

    bank: int | None = None
    """1..8; None to make all banks agree with the files."""


@dataclass(frozen=True, slots=True)
class SetTimekeeping(Request):
    """Set the source of the beat from the next hop on."""

    time: Timekeeping
    """Its tempo map has absolute frames, of the host or of its transport."""


@dataclass(frozen=True, slots=True)
class CorrectBeat(Request):
    """Correct the beat tracker."""

    correction: BeatCorrection


@dataclass(frozen=True, slots=True)
class ReleaseOutput:
    """Pass the next hop on instead of writing it, then end. Answered by ``OutputReleased``."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Become the active engine. Answered by ``Ready``."""

    last: OutputReleased | None
    """Last output of the other engine, to crossfade from; None where it died."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the process. Not answered."""


# -- from the engine to the control process --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loading:
    """The process runs and loads the model."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelLoaded:
    """The model is loaded and warms up; its capabilities are known."""

    sample_rate: int
    """Frames per second inside the model."""
    hop: int
    """Frames per model step."""
    overlap: int
    """Frames by which the decoder's output trails."""
    stems: tuple[str, ...]
    """Stem classes it can play."""
    anticipations: tuple[int, ...]
    """Anticipations it can play with, in hops, ascending."""
    conditions: tuple[Conditions, ...]
    """Conditions each player starts with, from player 1 on."""
    likely_grooves: LikelyGrooves = field(default_factory=dict)
    """Grooves that ``auto`` chooses from."""


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """The standby engine has caught up with the active one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """The engine is active and plays from the next hop on."""

    seconds: float
    """Time since the process started."""
    real_time_factor: float
    """Median step time of the warm-up over the hop; at 1 and above it cannot keep up."""
    priority: str
    """Scheduling priority granted by the system, in words."""
    first_host_change: int = 0
    """Number of the first change by the host program that it applies by itself."""
    advice: tuple[str, ...] = ()
    """How to get a better priority, and memory that is never paged out; empty with both."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A request was carried out."""

    id: int
    """Of the request."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request was taken; parts of it wait for a line, and ``Settled`` follows for each."""

    id: int
    """Of the request."""
    names: frozenset[str]
    """The parts: fields of the conditions, or ``reset``."""
    within_s: float
    """Longest time until they are heard at the present tempo, in seconds of music."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A part of a request waits no longer."""

    id: int
    """Of the request."""
    name: str
    """The part."""
    superseded: bool
    """Whether a later request took its place; otherwise it is heard from now on."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A request was refused and changed nothing, or the engine could not start."""

    text: str
    """The message: what was expected, what came, what to do."""
    id: int | None = None
    """Of the request; None where the engine itself could not start or go on."""
    kind: type[BridgeError] = EngineError
    """Class of error to raise in the control process."""
    code: int | None = None
    """OSC failure code, where the error carries one of its own."""

    def error(self) -> BridgeError:
        """Return the error to raise in the control process."""
        return self.kind(self.text, *(() if self.code is None else (self.code,)))


@dataclass(frozen=True, slots=True)
class SchedulerState:
    """Pending changes and filled banks; sent unasked whenever one of them has changed."""

    waiting: frozenset[str] = frozenset()
    """Names of changes that wait for the beat: fields of the conditions, and ``reset``."""
    banks: frozenset[int] = frozenset()
    """Numbers of the banks that hold something."""


@dataclass(frozen=True, slots=True)
class OutputReleased:
    """The engine that was active writes no more."""

    generation: int
    """Of the hop grid it played on."""
    last: StemHop | None = None
    """Its last hop, not heard yet, at its absolute frame; None where none came in time."""


Answer = Applied | Waiting | Failed
Command = Request | ReleaseOutput | TakeOver | Stop
Reply = (
    Loading
    | ModelLoaded
    | CaughtUp
    | Ready
    | Answer
    | Settled
    | SchedulerState
    | OutputReleased
)
