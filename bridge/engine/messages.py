"""What the control process and the engine process say to each other over their pipe."""

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

    from bridge.protocols import BandAudio

__all__ = [
    "Applied",
    "BankAction",
    "Begin",
    "CaughtUp",
    "Command",
    "CorrectBeat",
    "Failed",
    "FilledBanks",
    "LoadBank",
    "Loading",
    "ModelLoaded",
    "OutputReleased",
    "PendingNames",
    "Ready",
    "ReleaseOutput",
    "Reply",
    "Request",
    "Reset",
    "SetConditions",
    "SetTimekeeping",
    "Stop",
    "TakeOver",
    "UseBank",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Begin:
    """Rehearse, and play. The first command of all. Answered by ``ModelLoaded`` and ``Ready``."""

    share_name: str
    """Of the share to play into."""
    conditions: tuple[Conditions, ...]
    """What each player plays first, from player 1 on."""
    banks: Path | None = None
    """Folder of the banks that outlive the process."""
    standby: bool = False
    """Whether another engine is heard: it plays along, tells that it is ``CaughtUp``, and is
    ``Ready`` once it took over."""


@dataclass(frozen=True, slots=True)
class SetConditions:
    """Play this from the next hop on. Answered by ``Applied`` or ``Failed``."""

    id: int
    """Chosen by the sender; comes back in the answer."""
    conditions: Conditions
    """All of them, not only what changed."""
    asked: frozenset[str] | None = None
    """Fields that wait for ``grid``; None for all."""
    grid: QuantizeGrid = QuantizeGrid.OFF
    """What they wait for; ``Applied`` is answered at once, and ``PendingNames`` tells the rest."""
    player: int = 1
    """Whose they are; one not known yet may be switched on from then on."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Forget what was heard, from the next hop on. Answered by ``Applied``."""

    id: int
    """Chosen by the sender; comes back in the answer."""
    grid: QuantizeGrid = QuantizeGrid.OFF
    """What it waits for."""
    bank: int = 0
    """What is remembered afterwards; 0 for nothing."""


class BankAction(StrEnum):
    """What can be done with a bank."""

    STORE = "store"
    RECALL = "recall"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class UseBank:
    """Keep what was heard, or remember what was kept. Answered by ``Applied`` or ``Failed``."""

    id: int
    """Chosen by the sender; comes back in the answer."""
    act: BankAction
    bank: int
    """1..8."""


@dataclass(frozen=True, slots=True)
class LoadBank:
    """Fill a bank from its file. Answered by ``Applied`` or ``Failed``."""

    id: int
    """Chosen by the sender; comes back in the answer."""
    bank: int | None = None
    """1..8; ``None`` to hold exactly what there are files of."""


@dataclass(frozen=True, slots=True)
class SetTimekeeping:
    """Take the beat from here from the next hop on. Answered by ``Applied``."""

    id: int
    """Chosen by the sender; comes back in the answer."""
    time: Timekeeping
    """Its tempo map has absolute frames, of the host or of its transport."""


@dataclass(frozen=True, slots=True)
class CorrectBeat:
    """Have the beat tracker take a player's word. Answered by ``Applied`` or ``Failed``."""

    id: int
    """Chosen by the sender; comes back in the answer."""
    correction: BeatCorrection


@dataclass(frozen=True, slots=True)
class ReleaseOutput:
    """Hand the next hop on instead of writing it, and end. Answered by ``OutputReleased``."""


@dataclass(frozen=True, slots=True)
class OutputReleased:
    """The engine that was heard writes no more."""

    generation: int
    """Of the hop grid it played on."""
    position: int = 0
    """Absolute frame at which its last hop begins."""
    audio: BandAudio | None = None
    """The last hop, which nobody has heard; ``None`` where none came in time."""
    players: tuple[int, ...] = ()
    """Whose its rows are."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Be heard from now on. Answered by ``Ready``."""

    last: OutputReleased | None
    """What the other engine left to cross over from; ``None`` where it died."""


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """The engine that waits plays along with the one that is heard."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the process. Not answered."""


@dataclass(frozen=True, slots=True)
class Loading:
    """The process runs and reads the checkpoint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelLoaded:
    """The model is loaded and rehearses; what it can be asked for is known."""

    sample_rate: int
    """Frames per second inside the model."""
    hop: int
    """Frames per model step."""
    overlap: int
    """Frames by which its decoder trails."""
    stems: tuple[str, ...]
    """Stem classes it can play."""
    anticipations: tuple[int, ...]
    """Anticipations it can play with, in hops, ascending."""
    conditions: tuple[Conditions, ...]
    """What each player will play first, from player 1 on."""
    likely_grooves: LikelyGrooves = field(default_factory=dict)
    """What ``auto`` chooses from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """It plays from the next hop on."""

    seconds: float
    """From the process's first line to here."""
    real_time_factor: float
    """Median step of the warm-up over the hop; 1 and above cannot keep up."""
    priority: str
    """What the scheduler granted, in words."""
    advice: str = ""
    """How to get a better one; empty if there is none."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A command is in force."""

    id: int
    """Of the command."""


@dataclass(frozen=True, slots=True)
class PendingNames:
    """What waits for the beat has changed. Nobody asked for this."""

    names: frozenset[str]
    """Fields of the conditions, and ``reset``."""


@dataclass(frozen=True, slots=True)
class FilledBanks:
    """Which banks hold something has changed. Nobody asked for this."""

    banks: frozenset[int]
    """Their numbers."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A command was refused and changed nothing, or the engine could not start."""

    text: str
    """What was expected, what came, what to do."""
    id: int | None = None
    """Of the command; ``None`` where the engine itself could not start or go on."""
    kind: type[BridgeError] = EngineError
    """What to raise on this side: tells a wrong setting from a missing file."""
    code: int | None = None
    """OSC failure code, where it is not the one of the kind of error."""

    def error(self) -> BridgeError:
        """Return what to raise on this side."""
        return self.kind(self.text, self.code)


Request = SetConditions | Reset | UseBank | LoadBank | SetTimekeeping | CorrectBeat
"""What is answered."""
Command = Request | ReleaseOutput | TakeOver | Stop
Reply = (
    Loading
    | ModelLoaded
    | CaughtUp
    | Ready
    | Applied
    | PendingNames
    | FilledBanks
    | OutputReleased
    | Failed
)
