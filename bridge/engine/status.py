"""What is known of the engine process, as one snapshot."""

from dataclasses import dataclass

from bridge.audio.shared.counters import EngineState
from bridge.engine.messages import ModelLoaded, Ready

__all__ = ["EngineStatus"]


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineStatus:
    """What is known of the engine process."""

    state: EngineState = EngineState.ABSENT
    reason: str = ""
    """Why there is no engine, in one line; empty while there is one."""
    restarts: int = 0
    deaths: int = 0
    """Engines that ended, for whatever reason."""
    last_words: str = ""
    """Why the last of them did; kept when the next one plays."""
    pid: int | None = None
    model: ModelLoaded | None = None
    """What the newest engine told about its model."""
    ready: Ready | None = None
    """What it told when it went live."""
    waiting: frozenset[str] = frozenset()
    """What waits for the beat: fields of the conditions, and ``reset``."""
    banks: frozenset[int] = frozenset()
    """Banks that hold something."""
