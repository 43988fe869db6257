"""One hop of every player's stem, as passed from the scheduler to rings and files."""

from dataclasses import dataclass

from bridge.protocols import BandAudio

__all__ = ["StemHop"]


@dataclass(frozen=True, slots=True)
class StemHop:
    """One hop of every stem, and its position."""

    position: int
    """First frame, at the host's rate, counted from the epoch."""
    audio: BandAudio
    """At the host's rate; ``(players, hop)``, less where it would begin before the epoch."""
    players: tuple[int, ...]
    """Player of each row: those who play, and those who were removed and fade out here."""
