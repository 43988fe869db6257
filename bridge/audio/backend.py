"""What every way to a sound card has in common."""

from typing import Protocol

from bridge.audio.shared.share import AudioShare

__all__ = ["AudioBackend"]


class AudioBackend(Protocol):
    """What every way to a sound card has in common."""

    @property
    def name(self) -> str:
        """What other programs know it by."""

    @property
    def rate(self) -> int:
        """Frames per second."""

    @property
    def offline(self) -> bool:
        """Whether it has stopped by itself."""

    def start(self, share: AudioShare) -> None:
        """Run the native callback on a share, for as many players as the share has."""

    def seat(self, player: int) -> None:
        """Give a player that joins outputs, while it runs; one that has them is fine."""

    def close(self) -> None:
        """Stop."""
