"""What the control process and the engine process say to each other over their pipe."""

from dataclasses import dataclass

from bridge.errors import BridgeError, EngineError
from bridge.protocols import Conditions

__all__ = [
    "Applied",
    "Command",
    "Failed",
    "Loading",
    "Ready",
    "Reply",
    "Reset",
    "SetConditions",
    "Stop",
    "Warming",
]


@dataclass(frozen=True, slots=True)
class SetConditions:
    """Play this from the next hop on. Answered by ``Applied`` or ``Failed``."""

    id: int
    """Chosen by the sender; comes back in the answer."""
    conditions: Conditions
    """All of them, not only what changed."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Forget what was heard, from the next hop on. Answered by ``Applied``."""

    id: int
    """Chosen by the sender; comes back in the answer."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the process. Not answered."""


@dataclass(frozen=True, slots=True)
class Loading:
    """The process runs and reads the checkpoint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Warming:
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
    conditions: Conditions
    """What it will play first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """It plays from the next hop on."""

    seconds: float
    """From the process's first line to here."""
    real_time_factor: float
    """Median step of the warm-up over the hop; 1 and above cannot keep up."""
    priority: str
    """What the scheduler granted, in words."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A command is in force."""

    id: int
    """Of the command."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A command was refused and changed nothing, or the engine could not start."""

    text: str
    """What was expected, what came, what to do."""
    id: int | None = None
    """Of the command; ``None`` where the engine itself could not start or go on."""
    kind: type[BridgeError] = EngineError
    """What to raise on this side: tells a wrong setting from a missing file."""


Command = SetConditions | Reset | Stop
Reply = Loading | Warming | Ready | Applied | Failed
