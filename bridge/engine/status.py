"""Snapshot of the state of the engine process."""

from dataclasses import dataclass

from bridge.audio.shared.counters import EngineState
from bridge.engine.messages import ModelLoaded, Ready

__all__ = ["EngineStatus"]


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineStatus:
    """State of the engine process, as the control process knows it."""

    state: EngineState = EngineState.ABSENT
    reason: str = ""
    """Why no engine runs, in one line; empty while one runs."""
    restarts: int = 0
    ended: int = 0
    """Engines that ended, for whatever reason."""
    last_reason: str = ""
    """Why the last of them ended; kept when the next one plays."""
    pid: int | None = None
    model: ModelLoaded | None = None
    """Capabilities of the newest engine's model."""
    ready: Ready | None = None
    """Report of the engine when it became active."""
    waiting: frozenset[str] = frozenset()
    """Names of changes that wait for the beat: fields of the conditions, and ``reset``."""
    banks: frozenset[int] = frozenset()
    """Banks that hold something."""
